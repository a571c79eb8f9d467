"""Who may do what in the selection, and why not."""
