"""Real ports joined to the engine: the one place that chooses."""
