"""A server that somebody else keeps: it is watched, and never ended or started."""

import asyncio
from collections.abc import Collection
from typing import NoReturn

from obsy.engine.devices.indi.client import IndiConnection
from obsy.engine.devices.indi.pulse import Pulse
from obsy.engine.journal import tell_stderr


async def watch(line: IndiConnection, devices: Collection[str], name: str) -> NoReturn:
    """Hang up on a server whose devices do not answer: then nothing counts that it said before, for it may be old.

    devices: those that move something. name: what the site calls the server.
    """
    pulse, (host, port) = Pulse(line.address, devices), line.address
    while True:
        hanging = await pulse.hanging()
        if hanging:
            silent = ", ".join(f"'{each}'" for each in sorted(hanging))
            tell_stderr(f"obsy: the INDI server '{name}' at {host}:{port} does not answer for {silent}")
            await asyncio.to_thread(line.hang_up)
