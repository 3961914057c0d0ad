"""Where files go that are no frames: kept with their reasons, because somebody may want them."""

from pathlib import Path

from obsy.engine.disk import flush_folder, write_whole
from obsy.engine.frames.copy import Seen, copy, lseen, name, trouble
from obsy.engine.frames.name import readable, word
from obsy.errors import FrameError


def quarantine(path: Path, folder: Path, why: FrameError) -> tuple[Path, Seen]:
    """Put aside a file that is no frame.

    Return its place in quarantine, with `….reason.txt` beside it, and what was copied there, for `release`.

    A file that is there already keeps its first reason. Raises ArchiveError if the folder cannot take it now.
    """
    copied = copy(path, folder)
    place = folder / f"{word(path.stem)}_{copied.sha256[:12]}{readable(path.suffix)}"
    _give_reason(path, place, why, f"bytes: {copied.source.size}\nsha256: {copied.sha256}\n")
    name(copied, place)
    return place, copied.source


def move_aside(path: Path, folder: Path, why: FrameError) -> tuple[Path, Seen]:
    """Put aside, unread, what nobody can read; as `quarantine`, but without a copy. Raises OSError if it must stay."""
    what = lseen(path)
    place = folder / f"{word(path.stem)}_{what.inode}-{what.changed_ns}{readable(path.suffix)}"
    _give_reason(path, place, why, f"bytes: {what.size}\n")
    path.rename(place)
    flush_folder(folder)
    return place, what


def _give_reason(path: Path, place: Path, why: FrameError, more: str) -> None:
    words = f"{why.code}: {why}\nfile: {path.name}\n{more}"
    with trouble(place.parent, path):
        if not place.exists():
            beside = place.with_name(place.name + ".reason.txt")
            write_whole(beside, words.encode(errors="backslashreplace"), alone=True)
