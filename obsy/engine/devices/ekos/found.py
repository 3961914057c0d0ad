"""The KStars that a person runs: one and only one on their message bus, and where it keeps its files."""

import os
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from obsy.engine.devices.ekos.bus import SERVICE, Bus
from obsy.errors import DeviceError

PROC = Path("/proc")
PROGRAM = "kstars"


class FoundKStars(NamedTuple):
    """A running KStars."""

    process: int
    program: str
    """Its file."""
    database: Path


async def find_kstars(bus: Bus, proc: Path = PROC) -> FoundKStars:
    """Return the one KStars on a bus. Raise DeviceError if there is none, or several, or another person's.

    Of several, one alone answers by its name; which of them a person looks at is not known.
    """
    names = await bus.names()
    if SERVICE not in names:
        raise DeviceError(
            "no KStars runs in this desktop session: start it, and in EKOS your profile; or leave out '--attach', "
            "and obsy starts one of its own"
        )
    first = await bus.process(SERVICE)
    others = set[int]()
    for each in names:
        with suppress(DeviceError):  # a busy bus: many a connection has ended since it was named
            others |= {await bus.process(each)} if each.startswith(":") else set()
    found = sorted({first} | {each for each in others if _called(each, proc) == PROGRAM})
    if len(found) > 1:
        numbers = ", ".join(map(str, found))
        raise DeviceError(f"{len(found)} KStars run in this session (processes {numbers}): end all but the one to use")
    return _at(first, proc)


def _called(process: int, proc: Path) -> str:
    try:
        return (proc / str(process) / "comm").read_text().strip()
    except OSError:
        return ""


def _at(process: int, proc: Path) -> FoundKStars:
    here = proc / str(process)
    try:
        told = dict(each.partition("=")[::2] for each in os.fsdecode((here / "environ").read_bytes()).split("\0"))
        program = os.readlink(here / "exe")
    except OSError as fault:
        raise DeviceError(
            f"KStars (process {process}) cannot be looked at: {fault}; run obsy as the person who runs KStars"
        ) from fault
    data = Path(told.get("XDG_DATA_HOME") or Path(told.get("HOME") or "~").expanduser() / ".local" / "share")
    return FoundKStars(process, program, data / "kstars" / "userdb.sqlite")
