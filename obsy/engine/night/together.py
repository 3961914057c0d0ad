"""Several things at once, each to its end."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any


async def together(*deeds: Coroutine[Any, Any, None]) -> None:
    """Run them all to their ends, whatever becomes of one; then raise the first fault. Cancelled, cancel them all."""
    faults = [each for each in await asyncio.gather(*deeds, return_exceptions=True) if each is not None]
    if faults:
        raise faults[0]


async def to_its_end(deed: Coroutine[Any, Any, None]) -> None:
    """Run it to its end, however often this task is cancelled meanwhile; raise what it raises."""
    task = asyncio.get_running_loop().create_task(deed)
    while not task.done():
        with suppress(asyncio.CancelledError):
            await asyncio.wait({task})
    task.result()
