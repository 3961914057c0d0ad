"""Places on the sky, as programs write them, in degrees and in the language's spelling."""

import re
from math import asin, cos, degrees, radians, sin, sqrt

from obsy.engine.importing.wish import number

_PARTS = re.compile(
    r"\s*([+\-−–]?)\s*(\d{1,3})\s*(hr|h|d|[°º:]|\s)\s*(\d{1,2}(?:\.\d+)?)"
    r"\s*(?:(?:m|['′’:]|\s)\s*(?:(\d{1,2}(?:\.\d*)?)\s*(?:s|[\"″”'’]+)?)?)?\s*\Z",
    re.IGNORECASE | re.ASCII,
)
_SIXTY = 60.0
HOURS = 15.0
"""Degrees of an hour."""


def in_parts(text: str) -> tuple[float, str] | None:
    """Return value and first mark (h, d or '') of an angle with minutes and seconds; None if it is none."""
    match = _PARTS.match(" ".join(text.split()))
    if match is None:
        return None
    sign, whole, mark, minutes, seconds = match.groups()
    least = float(minutes), float(seconds or 0)
    if least[0] >= _SIXTY or least[1] > _SIXTY or ("." in minutes and seconds):
        return None
    value = float(whole) + least[0] / _SIXTY + least[1] / _SIXTY**2
    kind = {"h": "h", "d": "d", "°": "d", "º": "d"}.get(mark.lower()[:1], "")
    return (-value if sign and sign in "-−–" else value), kind


def right_ascension(text: str, unit: float) -> float | None:
    """Return degrees; unit: degrees of one, of a plain number. Hours are what is written in parts without a mark."""
    parts = in_parts(text)
    if parts is not None:
        return parts[0] if parts[1] == "d" else parts[0] * HOURS
    bare = number(re.sub(r"\s*(deg|°|º|d|h)\s*\Z", "", text))
    unit = HOURS if text.rstrip().endswith("h") else 1.0 if re.search(r"(deg|°|º|d)\s*\Z", text) else unit
    return None if bare is None else bare * unit


def declination(text: str) -> float | None:
    """Return degrees."""
    parts = in_parts(text)
    return parts[0] if parts is not None else number(re.sub(r"\s*(deg|°|º|d)\s*\Z", "", text))


def scale(unit: str, to: str) -> float | None:
    """Return how much one of a unit is in another; None for what astropy does not know, or what measures no such thing.

    Only a single word is read, such as 'ms' or 'hourangle'.
    """
    import astropy.units as u  # noqa: PLC0415 - only tables and lists that declare units need it

    try:
        return float(u.Unit(unit).to(u.Unit(to))) if unit.isalpha() else None
    except (ValueError, TypeError):  # unknown, or of another sort
        return None


def apart_deg(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the angle between two places of right ascension and declination, degrees.

    Source: the haversine formula, R. W. Sinnott, Sky & Telescope 68, 158 (1984).
    """
    (ra, dec), (ra0, dec0) = ((radians(ra_deg), radians(dec_deg)) for ra_deg, dec_deg in (one, other))
    half = sin((dec - dec0) / 2) ** 2 + cos(dec) * cos(dec0) * sin((ra - ra0) / 2) ** 2
    return degrees(2 * asin(min(1.0, sqrt(half))))


def place(ra_deg: float | None, dec_deg: float | None) -> dict[str, str] | None:
    """Return a plan's target to 0.01 s and 0.1 arcsec; None unless it is a place on the sky."""
    if ra_deg is None or dec_deg is None or not (-360 <= ra_deg <= 360 and -90 <= dec_deg <= 90):  # noqa: PLR2004
        return None
    minutes, hundredths = divmod(round(ra_deg % 360 * 24_000) % 8_640_000, 6000)
    arcmin, tenths = divmod(round(abs(dec_deg) * 36_000), 600)
    sign = "-" if dec_deg < 0 else "+"
    return {
        "ra": f"{minutes // 60:02}h{minutes % 60:02}m{hundredths / 100:05.2f}s",
        "dec": f"{sign}{arcmin // 60:02}d{arcmin % 60:02}m{tenths / 10:04.1f}s",
    }
