"""How far apart two directions are; for many at once there is astropy's, in the rooms that have it."""

from math import asin, cos, degrees, radians, sin, sqrt


def separation_deg(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the angle between two directions (longitude, latitude), degrees.

    Source: the haversine formula, R. W. Sinnott, Sky & Telescope 68, 158 (1984).
    """
    (a, b), (c, d) = ((radians(x), radians(y)) for x, y in (one, other))
    half = sin((d - b) / 2) ** 2 + cos(b) * cos(d) * sin((c - a) / 2) ** 2
    return degrees(2 * asin(min(1.0, sqrt(half))))
