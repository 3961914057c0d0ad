"""What a frame is for, in the words of the programs that write frames."""

from obsy.engine.frames.cards import Cards
from obsy.engine.frames.frame import FrameKind
from obsy.errors import FrameError

WORDS = {
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
"""Tried in this order; a spelling counts when it holds the word."""


def kind_of(cards: Cards) -> FrameKind:
    """The kind that IMAGETYP, FRAME or OBSTYPE names, in any of its usual spellings.

    Raises FrameError if none is there, if it is not understood, or if it names a master.
    """
    said = next((str(cards[key]) for key in ("IMAGETYP", "FRAME", "OBSTYPE") if cards.get(key)), None)
    if said is None:
        raise FrameError("no-kind", "the header has no IMAGETYP, FRAME or OBSTYPE, so it is not known what it is for")
    if "master" in said.lower():
        raise FrameError("is-a-master", f"'{said}' is a combined frame; the archive takes single exposures")
    for word, kind in WORDS.items():
        if word in said.lower():
            return kind
    raise FrameError("unknown-kind", f"'{said}' is none of light, bias, dark and flat")
