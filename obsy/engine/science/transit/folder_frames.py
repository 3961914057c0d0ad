"""The frames of a folder that belong to one light curve: dated, of a star's field, and taken alike."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from obsy.engine.frames.cards import Cards
from obsy.engine.frames.fact import text
from obsy.engine.frames.frame import FrameKind
from obsy.engine.frames.header import LONGEST_S, exposed_of, filter_of, whole_cards
from obsy.engine.frames.kind import kind_said
from obsy.engine.frames.start import taken_at
from obsy.errors import FrameError, UserError

ENDINGS = ".fits", ".fit", ".fts"
AS_LONG = 0.05
"""Exposures that differ by a smaller share are of one length: some cameras measure how long the shutter was open."""


@dataclass(frozen=True, slots=True)
class DatedFrame:
    """A file and what its header says."""

    path: Path
    cards: Cards
    began: datetime
    exposure_s: float

    @property
    def taken_with(self) -> tuple[str, str]:
        """Return camera and filter; empty where the header does not say."""
        return text(self.cards, "INSTRUME"), filter_of(self.cards) or ""


def dated_frames(folder: Path) -> tuple[list[DatedFrame], dict[str, str]]:
    """Return the frames of a folder in order of time, and by name of a file why others are none.

    Raises UserError if the folder cannot be read, or holds no such frame.
    """
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in ENDINGS)
    except OSError as fault:
        raise UserError(f"'{folder}' cannot be read: {fault.strerror or fault}") from None
    found, refused = [], {}
    for path in paths:
        try:
            found.append(_dated(path))
        except (FrameError, OSError) as fault:
            refused[path.name] = str(fault)
    if not found:
        none = f"no file in it ends in {', '.join(ENDINGS)}, and folders in it are not looked into"
        why = next((f"{name}: {each}" for name, each in refused.items()), none)
        raise UserError(f"'{folder}' holds no frame that says when it was taken: {why}")
    return sorted(found, key=lambda frame: frame.began), refused


def alike(frames: Sequence[DatedFrame]) -> tuple[list[DatedFrame], dict[str, str]]:
    """Return the frames of the camera, filter and exposure that most have, in order, and by name why others are left.

    Stars of other colours dim otherwise in other filters: two filters are two light curves.
    """
    usual = Counter(frame.taken_with for frame in frames).most_common()[0][0]
    exposures = np.sort([frame.exposure_s for frame in frames if frame.taken_with == usual])
    past = np.searchsorted(exposures, exposures * (1 + AS_LONG), "right")
    before = np.searchsorted(exposures, exposures * (1 - AS_LONG), "left")
    lasts = float(exposures[(past - before).argmax()])
    kept, left = [], {}
    for frame in frames:
        if frame.taken_with == usual and abs(frame.exposure_s - lasts) <= AS_LONG * lasts:
            kept.append(frame)
        else:
            left[frame.path.name] = f"it is of {_words(*frame.taken_with, frame.exposure_s)}"
    return kept, left


def _words(camera: str, filter_name: str, exposure_s: float) -> str:
    return ", ".join(each for each in (camera, filter_name, f"{exposure_s:g} s") if each)


def _dated(path: Path) -> DatedFrame:
    with path.open("rb") as stream:
        cards = whole_cards(stream)
    kind, exposure = kind_said(cards).value, exposed_of(cards)
    if kind not in {None, FrameKind.LIGHT}:
        raise FrameError("no-light", f"its header calls it a {kind.value}")
    if exposure is None or not 0 < exposure.value <= LONGEST_S:
        raise FrameError(
            "no-exposure", f"its header has no EXPTIME or EXPOSURE of more than 0 and up to {LONGEST_S:g} s"
        )
    return DatedFrame(path, cards, taken_at(cards).value, exposure.value)
