"""Drills: what may befall an observatory, rehearsed, and judged by what the hardware truly did."""

from pathlib import Path

SHIPPED = Path(__file__).parent / "scenarios"
EVERY = "all"
"""In the place of a name: every drill that ships."""
