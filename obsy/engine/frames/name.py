"""Where a frame lies in the archive under which name: readable, safe on every disk, never the same for two frames."""

import re
from datetime import date
from pathlib import PurePosixPath

from obsy.engine.frames.frame import Frame, FrameKind

LONGEST_WORD, MOST_BYTES = 60, 90
"""Of a word; a file's name has two, and 255 bytes are all that a disk takes."""

_UNSAFE = re.compile(r"[^\w.+-]+")


def place(frame: Frame, night: date) -> PurePosixPath:
    """Return `2026-11-21/light/m31/…fits` or `2026-11-21/dark/…fits`, relative to the archive."""
    folder = PurePosixPath(night.isoformat()) / frame.kind
    return (folder / word(frame.object) if frame.kind is FrameKind.LIGHT else folder) / file_name(frame)


def file_name(frame: Frame) -> str:
    """`m31_L_180s_20261121T201500.000Z_0123456789ab.fits`; the end is the start of the file's own hash."""
    taken = f"{frame.taken_at:%Y%m%dT%H%M%S}.{frame.taken_at.microsecond // 1000:03d}Z"
    first = word(frame.object) if frame.kind is FrameKind.LIGHT else str(frame.kind)
    parts = [first, word(frame.filter) if frame.filter else "", f"{frame.exposure_s:g}s", taken, frame.sha256[:12]]
    return "_".join(part for part in parts if part) + ".fits"


def word(text: str) -> str:
    """A text as a part of a path: letters, digits, `.`, `+` and `-`; never empty, never hidden, never a way up."""
    safe = _UNSAFE.sub("-", text.strip()).strip(".-_")
    short = safe[:LONGEST_WORD].encode()[:MOST_BYTES].decode(errors="ignore")
    return short.rstrip(".-_") or "unnamed"


def readable(text: str) -> str:
    """A file's name as any text may hold it: bytes that are not UTF-8 are written as their numbers."""
    return text.encode(errors="surrogateescape").decode(errors="backslashreplace")
