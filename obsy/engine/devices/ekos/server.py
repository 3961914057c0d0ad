"""An INDI server of our own, which needs no KStars."""

import asyncio
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from obsy.engine.devices.ekos.children import Child, Children
from obsy.engine.devices.ekos.profile import SIMULATORS, Server

_GLANCE_S = 0.25
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


@asynccontextmanager
async def indi_server(children: Children, environment: dict[str, str], local: Path) -> AsyncIterator[Server]:
    """An INDI server with its drivers, on a free port and a local socket of its own; one that dies is started again."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = ["indiserver", "-p", str(port), "-u", str(local), *SIMULATORS.values()]

    async def keep(server: Child) -> None:
        while True:
            await asyncio.sleep(_GLANCE_S)
            if server.poll() is not None:
                children.end(server)
                local.unlink(missing_ok=True)
                server = children.start(command, environment)

    keeping = asyncio.create_task(keep(children.start(command, environment)))
    try:
        yield Server("localhost", port)
    finally:
        keeping.cancel()
