"""Drills of a roof that is real, by day: whether one may be, its guard and its night, and what is done to them."""
