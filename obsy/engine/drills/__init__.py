"""Drills: what may befall an observatory, rehearsed, and judged by what the hardware truly did."""
