"""A copy that is proven before it counts: written, flushed to the disk, read back and compared by hash."""

import errno
import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from obsy.engine.disk import flush_folder, make_folder
from obsy.errors import ArchiveError, FrameError, SourceError

CHUNK = 1 << 20
STAGING = ".arriving"
UNREADABLE, NO_LINK = "unreadable", "no-link"
"""What is the matter with a file that cannot be read, and with one that can have no second name in the archive."""
GONE = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP}
LINKLESS = {errno.EXDEV, errno.EPERM, errno.EMLINK, errno.EOPNOTSUPP}


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it was when it was copied; if it differs later, it is another file."""

    size: int
    changed_ns: int
    inode: int


@dataclass(frozen=True, slots=True)
class Copied:
    """A proven copy that has no name of its own yet."""

    path: Path
    sha256: str
    source: Seen


def seen(path: Path) -> Seen:
    """What tells this file from another that takes its name."""
    return _seen(path.stat())


def lseen(path: Path) -> Seen:
    """The same of a link itself, wherever it leads to."""
    return _seen(path.lstat())


def _seen(status: os.stat_result) -> Seen:
    return Seen(status.st_size, status.st_mtime_ns, status.st_ino)


def copy(source: Path, folder: Path, *, pieces: Iterable[bytes] | None = None, linked: bool = False) -> Copied:
    """A proven copy of `source` in the staging place of `folder`; the source is only read.

    pieces: what is copied instead of its bytes, such as what is packed in it. linked: it is a second name of the very
    file, which takes no room and is changed with it.
    Raises ArchiveError if it cannot be written or reads back differently, FrameError if the source changed meanwhile,
    SourceError if the source cannot be read.
    """
    with trouble(folder, source):
        before = seen_to_read(source)
        staging = folder / STAGING / f"{before.inode}-{before.changed_ns}-{os.getpid()}"
        make_folder(staging.parent)
        try:
            said = _read(pieces or _pieces(source), source)
            sha256 = _link(source, staging) if linked and pieces is None else _write(said, staging)
            if sha256_of(staging) != sha256:
                raise ArchiveError(f"{folder} gives back other bytes than {source.name} has; is its disk failing?")
            if seen_to_read(source) != before:
                raise FrameError("still-changing", f"{source.name} changed while it was copied")
        except BaseException:
            staging.unlink(missing_ok=True)
            raise
    return Copied(staging, sha256, before)


def name(copied: Copied, place: Path) -> None:
    """Give the copy its place, at once and for good; the same bytes already there are the same thing."""
    with trouble(place.parent, copied.path):
        make_folder(place.parent)
        if place.exists() and sha256_of(place) == copied.sha256:
            copied.path.unlink()
            return
        copied.path.replace(place)
        flush_folder(place.parent)


def release(source: Path, proven: Seen) -> bool:
    """Remove a source whose copy is proven; False if it is gone already, or no longer what was copied."""
    try:
        if seen(source) != proven:
            return False
        source.unlink()
    except FileNotFoundError:
        return False
    return True


def forget(source: Seen, *folders: Path) -> None:
    """Remove what a worker that was ended left of its copies of this file."""
    for folder in folders:
        for left in (folder / STAGING).glob(f"{source.inode}-{source.changed_ns}-*"):
            left.unlink(missing_ok=True)


def seen_to_read(source: Path) -> Seen:
    """As `seen`. Raises as `reading`."""
    with reading(source):
        return seen(source)


def sweep(folder: Path) -> None:
    """Remove what a killed process left in the staging place; its sources are still where they were."""
    for left in (folder / STAGING).glob("*"):
        left.unlink(missing_ok=True)


@contextmanager
def trouble(folder: Path, source: Path) -> Iterator[None]:
    """Turn a refusal of the system into an ArchiveError that says what to mend; a FrameError if the source is gone."""
    try:
        yield
    except OSError as refusal:
        if not source.exists():
            raise FrameError("vanished", f"{source.name} went away before it was copied") from refusal
        words = f"{folder} cannot take {source.name}: {refusal}; make room or mend the permissions"
        raise ArchiveError(words) from refusal


@contextmanager
def reading(source: Path) -> Iterator[None]:
    """Turn a refusal of the system to read a source into a SourceError; a FrameError if it is gone."""
    try:
        yield
    except OSError as refusal:
        if refusal.errno in GONE:
            raise FrameError("vanished", f"{source.name} went away before it was copied") from refusal
        raise SourceError(UNREADABLE, f"it cannot be read: {refusal.strerror or refusal}") from refusal


def _link(source: Path, place: Path) -> str:
    place.unlink(missing_ok=True)
    try:
        place.hardlink_to(source.resolve())
    except OSError as refusal:
        if refusal.errno not in LINKLESS:
            raise
        words = f"it can have no second name in the archive ({refusal.strerror}): use '--copy'"
        raise SourceError(NO_LINK, words) from refusal
    with reading(source):
        return sha256_of(source)


def _write(pieces: Iterable[bytes], place: Path) -> str:
    digest = hashlib.sha256()
    with place.open("wb") as writing:
        for piece in pieces:
            digest.update(piece)
            writing.write(piece)
        writing.flush()
        os.fsync(writing.fileno())
        os.posix_fadvise(writing.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)  # so that reading back asks the disk
    return digest.hexdigest()


def _pieces(source: Path) -> Iterator[bytes]:
    with source.open("rb") as stream:
        while piece := stream.read(CHUNK):
            yield piece


def _read(pieces: Iterable[bytes], source: Path) -> Iterator[bytes]:
    with reading(source):
        yield from pieces


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, read from the disk."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
