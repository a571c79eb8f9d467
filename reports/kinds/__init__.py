"""The kinds of papers by what they are about; reports.catalogue puts them together."""
