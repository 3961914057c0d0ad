"""What a frame is for, by the word that its program has for it."""

import re

from obsy.engine.frames.cards import Cards
from obsy.engine.frames.dialects import dialect_of
from obsy.engine.frames.fact import Fact, amount, text
from obsy.engine.frames.frame import FrameKind
from obsy.engine.frames.repair import Repair
from obsy.errors import FrameError

CARDS = ("IMAGETYP", "FRAME", "OBSTYPE", "IMAGTYP", "IMGTYPE", "EXPTYPE", "CALFRAME")
"""Where programs say it; the first that says anything counts."""
KINDS = {
    "bias|zero|offset": FrameKind.BIAS,
    r"\w*dark(?:flat)?": FrameKind.DARK,  # before flat: a "dark flat" is a dark with a flat's exposure
    r"twi(?:light)?|dome|\w*flat(?:field)?": FrameKind.FLAT,  # before light: a "dome light" is no star's
    "arc|comp|comparison|lamp|neon": FrameKind.ARC,
    "light|object|science|expose|standard|spectrum": FrameKind.LIGHT,
}
"""Words of programs, tried in this order; a spelling counts when one of its words is this, or a frame or frames of it.
"""
COUNTS = ("STACKCNT", "NUMFRAME", "NCOMBINE")
"""Of how many exposures a file was made."""
OF_OBSY = ("RAWSHA", "BIASSHA", "DARKSHA", "FLATSHA")
"""What a light was made of, as obsy's products name it."""


def kind_said(cards: Cards) -> Fact[FrameKind | None]:
    """Return the kind that a header names, in any of its usual spellings; None if it names none."""
    card = next((key for key in CARDS if text(cards, key)), "")
    kind = _kind(text(cards, card))
    if dialect_of(cards).field and (by_field := _kind(re.split(r"[-\s]", text(cards, "FIELD"))[0])) and kind:
        return Fact(by_field, "" if by_field is kind else Repair.KIND_BY_FIELD)
    return Fact(kind, Repair.KIND_ELSEWHERE if kind and card not in CARDS[:3] else "")


def combined(cards: Cards) -> str:
    """Return what says that a file was made of several exposures; empty if nothing does."""
    for key in CARDS:
        if "master" in text(cards, key).lower():
            return f"'{text(cards, key)}'"
    if (many := amount(cards, *COUNTS)) and many[0] > 1:
        return f"{many[1]} {many[0]:g}"
    return f"OBJECT '{text(cards, 'OBJECT')}'" if text(cards, "OBJECT").startswith("Output from MAKE") else ""


def calibrated(cards: Cards) -> str:
    """Return what says that masters were taken off a file already; empty if nothing does."""
    if of := next((key for key in OF_OBSY if text(cards, key)), ""):
        return f"{of} names what obsy made it of"
    steps = text(cards, "CALSTAT")  # B, D and F, as MaxIm DL and those after it write it
    return f"CALSTAT '{steps}' says that it is calibrated" if re.search("[BDF]", steps.upper()) else ""


def kind_of(cards: Cards) -> Fact[FrameKind]:
    """Return the kind of a single exposure.

    Raises FrameError if the header says none, if it is not understood, or if it is that of a master, of a stack or of
    a product.
    """
    if many := combined(cards):
        raise FrameError("is-a-master", f"{many} is a combined frame; the archive takes single exposures")
    if made := calibrated(cards):
        raise FrameError("is-a-product", f"{made}; the archive takes exposures as the camera gave them")
    kind, repair = kind_said(cards)
    if kind is not None:
        return Fact(kind, repair)
    said = next((text(cards, key) for key in CARDS if text(cards, key)), None)
    if said is None:
        words = "the header has no IMAGETYP, FRAME or OBSTYPE, so it is not known what it is for"
        raise FrameError("no-kind", words)
    raise FrameError("unknown-kind", f"'{said}' is none of light, bias, dark, flat and arc")


def _kind(said: str) -> FrameKind | None:
    """Return the kind that a spelling names by a whole word of it, such as 'SKYFLAT', 'LightFrame' or 'dark_007'."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|[^A-Za-z]+", " ", said).lower()
    named = (kind for each, kind in KINDS.items() if re.search(rf"\b(?:{each})(?:e?s|frames?)?\b", words))
    return next(named, None)
