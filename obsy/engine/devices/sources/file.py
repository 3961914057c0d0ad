"""A file that another program rewrites."""

import os
import stat
from collections.abc import Callable
from datetime import UTC, datetime

from obsy.engine.devices.ports import Reading
from obsy.engine.devices.sources.apart import Apart
from obsy.engine.devices.sources.text import LARGEST, Said
from obsy.errors import DeviceError

ATTEMPTS = 3

Understand = Callable[[bytes, bool], Said]
"""Reads the bytes of a source; told whether it is known that they are all there."""


class FileSource:
    """A weather input behind a file; its age is that of the file or of the time in it, whichever is older."""

    def __init__(self, path: str, understand: Understand) -> None:
        self._path, self._understand = os.path.expanduser(path), understand
        self._apart = Apart(f"the file '{path}'")

    async def read(self) -> Reading:
        """Return what it says. Raise DeviceError if it is missing, half written, too long, or makes no sense."""
        return await self._apart.run(self._read)

    def _read(self) -> Reading:
        raw, written = at_rest(self._path, LARGEST)
        said = self._understand(raw, False)
        return Reading(said.values, min(written, said.taken_at or written))


def at_rest(path: str, most: int) -> tuple[bytes, datetime]:
    """Return a file, one byte more than `most` at the longest, and its date; nothing of it changed meanwhile.

    Raise DeviceError if it is no plain file or is rewritten all the time, OSError if it cannot be read.
    """
    for _ in range(ATTEMPTS):
        raw, before, after = _bytes(path, most)
        if (before.st_mtime_ns, before.st_size, before.st_ino) == (after.st_mtime_ns, after.st_size, after.st_ino):
            return raw, datetime.fromtimestamp(before.st_mtime, UTC)
    raise DeviceError("it was rewritten again and again while it was read")


def _bytes(path: str, most: int) -> tuple[bytes, os.stat_result, os.stat_result]:
    """Return the content, and what the file was before and after; never wait for the writer of a pipe."""
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        before = os.fstat(handle)
        if not stat.S_ISREG(before.st_mode):
            raise DeviceError("it is no plain file")
        with os.fdopen(handle, "rb", closefd=False) as opened:
            return opened.read(most + 1), before, os.stat(path)
    finally:
        os.close(handle)
