"""A night that moves real devices: its line to the guard of its roofs, and to the INDI server that the guard keeps."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial

from obsy.engine.runtime.guard.line import GuardLine
from obsy.engine.runtime.guard.wire import dial, guard_of
from obsy.engine.runtime.setup import NightSetup
from obsy.errors import DeviceError

GUARD_S = 60.0
"""So long a guard that answers may take until it says where its INDI server is."""


@asynccontextmanager
async def guard_line(setup: NightSetup) -> AsyncIterator[GuardLine]:
    """The line to the guard of the site, which the start has found or begun."""
    guard = guard_of(setup.asked.root, setup.observatory.site.name)
    line = GuardLine(partial(dial, guard), setup.asked.start.begin_guard)
    running = asyncio.create_task(line.run())
    try:
        yield line
    finally:
        running.cancel()


async def indi_address(guard: GuardLine) -> tuple[str, int]:
    """Return host and port of the guard's INDI server. Raise DeviceError if it does not say so in time."""
    with suppress(TimeoutError):
        async with asyncio.timeout(GUARD_S):
            while guard.indi is None:
                await asyncio.sleep(0.1)
            return guard.indi
    raise DeviceError(f"the guard of the roof reaches no INDI server: {guard.trouble or 'it does not answer'}")
