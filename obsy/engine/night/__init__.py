"""The night as a table: a pure supervisor that decides, and activities that act."""
