"""A satellite for tests that passes over Nerpio in the evening of 2026-11-21, high and lit by the Sun; made up."""

from obsy.schemas.site import Location

TLE = (
    "1 99001U 26001A   26325.00000000  .00000000  00000-0  00000-0 0  9996",
    "2 99001  65.0000 180.0000 0010000   0.0000   0.0000 13.70000000    14",
)
OVER = Location(38.16, -2.33, 1650.0)
