"""English editions of papers: the same figures, labels from the English catalogue, people's own words as given."""
