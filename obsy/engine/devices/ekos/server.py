"""An INDI server of our own, which needs no KStars."""

import asyncio
import hashlib
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

from obsy.engine.devices.ekos.children import Child, Children
from obsy.engine.devices.ekos.profile import SIMULATORS, Server
from obsy.engine.journal import tell_stderr
from obsy.errors import DeviceError

PORTS = range(20_000, 30_000)
"""Below those that Linux gives to whoever asks for any (`ip_local_port_range`)."""
_GLANCE_S = 0.25
PAUSES_S = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Before a server that has ended once more, or does not start, is tried again; the last for all that follow."""
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


@asynccontextmanager
async def indi_server(children: Children, environment: dict[str, str], local: Path) -> AsyncIterator[Server]:
    """An INDI server with its drivers, on the port of the one before, so that whoever was connected finds it again."""
    port = free_port(str(children.logs))
    command = ["indiserver", "-p", str(port), "-u", str(local), *SIMULATORS.values()]

    async def keep(server: Child | None) -> None:
        tries = 0
        while True:
            await asyncio.sleep(_GLANCE_S)
            if server is not None and server.poll() is None:
                tries = 0
                continue
            ended, server, why = server, None, "it has ended"
            try:
                if ended is not None:
                    children.end(ended)
                local.unlink(missing_ok=True)
                server = children.start(command, environment)
            except Exception as fault:  # no memory for it, no file, not there: nothing else will start it
                why = f"it does not start: {str(fault) or repr(fault)}"
            tell_stderr(f"obsy: the INDI server is started again: {why}")
            await asyncio.sleep(PAUSES_S[min(tries, len(PAUSES_S) - 1)])
            tries += 1

    keeping = asyncio.create_task(keep(children.start(command, environment)))
    try:
        yield Server("localhost", port)
    finally:
        keeping.cancel()
