"""Where a frame says that it points, whichever cards say it, in which unit and of which equinox."""

import re
from math import isfinite
from typing import NamedTuple

from obsy.engine.frames.cards import Cards
from obsy.engine.frames.fact import Fact, amount, comment_says, text
from obsy.engine.frames.repair import Repair
from obsy.engine.frames.start import A_DAY
from obsy.units import DEGREES_PER_HOUR, sexagesimal


class Pair(NamedTuple):
    """Two cards that say a place together."""

    ra: str
    dec: str
    hours: bool = False
    """Whether a number for the right ascension is in hours though no comment says so."""
    axis: tuple[str, str] | None = None
    """The card that must begin so for them to be a place on the sky."""


PAIRS = (
    Pair("RA", "DEC"),
    Pair("RA-MNT", "DEC-MNT"),  # POCS
    Pair("MNT-RA", "MNT-DEC", hours=True),  # Photon Ranch over MaxIm DL
    Pair("OBJCTRA", "OBJCTDEC"),
    Pair("CRVAL1", "CRVAL2", axis=("CTYPE1", "RA--")),
    Pair("CRVAL2", "CRVAL1", hours=True, axis=("CTYPE2", "RA 1950")),  # NF/ observatory
)
"""Tried in this order; the reference pixel of a solution only where nothing else is said."""
HOURS = r"\[\s*h(ours?)?\s*\]|\bhours\b|\(hr\)"
OF_DATE = r"\bJ\.?now\b"
OFF_2000 = 0.01
"""Years."""
Place = tuple[float | None, float | None]


def position(cards: Cards) -> Fact[Place]:
    """Return right ascension and declination, degrees; (None, None) if unsaid.

    A number is degrees unless its comment says hours; a sexagesimal text is hours and degrees. 0, 0 is unset, and so is
    what lies outside the sky, and what a master was handed on by its frames.
    """
    if comment_says(cards, "DATE-OBS", A_DAY):
        return Fact((None, None))
    for pair in PAIRS:
        if pair.axis and not text(cards, pair.axis[0]).startswith(pair.axis[1]):
            continue
        in_hours = pair.hours or comment_says(cards, pair.ra, HOURS)
        right = _degrees(cards.get(pair.ra), DEGREES_PER_HOUR, DEGREES_PER_HOUR if in_hours else 1.0)
        declination = _degrees(cards.get(pair.dec), 1.0, 1.0)
        if right is None or declination is None or not 0 <= right <= 360 or abs(declination) > 90:  # noqa: PLR2004
            continue
        if right or declination:
            plain = pair.ra in {"RA", "OBJCTRA"}
            return Fact((right, declination), "" if plain else Repair.POINTING_ELSEWHERE)
    return Fact((None, None))


def equinox(cards: Cards) -> str:
    """Return 'ICRS', 'JNOW', or 'unknown' where a header does not say of which equinox its pointing is."""
    if position(cards).value[0] is None:
        return "unknown"
    if comment_says(cards, "RA", OF_DATE) or re.search(OF_DATE, text(cards, "MNTRDSYS"), re.IGNORECASE):
        return "JNOW"
    if any(text(cards, key) in {"FK5", "ICRS"} for key in ("RADESYS", "RADECSYS")):
        return "ICRS"
    if (year := amount(cards, "EQUINOX", "EPOCH")) is not None:
        return "ICRS" if abs(year[0] - 2000.0) < OFF_2000 else "JNOW"
    says = (comment_says(cards, key, "J2000") for key in ("RA", "DEC", "OBJCTRA"))
    return "ICRS" if any(says) else "unknown"


def _degrees(value: object, of_text: float, of_number: float) -> float | None:
    """Return an angle; of_text, of_number: degrees in one of its units, if it is sexagesimal or a number."""
    if isinstance(value, str) and re.fullmatch(r"[+-]?\d+(\.\d*)?", value.strip()):
        value = float(value)  # PixInsight quotes every number
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value) * of_number if isfinite(value) else None
    parts = sexagesimal(re.sub(r"[\s:hdm']+", ":", str(value or "").strip()).rstrip(":s"))
    return parts and parts[0] * of_text
