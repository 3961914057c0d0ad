"""What a frame says of itself, whichever program wrote it: EKOS, INDI, N.I.N.A., MaxIm DL, a Seestar."""

import hashlib
import re
from datetime import UTC, datetime, timedelta
from math import isfinite
from pathlib import Path
from typing import BinaryIO

from obsy.engine.frames.fits import Cards, begins_as_fits, first_cards
from obsy.engine.frames.frame import Frame, FrameKind
from obsy.engine.frames.settings import LARGEST, gain, setting
from obsy.engine.identity import KEYWORDS, Identity
from obsy.errors import FrameError
from obsy.units import sexagesimal

LONGEST_S = 86400.0
KINDS = {
    "bias": FrameKind.BIAS,
    "zero": FrameKind.BIAS,
    "offset": FrameKind.BIAS,
    "dark": FrameKind.DARK,  # before flat: a "dark flat" is a dark with a flat's exposure
    "flat": FrameKind.FLAT,
    "light": FrameKind.LIGHT,
    "object": FrameKind.LIGHT,
    "science": FrameKind.LIGHT,
    "expose": FrameKind.LIGHT,
}
"""What programs call them, tried in this order; a spelling counts when it holds the word."""
MJD_ZERO = datetime(1858, 11, 17, tzinfo=UTC)
YEARS = range(1900, 2200)
"""No camera of ours exposed before or after."""
DEGREES_PER_HOUR = 15.0
COLDEST_C, WARMEST_C = -273.15, 100.0


def read(path: Path) -> Frame:
    """The frame in a finished FITS file. Raises FrameError if it is no FITS file, not whole, or does not say enough."""
    with path.open("rb") as stream:
        cards = whole_cards(stream)
        stream.seek(0)
        return describe(cards, path, hashlib.file_digest(stream, "sha256").hexdigest())


def whole_cards(stream: BinaryIO) -> Cards:
    """The cards of the first header of a file that is all there.

    Raises FrameError: not-fits if it begins otherwise, truncated if it ends too early.
    """
    stream.seek(0)
    if stream.read(1) and not begins_as_fits(stream):
        raise FrameError("not-fits", "it does not begin as a FITS file does")
    if (cards := first_cards(stream)) is None:
        raise FrameError("truncated", "it ends before the end that its own header promises, or has a megabyte of cards")
    return cards


def describe(cards: Cards, path: Path, sha256: str) -> Frame:
    """The frame these cards describe. Raises FrameError if a card that is needed is missing or not understood."""
    kind = kind_of(cards)
    rows, columns = _shape(cards)
    ra_deg, dec_deg = position(cards)
    said, asked = _text(cards, "FILTER"), Identity.read(cards)
    return Frame(
        path=path,
        sha256=sha256,
        kind=kind,
        object=_object(cards, kind),
        filter=said if kind in {FrameKind.LIGHT, FrameKind.FLAT} and said.lower() not in {"", "none", "--"} else None,
        exposure_s=_exposure(cards),
        gain=gain(cards),
        offset=setting(cards, "OFFSET", "BLKLEVEL"),
        binning=_binning(cards),
        temperature_c=_temperature(cards),
        camera=_text(cards, "INSTRUME") or None,
        telescope=_text(cards, "TELESCOP") or None,
        taken_at=taken_at(cards),
        rows=rows,
        columns=columns,
        ra_deg=ra_deg,
        dec_deg=dec_deg,
        airmass=_number(cards, "AIRMASS"),
        pier=pier(cards),
        readout=_text(cards, "READOUTM") or None,
        rotation_deg=_number(cards, "ROTATANG", "ROTATOR"),
        **{part: getattr(asked, part) for part in KEYWORDS},
    )


def _object(cards: Cards, kind: FrameKind) -> str:
    named = _text(cards, "OBJECT")
    if kind is FrameKind.LIGHT and not named:
        raise FrameError("no-object", "a light without an OBJECT card cannot be credited to a plan")
    return named


def _exposure(cards: Cards) -> float:
    seconds = _number(cards, "EXPTIME", "EXPOSURE")
    if seconds is None or not 0 <= seconds <= LONGEST_S:
        raise FrameError("no-exposure", f"the header has no EXPTIME or EXPOSURE of 0 to {LONGEST_S:g} s")
    return seconds


def _shape(cards: Cards) -> tuple[int, int]:
    rows, columns = cards.get("NAXIS2"), cards.get("NAXIS1")
    if not (isinstance(rows, int) and isinstance(columns, int) and 0 < rows <= LARGEST and 0 < columns <= LARGEST):
        raise FrameError("no-image", "its first part holds no image")
    return rows, columns


