"""What a night and the guard of its roofs say to each other: a JSON object a line, bounded and checked on arrival."""

import asyncio
import json
import os
import socket
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from obsy.engine.journal import plain, tell_stderr
from obsy.engine.safety.lock import ASKERS, address, peer
from obsy.errors import DeviceError

PROTOCOL = 2
"""Raised whenever what is said changes its meaning: neither side believes one who speaks another."""
LONGEST = 65536
"""Bytes of a line; who sends a longer one is no obsy, and is hung up on."""
CUTS = (2000, 200)
"""So many characters of a word are left in a line that would be longer, if need be."""
BEHIND = 1 << 20
"""Bytes that may wait for one who reads too slowly before they are hung up on."""
ASKS = ("hear", "check", "open", "renew", "withdraw", "give-back", "look", "found", "release")
GREETS_WITHIN_S = 5.0
Said = dict[str, Any]


def guard_of(root: Path, site: str) -> str:
    """Return what the one guard of a site holds for itself; see `lock.claim`."""
    return f"the guard of the site '{site}' in {root.resolve()}"


def written(said: Mapping[str, Any]) -> bytes:
    """Return a message as a line; its words are cut if that is too long. Raise DeviceError if it is even then."""
    whole = plain(said)
    for most in (0, *CUTS):
        words = _cut(whole, most) if most else whole
        line = json.dumps(words, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        if len(line) <= LONGEST:
            return line
    raise DeviceError(f"a message of {len(line)} bytes is too long for a night and its guard")


def _cut(said: Any, most: int) -> Any:
    """Return what JSON holds with no word longer than that."""
    if isinstance(said, str):
        return said if len(said) <= most else said[: most - 1] + "…"
    if isinstance(said, dict):
        return {name: _cut(each, most) for name, each in said.items()}
    return [_cut(each, most) for each in said] if isinstance(said, list) else said


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
        self.holder = ""
        """Who is at the other end, as they say."""
        self.heard_s = float("-inf")
        """When it was heard last, seconds of the event loop."""
        self.hears = False
        """Whether whoever is at the other end journals what happens, and tells people."""

    @property
    def process(self) -> int | None:
        """The process at the other end, as the kernel says; None where it cannot be seen from here."""
        line = self._writer.get_extra_info("socket")
        return peer(line)[0] or None if line is not None else None

    def send(self, said: Mapping[str, Any]) -> None:
        """Send without waiting; one who does not read is hung up on."""
        if self._writer.is_closing():
            return
        if self._writer.transport.get_write_buffer_size() > BEHIND:
            self._writer.transport.abort()
            return
        try:
            self._writer.write(written(said))
        except DeviceError as too_long:
            tell_stderr(f"obsy: not said: {too_long}")

    async def read(self) -> Said | None:
        """Return the next message; None if the other end has gone. Raise DeviceError for what is no message."""
        try:
            line = await self._reader.readline()
        except ConnectionError:  # gone without having read all
            return None
        except (ValueError, OSError):  # longer than may be, or torn
            raise DeviceError("the line is no message") from None
        return understood(line) if line.endswith(b"\n") else None

    def close(self) -> None:
        """Hang up."""
        self._writer.close()


def is_one_of_us(line: socket.socket) -> bool:
    """Whether this user, or root, is at the other end."""
    return peer(line)[1] in (os.getuid(), 0)


async def serve(
    held: socket.socket, accept: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
) -> asyncio.Server:
    """Return a server whose socket is held already; see `lock.claim`."""
    server = await asyncio.start_unix_server(accept, sock=held, limit=LONGEST)
    held.listen(ASKERS)  # once more: asyncio lets a hundred wait
    return server


async def dial(guard: str) -> Wire:
    """Return a connection to a guard. Raise OSError if none answers that is this user's, or root's."""
    reader, writer = await asyncio.open_unix_connection(address(guard), limit=LONGEST)
    if not is_one_of_us(writer.get_extra_info("socket")):
        writer.close()
        raise OSError(f"{guard} is another user's")
    return Wire(reader, writer)


def greeting(guard: str) -> Said | None:
    """Return how a guard greets; nothing at all if it says nothing in time, None if there is none."""
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(GREETS_WITHIN_S)
            line.connect(address(guard))
            said = {"process": peer(line)[0], "own": is_one_of_us(line)}
            try:
                with line.makefile("rb") as words:
                    return understood(words.readline(LONGEST)) | said
            except (OSError, DeviceError):
                return said
    except OSError:
        return None
