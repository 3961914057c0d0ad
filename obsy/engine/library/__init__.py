"""Which calibration masters the lights need, which there are, and which of them fit."""
