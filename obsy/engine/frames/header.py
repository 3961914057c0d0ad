"""What a frame says of itself, whichever program wrote it: EKOS, N.I.N.A., MaxIm DL, a Seestar and thirty more."""

import hashlib
import re
from pathlib import Path
from typing import BinaryIO

from obsy.engine.frames.cards import Cards, comment, remarks
from obsy.engine.frames.dialects import dialect_of
from obsy.engine.frames.fact import NOTHING, Fact, amount, comment_says, named, text
from obsy.engine.frames.fits import AT_REST, begins_as_fits, first_cards
from obsy.engine.frames.frame import Frame, FrameKind
from obsy.engine.frames.kind import kind_of
from obsy.engine.frames.pointing import equinox, position
from obsy.engine.frames.repair import Repair
from obsy.engine.frames.settings import LARGEST, gain, setting
from obsy.engine.frames.start import taken_at
from obsy.engine.identity import ASKED_S, KEYWORDS, SIMULATED, Identity
from obsy.errors import FrameError

LONGEST_S = 86400.0
REHEARSAL = "rehearsal"
SECONDS = r"(?<!milli[\s-])(?<!micro[\s-])(?<!nano[\s-])(?<!\b[mun][\s-])\bsec(ond)?s?\b|[\[(]\s*s\s*[\])]"
"""What a comment calls an exposure in seconds, whatever else it says: '[s] exposure, MS Windows'."""
UNITS_S = {
    r"days?": 86400.0,
    r"h(ou)?rs?": 3600.0,
    r"min(ute)?s?": 60.0,
    r"m(illi)?[\s-]?s(ec(ond)?s?)?": 1e-3,
    r"(u|\xb5|micro)[\s-]?s(ec(ond)?s?)?": 1e-6,
    r"n(ano)?[\s-]?s(ec(ond)?s?)?": 1e-9,
}
"""What a comment calls another unit, in brackets or at its end: 'exposure time (min)', 'exposure time in ms'.

Source: plate scans, NF/ observatory.
"""
AS_UNIT = (r"[\[(]\s*{}\.?\s*[\])]", r"(?<!\d)(?<!\d\s)\b{}\.?\s*$")
"""In brackets, or else at the end and no amount of something."""
LETTERS_S = {"d": 86400.0, "h": 3600.0}
"""Only in brackets."""
OTHER_UNITS = tuple((AS_UNIT[0].format(unit), seconds) for unit, seconds in (UNITS_S | LETTERS_S).items()) + tuple(
    (AS_UNIT[1].format(unit), seconds) for unit, seconds in UNITS_S.items()
)
UNREAD = r"[\[(]\s*([a-z]{1,2}|ticks?|frames?|jiffies)\s*[\])]|[\[(]\s*[\d./]+\s*[a-z]+\s*[\])]|\bunits? of\b"
"""What a comment calls a unit that nobody reads: '[ks]', '(10 ms)', 'in units of 1/100 s'."""
BITPIX = {8, 16, 32, 64, -32, -64}
"""Source: FITS standard 4.0, table 8."""
PLANE = 2
"""The axes of a picture that can be reduced."""
COLDEST_C, WARMEST_C, ZERO_K = -273.15, 100.0, 273.15
KELVIN = ("kelvin", *(shape.format(r"(deg\w*\s*)?k") for shape in AS_UNIT))
FAHRENHEIT = r"(deg\w*\s*)?f(ahrenheit)?"


def read(path: Path) -> Frame:
    """The frame in a finished FITS file. Raises FrameError if it is no FITS file, not whole, or does not say enough."""
    with path.open("rb") as stream:
        cards = whole_cards(stream)
        stream.seek(0)
        return describe(cards, path, hashlib.file_digest(stream, "sha256").hexdigest())


