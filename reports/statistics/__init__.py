"""Pages of figures over all rounds; whoever opens one is the first to load pandas."""
