"""The night of a drill: a process that has the roof opened, and asks that it stays so until it is killed or silenced.

python -m obsy.engine.drills.real.night ROOT SITE ROOF; with the first line at stdin, it asks for nothing any more; at
the end of stdin, it ends.
"""

import asyncio
import os
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path

from obsy.engine.devices.clock import WallClock
from obsy.engine.drills.real.by_day import drill_of
from obsy.engine.runtime.guard.line import GuardLine
from obsy.engine.runtime.guard.wire import dial
from obsy.errors import DeviceError

AGAIN_S = 1.0


async def ask(root: Path, site: str, roof: str) -> None:
    """Ask for ever. No mount is moved."""
    line, heard = GuardLine(partial(dial, drill_of(root, site))), list[bytes]()
    asked = line.keeper(roof, WallClock(), partial(asyncio.sleep, 0.0))
    talking, is_open = asyncio.ensure_future(line.run()), False
    asyncio.get_running_loop().add_reader(sys.stdin, lambda: heard.append(os.read(sys.stdin.fileno(), 4096)))
    while b"" not in heard:
        if not is_open:
            with suppress(DeviceError):  # not yet
                await asked.open()
                is_open = True
        elif not heard:
            asked.renew()
        await asyncio.sleep(AGAIN_S)
    talking.cancel()


if __name__ == "__main__":
    asyncio.run(ask(Path(sys.argv[1]), *sys.argv[2:4]))