def whole_cards(stream: BinaryIO) -> Cards:
    """The cards of the picture of a file that is all there.

    Raises FrameError: not-fits if it begins otherwise, truncated if it ends too early.
    """
    stream.seek(0)
    if not stream.read(1):
        raise FrameError("truncated", "it is empty")
    if not begins_as_fits(stream):
        raise FrameError("not-fits", "it does not begin as a FITS file does")
    if (cards := first_cards(stream, AT_REST)) is None:
        raise FrameError("truncated", "it ends before the end that its own header promises, or has a megabyte of cards")
    return cards


def refuse_rehearsal(cards: Cards) -> None:
    """Raise FrameError for what the simulated observatory made: it counts for nothing real, wherever it lies."""
    if SIMULATED in remarks(cards):
        raise FrameError(REHEARSAL, "obsy's simulated observatory made it, and a rehearsal counts for nothing real")


def describe(cards: Cards, path: Path, sha256: str) -> Frame:
    """The frame these cards describe. Raises FrameError if a card that is needed is missing or not understood."""
    rows, columns = _shape(cards)
    kind, began, exposure = kind_of(cards), taken_at(cards), exposure_of(cards)
    pointing, warm, named_so = position(cards), temperature(cards), object_of(cards, kind.value)
    asked, across = Identity.read(cards), binning(cards)
    if across is not None and across[0] != across[1]:
        raise FrameError("uneven-binning", f"binning {across[0]} x {across[1]} is not the same along both axes")
    if exposure is None or not 0 <= exposure.value <= LONGEST_S:
        raise FrameError("no-exposure", f"the header has no EXPTIME or EXPOSURE of 0 to {LONGEST_S:g} s")
    if kind.value is FrameKind.LIGHT and not named_so.value:
        named_so = Fact("", Repair.NO_OBJECT)
    of_date = Fact(None, Repair.OF_DATE if equinox(cards) == "JNOW" else "")
    return Frame(
        path=path,
        sha256=sha256,
        kind=kind.value,
        object=named_so.value,
        filter=filter_of(cards) if kind.value in {FrameKind.LIGHT, FrameKind.FLAT} else None,
        exposure_s=exposure.value,
        gain=gain(cards),
        offset=setting(cards, "OFFSET", "BLKLEVEL"),
        binning=across and across[0],
        temperature_c=warm.value,
        camera=text(cards, "INSTRUME") or None,
        telescope=text(cards, "TELESCOP") or None,
        taken_at=began.value,
        rows=rows,
        columns=columns,
        ra_deg=pointing.value[0],
        dec_deg=pointing.value[1],
        airmass=_number(cards, "AIRMASS"),
        pier=pier(cards),
        readout=text(cards, "READOUTM") or None,
        rotation_deg=_number(cards, "ROTATANG", "ROTATOR"),
        repairs=tuple(
            each.repair for each in (kind, began, exposure, pointing, of_date, warm, named_so) if each.repair
        ),
        **{part: getattr(asked, part) for part in KEYWORDS},
    )


def object_of(cards: Cards, kind: FrameKind | None) -> Fact[str]:
    """Return the object's name as it is written; empty if there is none."""
    said = named(cards, "OBJECT")
    if other := (named(cards, "OBJNAME", "OBSTARGET") if said.lower() in NOTHING else ""):
        return Fact(other, Repair.OBJECT_ELSEWHERE)
    if not said and dialect_of(cards).field and kind in {None, FrameKind.LIGHT} and named(cards, "FIELD"):
        return Fact(named(cards, "FIELD"), Repair.OBJECT_ELSEWHERE)
    return Fact(said)


def filter_of(cards: Cards) -> str | None:
    """Return the filter's label; None if there is none, or if the card holds the colours of a sensor (POCS)."""
    said = named(cards, "FILTER", "FILTERS")
    return None if said.lower() in NOTHING or (dialect_of(cards).field and said == "RGGB") else said