def _binning(cards: Cards) -> int | None:
    across = cards.get("XBINNING", cards.get("YBINNING"))
    along = cards.get("YBINNING", across)
    if across is None:
        return None
    if across != along or not isinstance(across, (int, float)) or not 1 <= across <= LARGEST:
        raise FrameError("uneven-binning", f"binning {across} x {along} is not the same along both axes")
    return int(across)


def _text(cards: Cards, key: str) -> str:
    return str(cards.get(key, "")).strip()


def _number(cards: Cards, *keys: str) -> float | None:
    """The first of these that is a finite number."""
    found = (float(value) for key in keys if isinstance(value := cards.get(key), (int, float)))
    return next((value for value in found if isfinite(value)), None)


def _temperature(cards: Cards) -> float | None:
    said = _number(cards, "CCD-TEMP", "SET-TEMP")
    return said if said is not None and COLDEST_C <= said <= WARMEST_C else None


def kind_of(cards: Cards) -> FrameKind:
    """The kind that IMAGETYP, FRAME or OBSTYPE names, in any of its usual spellings.

    Raises FrameError if none is there, if it is not understood, or if it names a master.
    """
    said = next((str(cards[key]) for key in ("IMAGETYP", "FRAME", "OBSTYPE") if cards.get(key)), None)
    if said is None:
        raise FrameError("no-kind", "the header has no IMAGETYP, FRAME or OBSTYPE, so it is not known what it is for")
    if "master" in said.lower():
        raise FrameError("is-a-master", f"'{said}' is a combined frame; the archive takes single exposures")
    for word, kind in KINDS.items():
        if word in said.lower():
            return kind
    raise FrameError("unknown-kind", f"'{said}' is none of light, bias, dark and flat")


def taken_at(cards: Cards) -> datetime:
    """The start of the exposure, UTC. DATE-OBS counts as UTC unless it carries its own offset.

    Raises FrameError if no card says it or it is none of `YEARS`, or if the header keeps another time scale.
    Source: FITS standard 4.0, sections 4.4.2.1 and 9.2.1 (UTC is the default scale of DATE-OBS).
    """
    scale = str(cards.get("TIMESYS", "UTC")).upper().strip()
    if scale not in {"UTC", "UT", "UT1", "GMT", ""}:
        raise FrameError("not-utc", f"TIMESYS is '{scale}'; only UTC is understood")
    for key in ("DATE-OBS", "DATE-BEG"):
        if written := str(cards.get(key, "")).strip():
            return _moment(key, _with_time(written, cards))
    mjd = cards.get("MJD-OBS", cards.get("MJD-BEG"))
    if isinstance(mjd, (int, float)):
        return _moment("MJD-OBS", mjd)
    raise FrameError("no-time", "the header has no DATE-OBS, so it is not known when it was taken")


def _with_time(written: str, cards: Cards) -> str:
    """The date joined with the time of day where an old header keeps it in a card of its own."""
    if "T" in written or " " in written:
        return written
    clock = cards.get("TIME-OBS") or cards.get("UT") or cards.get("UTC-OBS")
    if clock is None:
        raise FrameError("no-time", f"DATE-OBS '{written}' has no time of day")
    return f"{written}T{clock}"


def _moment(key: str, written: str | float) -> datetime:
    try:
        if isinstance(written, str):
            moment = datetime.fromisoformat(written.replace(" ", "T", 1))
            moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        else:
            moment = MJD_ZERO + timedelta(days=written)
    except (ValueError, OverflowError):
        raise FrameError("bad-time", f"{key} '{written}' is not a date and time") from None
    if moment.year not in YEARS:
        raise FrameError("bad-time", f"{key} '{written}' is not between {YEARS[0]} and {YEARS[-1]}")
    return moment


def position(cards: Cards) -> tuple[float | None, float | None]:
    """Right ascension and declination, degrees: from RA and DEC, else OBJCTRA and OBJCTDEC; None if unsaid.

    A number is degrees and a text is hours and degrees, as INDI, N.I.N.A. and MaxIm DL write them.
    """
    for ra, dec in (("RA", "DEC"), ("OBJCTRA", "OBJCTDEC")):
        right, declination = _degrees(cards.get(ra), DEGREES_PER_HOUR), _degrees(cards.get(dec), 1.0)
        if right is not None and declination is not None and 0 <= right <= 360 and abs(declination) <= 90:  # noqa: PLR2004
            return right, declination
    return None, None


def pier(cards: Cards) -> str | None:
    """'east' or 'west'; None if the header does not say."""
    said = str(cards.get("PIERSIDE", "")).strip().lower().removeprefix("pier")
    return {"e": "east", "east": "east", "w": "west", "west": "west"}.get(said)


def _degrees(value: object, per_unit: float) -> float | None:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value) if isfinite(value) else None
    parts = sexagesimal(re.sub(r"[\s:hdm']+", ":", str(value or "").strip()).rstrip(":s"))
    return parts and parts[0] * per_unit
