"""What a night and the guard of its roofs say to each other: a JSON object a line, bounded and checked on arrival."""

import asyncio
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from obsy.errors import DeviceError

LONGEST = 65536
"""Bytes of a line; who sends a longer one is no obsy, and is hung up on."""
BEHIND = 1 << 20
"""Bytes that may wait for one who reads too slowly before they are hung up on."""
ASKS = ("hear", "check", "open", "renew", "withdraw", "give-back", "look", "found", "release")
Said = dict[str, Any]


def written(said: Mapping[str, Any]) -> bytes:
    """Return a message as a line."""
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def understood(line: bytes) -> Said:
    """Return the message of a line. Raise DeviceError if it is none."""
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        said = None
    if len(line) > LONGEST or not isinstance(said, dict):
        raise DeviceError("the line is no message")
    return said


def question(said: Said) -> tuple[int, str, str]:
    """Return number, roof and question of what a night asks. Raise DeviceError if it is no question."""
    number, roof, ask = said.get("id"), said.get("roof"), said.get("ask")
    known = isinstance(number, int) and not isinstance(number, bool) and isinstance(roof, str)
    if not known or ask not in ASKS:
        raise DeviceError("the message asks nothing that is known")
    return int(str(number)), str(roof), str(ask)


class Wire:
    """One end of a connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Stand at one end of an open connection."""
        self._reader, self._writer = reader, writer
        self.heard_s = float("-inf")
        """When it was heard last, seconds, monotonic."""
        self.hears = False
        """Whether whoever is at the other end journals what happens, and tells people."""

    def send(self, said: Mapping[str, Any]) -> None:
        """Send without waiting; one who does not read is hung up on."""
        if self._writer.is_closing():
            return
        if self._writer.transport.get_write_buffer_size() > BEHIND:
            self._writer.transport.abort()
            return
        self._writer.write(written(said))

    async def read(self) -> Said | None:
        """Return the next message; None if the other end has gone. Raise DeviceError for what is no message."""
        try:
            line = await self._reader.readline()
        except (ValueError, OSError):  # longer than may be, or torn
            raise DeviceError("the line is no message") from None
        return understood(line) if line.endswith(b"\n") else None

    def close(self) -> None:
        """Hang up."""
        self._writer.close()


@contextmanager
def reachable(path: Path) -> Iterator[str]:
    """A name by which a socket can be bound or reached, however long its path is; Linux allows 107 bytes."""
    if len(os.fsencode(path)) < 100:  # noqa: PLR2004
        yield str(path)
        return
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


async def dial(path: Path) -> Wire:
    """Return a connection to the guard. Raise OSError if none answers."""
    with reachable(path) as name:
        return Wire(*await asyncio.open_unix_connection(name, limit=LONGEST))
