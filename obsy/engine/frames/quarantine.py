"""Files that are no frames: kept apart with the reason beside them, because somebody may want them."""

from pathlib import Path

from obsy.engine.disk import make_folder, write_whole
from obsy.engine.frames.copy import copy, name, release, trouble
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
    words = f"{why.code}: {why}\nfile: {path.name}\nbytes: {copied.source.size}\nsha256: {copied.sha256}\n"
    with trouble(folder, path):
        write_whole(place.with_name(place.name + ".reason.txt"), words.encode(errors="backslashreplace"))
    name(copied, place)
    release(path, copied.source)
    return place
