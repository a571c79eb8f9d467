"""The chapters of the demo street's story, in the order of the cycle."""
