"""Places on the sky, as programs write them, in degrees and in the language's spelling."""

import re

from obsy.engine.importing.plain_text import number
from obsy.units import DEGREES_PER_HOUR, sexagesimal

_SIGNS = str.maketrans({"−": "-", "–": "-", "º": "°", "’": "'", "′": "'", "”": '"', "″": '"'})
_MINUTES = re.compile(r"([+-]?\d{1,3} ?[hd°:] ?\d{1,2})(\.\d+) ?[m':]?")
_UNIT = re.compile(r"\s*(deg|°|º|d|h)\s*\Z")


def in_parts(text: str) -> tuple[float, str] | None:
    """Return value and first mark (h, d or :) of an angle with minutes and seconds; None if it is none.

    Programs part them by blanks too, and leave fractions of minutes.
    """
    said = re.sub(r"^([+-]) ", r"\1", " ".join(text.lower().translate(_SIGNS).split()))
    said = re.sub(r"(?<=\d) (?=\d)", ":", said.replace("hr", "h"))
    said = re.sub(r"['\"]+$", "'" if said.count("'") == 1 and '"' not in said else '"', said)
    if of := _MINUTES.fullmatch(said):
        said = f"{of[1]}:{float(of[2]) * 60:.6f}"
    return sexagesimal(said)


def right_ascension(text: str, unit: float) -> float | None:
    """Return degrees; unit: degrees of one, of a plain number. Hours are what is written in parts without a mark.

    None of what has a sign, which only a declination has.
    """
    if text.translate(_SIGNS).lstrip().startswith(("-", "+")):
        return None
    if parts := in_parts(text):
        return parts[0] if parts[1] == "d" else parts[0] * DEGREES_PER_HOUR
    bare, mark = number(_UNIT.sub("", text)), _UNIT.search(text)
    unit = unit if mark is None else DEGREES_PER_HOUR if mark[1] == "h" else 1.0
    return None if bare is None else bare * unit


def declination(text: str) -> float | None:
    """Return degrees; None of hours, which only a right ascension has."""
    parts = in_parts(text)
    if parts is not None:
        return None if parts[1] == "h" else parts[0]
    return number(re.sub(r"\s*(deg|°|º|d)\s*\Z", "", text))


def cure(ra: str, dec: str, unit: float = 1.0) -> str:
    """Return what to do about texts that are no place."""
    swapped = place(right_ascension(dec, unit), declination(ra))
    return "exchange them" if swapped else "write for example 05h35m17s and -05d23m28s"


def scale(unit: str, to: str) -> float | None:
    """Return how much one of a unit is in another; None for what astropy does not know, or what measures no such thing.

    Only a single word is read, such as 'ms' or 'hourangle'.
    """
    import astropy.units as u  # noqa: PLC0415 - only tables and lists that declare units need it

    try:
        return float(u.Unit(unit).to(u.Unit(to))) if unit.isalpha() else None
    except (ValueError, TypeError):  # unknown, or of another sort
        return None


def place(ra_deg: float | None, dec_deg: float | None) -> dict[str, str] | None:
    """Return a plan's target to 0.01 s and 0.1 arcsec; None of nothing, and an empty one of what is no place."""
    if ra_deg is None and dec_deg is None:
        return None
    if ra_deg is None or dec_deg is None or not (0 <= ra_deg <= 360 and -90 <= dec_deg <= 90):  # noqa: PLR2004
        return {}
    minutes, hundredths = divmod(round(ra_deg % 360 * 24_000) % 8_640_000, 6000)
    arcmin, tenths = divmod(round(abs(dec_deg) * 36_000), 600)
    sign = "-" if dec_deg < 0 else "+"
    return {
        "ra": f"{minutes // 60:02}h{minutes % 60:02}m{hundredths / 100:05.2f}s",
        "dec": f"{sign}{arcmin // 60:02}d{arcmin % 60:02}m{tenths / 10:04.1f}s",
    }
