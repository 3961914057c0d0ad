"""Whether headers say that a flat was divided out: a raw chip bends the light of a star that wanders over it."""

from collections.abc import Sequence

from obsy.engine.frames.cards import Cards
from obsy.engine.frames.fact import text

MARKS = "FLATSHA", "FLATCOR", "L1IDFLAT"
"""Cards that only a frame has whose flat was divided out: of obsy, IRAF and BANZAI."""
LETTERS = "CALSTAT"
"""Where MaxIm has an F for it."""


def flat_doubts(headers: Sequence[Cards]) -> list[str]:
    """Return what is doubtful of frames whose headers name no flat."""
    raw = sum(not _is_flat_fielded(cards) for cards in headers)
    if not raw:
        return []
    many = "no header says" if raw == len(headers) else f"{raw} of {len(headers)} headers do not say"
    told = f"{many} that a flat was divided out, without which a star's light goes with its place on the chip"
    return [f"{told}: calibrate them first; of obsy's own, take those in products/, not in archive/"]


def _is_flat_fielded(cards: Cards) -> bool:
    return any(text(cards, mark) for mark in MARKS) or "F" in text(cards, LETTERS).upper()
