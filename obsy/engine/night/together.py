"""Several things at once, each to its end."""

import asyncio
from collections.abc import Coroutine
from typing import Any


async def together(*deeds: Coroutine[Any, Any, None]) -> None:
    """Run them all to their ends, whatever becomes of one; then raise the first fault. Cancelled, cancel them all."""
    faults = [each for each in await asyncio.gather(*deeds, return_exceptions=True) if each is not None]
    if faults:
        raise faults[0]