def exposure_of(cards: Cards) -> Fact[float] | None:
    """Return the exposure that a frame is known by, seconds: what was asked for, if that is said; None if none is."""
    asked = amount(cards, ASKED_S)
    return exposed_of(cards) if asked is None else Fact(asked[0])


def exposed_of(cards: Cards) -> Fact[float] | None:
    """Return for how long the camera says that it exposed, seconds; None if the header does not say it."""
    if (found := amount(cards, "EXPTIME", "EXPOSURE", "EXP")) is None:
        return None
    value, key = found
    if comment_says(cards, key, SECONDS):
        return Fact(value)
    if seconds := next((seconds for unit, seconds in OTHER_UNITS if comment_says(cards, key, unit)), None):
        return Fact(value * seconds, Repair.EXPOSURE_UNIT)
    return Fact(value, Repair.UNIT_UNREAD if comment_says(cards, key, UNREAD) else "")


def _shape(cards: Cards) -> tuple[int, int]:
    if cards.get("BITPIX", 8) not in BITPIX:
        raise FrameError("bad-pixels", f"BITPIX {cards['BITPIX']} is no kind of pixel")
    rows, columns, axes = cards.get("NAXIS2"), cards.get("NAXIS1"), cards.get("NAXIS", PLANE)
    if not (isinstance(rows, int) and isinstance(columns, int) and 0 < rows <= LARGEST and 0 < columns <= LARGEST):
        raise FrameError("no-image", "it holds no picture, or several")
    if axes != PLANE:
        raise FrameError("is-a-cube", f"its picture has {axes} axes, and a frame has rows and columns")
    return rows, columns


def binning(cards: Cards) -> tuple[int, int] | None:
    """Return the binning across and along; None if the header does not say. Raises FrameError if it is none."""
    for keys in (("XBINNING", "YBINNING"), ("HBIN", "VBIN")):
        pair = [amount(cards, key) for key in keys]
        if said := next((each for each in pair if each is not None), None):
            across, along = ((each or said)[0] for each in pair)
            return _pair(across, along)
        if any(key in cards for key in keys):
            raise FrameError("uneven-binning", f"binning {cards.get(keys[0])} x {cards.get(keys[1])} is none")
    for key in ("CCDSUM", "BINNING"):
        parts = re.fullmatch(r"(\d+)\s*[x*\s]\s*(\d+)", text(cards, key))
        if parts:
            return _pair(float(parts[1]), float(parts[2]))
    return None


def _pair(across: float, along: float) -> tuple[int, int]:
    if not all(1 <= each <= LARGEST and each.is_integer() for each in (across, along)):
        raise FrameError("uneven-binning", f"binning {across:g} x {along:g} is none")
    return int(across), int(along)


def _number(cards: Cards, *keys: str) -> float | None:
    found = amount(cards, *keys)
    return found and found[0]


def temperature(cards: Cards) -> Fact[float | None]:
    """Return what the sensor's temperature was, degrees Celsius: never what it was set to; None if unsaid."""
    found = amount(cards, "CCD-TEMP", "CCDATEMP", "DET-TEMP", "TEMPCCD", "CAMTEMP", "TEMP")
    if found is None or "CR2" in comment(cards, found[1]):  # what a DSLR writes into its own files is its body's
        return Fact(None)
    value, key = found
    if any(comment_says(cards, key, shape.format(FAHRENHEIT)) for shape in AS_UNIT):
        return Fact(None, Repair.NOT_CELSIUS)
    if value > WARMEST_C or any(comment_says(cards, key, pattern) for pattern in KELVIN):
        value -= ZERO_K
        return Fact(value if COLDEST_C < value <= WARMEST_C else None, Repair.IN_KELVIN)
    return Fact(value if value >= COLDEST_C else None)


def pier(cards: Cards) -> str | None:
    """'east' or 'west'; None if the header does not say."""
    said = text(cards, "PIERSIDE").lower().removeprefix("pier")
    return {"e": "east", "east": "east", "w": "west", "west": "west"}.get(said)
