"""The papers themselves: one frozen dataclass each, everything in it, and the function that prints it."""
