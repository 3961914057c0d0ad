"""How often a star repeats itself, over all nights it was measured in."""
