"""A server that somebody else keeps: it is watched, and never ended or started."""

import asyncio
from collections.abc import Collection
from typing import NoReturn

from obsy.engine.devices.indi.client import IndiConnection
from obsy.engine.devices.indi.pulse import Pulse
from obsy.engine.journal import tell_stderr


async def watch(line: IndiConnection, devices: Collection[str], name: str) -> NoReturn:
    """Forget devices that do not answer, and hang up where none does: nothing counts that they said, for it may be old.

    What the others say goes on to count. A device that answers again is as one that has just come.
    devices: those that move something. name: what the site calls the server.
    """
    pulse, lost = Pulse(line.address, devices), set[str]()
    while True:
        hanging = await pulse.hanging()
        back = lost & pulse.heard
        line.recall(back)
        lost = (lost - back) | hanging
        if not hanging:
            continue
        silent = ", ".join(f"'{each}'" for each in sorted(hanging))
        tell_stderr(f"obsy: the INDI server '{name}' at {line.address} does not answer for {silent}")
        line.forget(hanging)
        if lost == pulse.devices:
            await asyncio.to_thread(line.hang_up)
            lost.clear()
