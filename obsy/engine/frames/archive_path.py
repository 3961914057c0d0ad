"""Where a frame lies in the archive: by observing night, then by what it is."""

from datetime import date
from pathlib import PurePosixPath

from obsy.engine.frames.frame import Frame, FrameKind
from obsy.engine.frames.name import file_name, word


def place(frame: Frame, night: date) -> PurePosixPath:
    """`2026-11-21/light/m31/…fits` or `2026-11-21/dark/…fits`, relative to the archive."""
    folder = PurePosixPath(night.isoformat()) / frame.kind
    return (folder / word(frame.object) if frame.kind is FrameKind.LIGHT else folder) / file_name(frame)
