"""Reads of the portal: it may look into every stage, and changes none."""
