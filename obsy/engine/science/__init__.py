"""What the stars of frames say: magnitudes, transits, and the reports that others take."""
