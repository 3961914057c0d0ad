"""Devices behind an INDI server: what they say, with the time they said it."""
