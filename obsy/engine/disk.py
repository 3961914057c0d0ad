"""Files that are there whole or not at all, also after a power cut."""

import os
from pathlib import Path


def write_whole(path: Path, content: bytes, mode: int | None = None, *, alone: bool = False) -> None:
    """Put these bytes at `path`, in the place of what was there; its folder is made. Raise OSError if the disk refuses.

    The temporary file begins with a dot and ends in `.part`, so that no watch takes it for a finished one.
    mode: who may read and write it, from its first byte on; None leaves it to the system. alone: whether nobody else
    may write it now, so that what a killed process left of it is written over.
    """
    make_folder(path.parent)
    temporary = path.with_name(f".{path.name}.{'' if alone else f'{os.getpid()}.'}part")
    try:
        with temporary.open("wb") as file:
            if mode is not None:
                os.fchmod(file.fileno(), mode)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    flush_folder(path.parent)


def within(path: Path, folder: Path) -> Path:
    """Return a path as seen from a folder, or as it is if it lies elsewhere."""
    return path.relative_to(folder) if path.is_relative_to(folder) else path


def make_folder(folder: Path) -> None:
    """Make a folder and its parents, each recorded on the disk in the one that holds it."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        flush_folder(folder.parent)


def flush_folder(folder: Path) -> None:
    """Return when the names in a folder are on the disk."""
    place = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)
