"""Files that are no frames: kept apart with the reason beside them, because somebody may want them."""

import os
from pathlib import Path

from obsy.engine.frames.copy import copy, make_folder, name, release, trouble
from obsy.engine.frames.name import readable, word
from obsy.errors import FrameError


def quarantine(path: Path, folder: Path, why: FrameError) -> Path:
    """Its place in quarantine, with `….reason.txt` beside it; the file leaves only after its copy is proven.

    Raises ArchiveError if the folder cannot take it now; the file then stays where it is.
    """
    with trouble(folder, path):
        make_folder(folder)
    copied = copy(path, folder)
    place = folder / f"{word(path.stem)}_{copied.sha256[:12]}{readable(path.suffix)}"
    with trouble(folder, path):
        _write_reason(place.with_name(place.name + ".reason.txt"), path, why, copied.sha256)
    name(copied, place)
    release(path, copied.source)
    return place


def _write_reason(place: Path, path: Path, why: FrameError, sha256: str) -> None:
    words = f"{why.code}: {why}\nfile: {path.name}\nbytes: {path.stat().st_size}\nsha256: {sha256}\n"
    with place.open("w", encoding="utf-8", errors="backslashreplace") as stream:
        stream.write(words)
        stream.flush()
        os.fsync(stream.fileno())
