"""An INDI server of our own, which needs no KStars."""

import asyncio
import hashlib
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

from obsy.engine.devices.indi.children import Children
from obsy.engine.devices.indi.kept import KeptServer
from obsy.engine.devices.indi.pulse import Pulse
from obsy.engine.devices.indi.simulators import SIMULATORS
from obsy.errors import DeviceError
from obsy.schemas.address import ServerAddress

PORTS = range(20_000, 30_000)
"""Below those that Linux gives to whoever asks for any (`ip_local_port_range`)."""
_MEMORY = "/dev/shm"  # noqa: S108 - made under a name that nobody can guess


@contextmanager
def socket_folder() -> Iterator[Path]:
    """A folder in which a socket's path stays below some hundred characters, in memory if no disk takes one."""
    try:
        folder = tempfile.mkdtemp(prefix="obsy-")
    except OSError:
        folder = tempfile.mkdtemp(prefix="obsy-", dir=_MEMORY)
    try:
        yield Path(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def free_port(whose: str) -> int:
    """Return a port that nobody listens at: always the same one for the same name, unless others have it."""
    first = PORTS.start + int(hashlib.sha256(whose.encode()).hexdigest(), 16) % len(PORTS)
    for port in (first, first + 1, first + 2, 0):
        with suppress(OSError), socket.socket() as free:
            free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # also just after another has let go of it
            free.bind(("", port))
            return int(free.getsockname()[1])
    raise DeviceError("no port is free for the INDI server")


def with_sky(environment: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Return an environment in which INDI's simulated camera finds stars: it asks a program `gsc`, behind all others.

    folder: where that program is written; if it cannot be, there are none.
    """
    program = folder / "gsc"
    with suppress(OSError):
        program.write_text(f"#!/bin/sh\nexec '{sys.executable}' -P -m obsy.engine.sky.gsc \"$@\"\n")
        program.chmod(0o755)
    path = environment.get("PATH", os.defpath)
    return {**environment, "PATH": f"{path}{os.pathsep}{folder}"}


@asynccontextmanager
async def indi_server(
    children: Children,
    environment: dict[str, str],
    local: Path,
    devices: Collection[str] = (),
    programs: Mapping[str, str] = SIMULATORS,
) -> AsyncIterator[ServerAddress]:
    """An INDI server with its drivers, on the port of the one before, so that whoever was connected finds it again.

    devices: those whose drivers must answer. One that hangs is killed, and so is the server if it answers for none.
    programs: the drivers, by the devices that they are for.
    """
    port, environment = free_port(str(children.logs)), with_sky(environment, local.parent)
    command = ["indiserver", "-p", str(port), "-u", str(local), *dict.fromkeys(programs.values())]
    kept = KeptServer(children, lambda: children.start(command, environment), local, programs)
    tasks = [asyncio.create_task(kept.run())]
    if devices:
        tasks.append(asyncio.create_task(kept.watch(Pulse(ServerAddress("127.0.0.1", port), devices))))
    try:
        yield ServerAddress("localhost", port)
    finally:
        for each in tasks:
            each.cancel()
