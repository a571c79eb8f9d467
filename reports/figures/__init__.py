"""From the data of a paper to the descriptions of its charts."""
