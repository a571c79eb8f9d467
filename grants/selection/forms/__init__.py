"""Shapes and wording of the forms of the selection."""
