"""Where the telescope says it pointed."""

import re
from math import isfinite

from obsy.engine.frames.cards import Cards

DEGREES_PER_HOUR = 15.0

_PARTS = re.compile(r"\s*([+-]?)(\d{1,3})[:\shd]+(\d{1,3})[:\sm']*(\d*\.?\d*)")


def position(cards: Cards) -> tuple[float | None, float | None]:
    """Right ascension and declination, degrees: from RA and DEC, else OBJCTRA and OBJCTDEC; None if unsaid.

    A number is degrees and a text is hours and degrees, as INDI, N.I.N.A. and MaxIm DL write them.
    """
    for ra, dec in (("RA", "DEC"), ("OBJCTRA", "OBJCTDEC")):
        right, declination = _degrees(cards.get(ra), DEGREES_PER_HOUR), _degrees(cards.get(dec), 1.0)
        if right is not None and declination is not None:
            return right, declination
    return None, None


def pier(cards: Cards) -> str | None:
    """'east' or 'west'; None if the header does not say."""
    said = str(cards.get("PIERSIDE", "")).strip().lower().removeprefix("pier")
    return {"e": "east", "east": "east", "w": "west", "west": "west"}.get(said)


def _degrees(value: object, per_unit: float) -> float | None:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value) if isfinite(value) else None
    parts = _PARTS.match(str(value or ""))
    if parts is None:
        return None
    sign, whole, minutes, seconds = parts.groups()
    size = int(whole) + int(minutes) / 60 + float(seconds.strip(".") or 0) / 3600
    return (-size if sign == "-" else size) * per_unit
