"""The INDI server is kept at work: one that has ended is started again, and one that hangs is ended."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from pathlib import Path

from obsy.engine.devices.indi.children import Child, Children
from obsy.engine.devices.indi.pulse import Pulse
from obsy.engine.journal import tell_stderr

GLANCE_S = 0.25
PAUSES_S = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Before a server that has ended once more, or does not start, is tried again; the last for all that follow."""


class KeptServer:
    """A server and its drivers, which are programs of our own."""

    def __init__(
        self, children: Children, start: Callable[[], Child], local: Path, programs: Mapping[str, str]
    ) -> None:
        """Start it. Raise DeviceError if it cannot be.

        local: its socket, which one that is killed leaves behind. programs: the driver of each device.
        """
        self._children, self._start, self._local, self._programs = children, start, local, programs
        self._server: Child | None = start()

    async def run(self) -> None:
        """Start it again whenever it has ended."""
        tries = 0
        while True:
            await asyncio.sleep(GLANCE_S)
            if self._server is not None and self._server.poll() is None:
                tries = 0
                continue
            ended, self._server, why = self._server, None, "it has ended"
            try:
                if ended is not None:
                    self._children.end(ended)
                self._local.unlink(missing_ok=True)
                self._server = self._start()
            except Exception as fault:  # no memory for it, no file, not there: nothing else will start it
                why = f"it does not start: {str(fault) or repr(fault)}"
            tell_stderr(f"obsy: the INDI server is started again: {why}")
            await asyncio.sleep(PAUSES_S[min(tries, len(PAUSES_S) - 1)])
            tries += 1

    async def watch(self, pulse: Pulse) -> None:
        """Kill it when it answers for none of its devices, or the one driver that does not: it starts that again."""
        while True:
            server, hanging = self._server, await pulse.hanging()
            if server is None or server is not self._server or server.poll() is not None:
                pulse.begin()
                continue
            with suppress(OSError):  # it is tried again at the end of the time that they are given
                self._kill(server, hanging, whole=hanging == pulse.devices)

    def _kill(self, server: Child, hanging: Collection[str], *, whole: bool) -> None:
        if whole:
            tell_stderr("obsy: the INDI server answers for no device, and is ended")
            self._children.kill(server)
            return
        for each in hanging:
            if self._children.kill(server, Path(self._programs[each]).name):
                tell_stderr(f"obsy: the INDI driver of '{each}' does not answer, and is ended")
