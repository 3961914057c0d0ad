"""Files that are no frames: kept apart with the reason beside them, because somebody may want them."""

from pathlib import Path

from obsy.engine.disk import make_folder, write_whole
from obsy.engine.frames.copy import Seen, copy, name, trouble
from obsy.engine.frames.name import readable, word
from obsy.errors import FrameError


def quarantine(path: Path, folder: Path, why: FrameError) -> tuple[Path, Seen]:
    """Return the file's place in quarantine, with `….reason.txt` beside it, and what was copied there, for `release`.

    A file that is there already keeps its first reason. Raises ArchiveError if the folder cannot take it now.
    """
    with trouble(folder, path):
        make_folder(folder)
    copied = copy(path, folder)
    place = folder / f"{word(path.stem)}_{copied.sha256[:12]}{readable(path.suffix)}"
    words = f"{why.code}: {why}\nfile: {path.name}\nbytes: {copied.source.size}\nsha256: {copied.sha256}\n"
    with trouble(folder, path):
        if not place.exists():
            write_whole(place.with_name(place.name + ".reason.txt"), words.encode(errors="backslashreplace"))
    name(copied, place)
    return place, copied.source
