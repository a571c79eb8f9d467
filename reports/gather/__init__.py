"""From the database to what a paper says: a fixed handful of queries each, no pandas, nothing written."""
