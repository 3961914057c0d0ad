"""How far apart two directions are; for many at once there is astropy's, in the rooms that have it."""

from datetime import UTC, datetime, timedelta
from math import asin, cos, degrees, radians, sin, sqrt


def separation_deg(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the angle between two directions (longitude, latitude), degrees.

    Source: the haversine formula, R. W. Sinnott, Sky & Telescope 68, 158 (1984).
    """
    (a, b), (c, d) = ((radians(x), radians(y)) for x, y in (one, other))
    half = sin((d - b) / 2) ** 2 + cos(b) * cos(d) * sin((c - a) / 2) ** 2
    return degrees(2 * asin(min(1.0, sqrt(half))))


def is_west(ra_deg: float, when: datetime, longitude_deg: float) -> bool:
    """Return whether a place has passed the meridian. Source: Earth rotation angle, IAU 2000; good to half a degree."""
    days = (when - datetime(2000, 1, 1, 12, tzinfo=UTC)) / timedelta(days=1)
    turned_deg = 360 * (0.7790572732640 + 1.00273781191135448 * days) + longitude_deg
    return (turned_deg - ra_deg) % 360 < 180  # noqa: PLR2004
