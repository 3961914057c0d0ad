"""Stops somebody's EKOS when obsy was killed: it would go on exposing, and slew, under a roof that is being closed.

A process of its own holds the end of a pipe, and is told whose list is ours; the pipe breaks with whoever held it.
"""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from obsy.engine.devices.ekos.bus import open_bus
from obsy.engine.devices.ekos.guest import give_back
from obsy.engine.devices.ekos.scheduler import Ekos
from obsy.errors import DeviceError

TRIES, PAUSE_S = 12, 5.0
"""A KStars that hangs is asked for a minute."""
ENDS_WITHIN_S = 5.0


class DeadHand:
    """The near end of the pipe."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def holds(self, connection: str) -> None:
        """Tell whose list is ours, the connection of a KStars; '' for none. Raise DeviceError if nobody hears it."""
        pipe = self._process.stdin
        assert pipe is not None
        try:
            pipe.write(f"{connection}\n".encode())
            pipe.flush()
        except OSError as fault:
            if connection:
                raise DeviceError(f"nothing would stop EKOS if obsy were killed: {fault}") from fault


@contextmanager
def dead_hand(address: str) -> Iterator[DeadHand]:
    """A process that outlives this one, for as long as the block runs. address: of the message bus."""
    command = [sys.executable, "-P", "-m", __spec__.name, address]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
    try:
        yield DeadHand(process)
    finally:
        with suppress(OSError, subprocess.TimeoutExpired):  # what could not be taken out it goes on trying to
            process.communicate(timeout=ENDS_WITHIN_S)


async def let_go(address: str, held: str) -> None:
    """Stop the EKOS in which a block of ours was left, and take that out."""
    for _ in range(TRIES if held else 0):
        with suppress(DeviceError):
            async with open_bus(address) as bus:
                await give_back(Ekos(bus), held)
            return
        await asyncio.sleep(PAUSE_S)


def main() -> None:
    """Listen until the pipe breaks."""
    held = ""
    for line in sys.stdin:
        held = line.strip()
    asyncio.run(let_go(sys.argv[1], held))


if __name__ == "__main__":
    main()
