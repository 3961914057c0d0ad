"""A frame of the archive stays one, also where an earlier version took what would be refused at the door today."""

import re
from pathlib import Path

from obsy.engine.frames.cards import Cards, CommentedCards, comment
from obsy.engine.frames.copy import sha256_of
from obsy.engine.frames.frame import Frame, FrameKind
from obsy.engine.frames.header import describe, whole_cards
from obsy.engine.frames.kind import CARDS, COUNTS, OF_OBSY
from obsy.engine.frames.start import DAYS, UTC_CLOCKS
from obsy.errors import FrameError

NAME = re.compile(r".*_(?P<exposure>\d[\d.e+-]*)s_(?P<start>\d{8}T\d{6}\.\d{3}Z)_(?P<sha256>[0-9a-f]{12})\.fits")
"""As `frames/name.py` writes it."""
KIND = {"is-a-master", "is-a-product", "no-kind", "unknown-kind"}
START = {"no-time", "bad-time", "not-utc"}
TOLD = {
    **dict.fromkeys(KIND, (*CARDS, *COUNTS, *OF_OBSY, "CALSTAT", "FIELD")),
    **dict.fromkeys(START, ("DATE-OBS", "DATE-BEG", "TIMESYS", "JD_UTC", *DAYS, *UTC_CLOCKS)),
    "no-exposure": ("EXPTIME", "EXPOSURE", "EXP"),
    "is-a-cube": ("NAXIS",),
    "uneven-binning": ("XBINNING", "YBINNING", "HBIN", "VBIN", "CCDSUM", "BINNING"),
}
"""The cards that a header is refused for, by the code of the refusal: what they should say, a frame's place says."""


def read_archived(path: Path, archive: Path) -> tuple[Frame, str]:
    """Return an archived frame, and why a file like it would be refused today; empty if it would not.

    Kind, start and exposure of one that would be are those of its place, if its bytes are those that its name tells.
    Raises FrameError if it is not whole, or not what was archived.
    """
    with path.open("rb") as stream:
        cards = whole_cards(stream)
    sha256, refused = sha256_of(path), dict[str, str]()
    while True:
        try:
            return describe(cards, path, sha256), next(iter(refused.values()), "")
        except FrameError as fault:
            if fault.code in refused:
                raise
            refused[fault.code] = str(fault)
            cards = _as_told(cards, fault, path.relative_to(archive), sha256)


def _as_told(cards: Cards, fault: FrameError, place: Path, sha256: str) -> Cards:
    """Return the cards with what a frame's place tells of it. Raises the fault if that does not mend it."""
    name = NAME.fullmatch(place.name)
    kind = "".join(place.parts[1:2])
    if fault.code not in TOLD or name is None or not sha256.startswith(name["sha256"]) or kind not in set(FrameKind):
        raise fault
    told = CommentedCards()
    told.update({key: value for key, value in cards.items() if key not in TOLD[fault.code]})
    told.comments.update({key: comment(cards, key) for key in told})
    if fault.code in KIND:
        told["IMAGETYP"] = kind
        told["OBJECT"] = "" if str(told.get("OBJECT", "")).startswith("Output from MAKE") else told.get("OBJECT", "")
    elif fault.code in START:
        told["DATE-OBS"] = name["start"]
    elif fault.code == "no-exposure":
        told["EXPTIME"] = float(name["exposure"])
    return told
