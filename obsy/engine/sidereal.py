"""How the sky turns: mean sidereal time, as the Earth turns under the stars.

Source: Meeus, Astronomical Algorithms, 12.4, without its terms of 0.1 s a century; nutation (1.2 s) is left out.
"""

DEGREES_PER_DAY = 360.98564736629
"""By so much an hour angle grows in a day of UT."""
DEGREES_PER_S = DEGREES_PER_DAY / 86400
HOURS_PER_S = DEGREES_PER_S / 15
ARCSEC_PER_S = DEGREES_PER_S * 3600
"""How fast stars at the equator move."""
DAY_H = 24 * 360 / DEGREES_PER_DAY
"""Until a star stands there again."""


def greenwich_deg(days: float) -> float:
    """Return the sidereal time of Greenwich, 0 to 360 degrees, so many days of UT after 2000-01-01 12:00."""
    return (280.46061837 + DEGREES_PER_DAY * days) % 360
