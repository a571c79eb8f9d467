"""Tables of papers: plain rows summed with pandas, checked to the 分, and turned into cells of text."""
