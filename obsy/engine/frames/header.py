"""What a frame says of itself, whichever program wrote it: EKOS, INDI, N.I.N.A., MaxIm DL, a Seestar."""

import hashlib
from math import isfinite
from pathlib import Path
from typing import BinaryIO

from obsy.engine.frames.cards import Cards, read_header
from obsy.engine.frames.complete import begins_as_fits, is_whole
from obsy.engine.frames.frame import Frame, FrameKind
from obsy.engine.frames.instant import taken_at
from obsy.engine.frames.kind import kind_of
from obsy.engine.frames.pointing import pier, position
from obsy.engine.identity import KEYWORDS, Identity
from obsy.errors import FrameError

LONGEST_S = 86400.0
LARGEST = 2**63 - 1
"""What a store keeps of a whole number."""


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
    if not is_whole(stream):
        raise FrameError("truncated", "it ends before the end that its own header promises")
    stream.seek(0)
    cards = read_header(stream)
    assert cards is not None  # is_whole has read it
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
        gain=_setting(cards, "GAIN"),
        offset=_setting(cards, "OFFSET", "BLKLEVEL"),
        binning=_binning(cards),
        temperature_c=_number(cards, "CCD-TEMP", "SET-TEMP"),
        camera=_text(cards, "INSTRUME") or None,
        telescope=_text(cards, "TELESCOP") or None,
        taken_at=taken_at(cards),
        rows=rows,
        columns=columns,
        ra_deg=ra_deg,
        dec_deg=dec_deg,
        airmass=_number(cards, "AIRMASS"),
        pier=pier(cards),
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


def _setting(cards: Cards, *keys: str) -> int | None:
    """A driver's whole-number setting; a broken number is something else, such as electrons per ADU."""
    value = _number(cards, *keys)
    return int(value) if value is not None and value.is_integer() and abs(value) < LARGEST else None
