"""A server of somebody else is hung up on if none of its devices answers; one silent device is forgotten alone."""

import asyncio
from collections.abc import Callable
from importlib import import_module

import pytest

from obsy.engine.devices.clock import WallClock
from obsy.engine.devices.indi import pulse
from obsy.engine.devices.indi.device import IndiDevice
from obsy.engine.devices.indi.enclosure import IndiDome
from obsy.engine.devices.ports import Roof
from obsy.errors import DeviceError
from tests.support.indi import IndiServer

pytest.importorskip("PyIndi", reason="pyindi-client is not installed")
client, watched = (import_module(f"obsy.engine.devices.indi.{each}") for each in ("client", "watched"))
DOME, MOUNT, PATIENCE_S = "Dome Simulator", "Telescope Simulator", 20.0
SHUTTER = """\
<{1}SwitchVector device="{0}" name="DOME_SHUTTER" label="" group="" state="Ok" perm="rw" rule="OneOfMany">
<{2} name="SHUTTER_OPEN" label="">Off</{2}><{2} name="SHUTTER_CLOSE" label="">On</{2}></{1}SwitchVector>
"""


async def comes(seen: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not seen():
            await asyncio.sleep(0.01)


class Watch:
    """A watched line to a dome that is closed and a mount; who answers is said here."""

    def __init__(self, server: IndiServer) -> None:
        self.server, self.heard, self.looks = server, {DOME, MOUNT}, 0
        self.line = client.IndiConnection(WallClock(), "127.0.0.1", server.port)
        self.dome = IndiDome(IndiDevice(WallClock(), self.line, DOME, PATIENCE_S))

    async def answering(self, *_: object) -> set[str]:
        self.looks += 1
        await asyncio.sleep(0)
        return self.heard

    async def look(self, times: int) -> None:
        """Let it be looked so often more, and what follows from it be done."""
        enough = self.looks + times
        await comes(lambda: self.looks > enough)

    async def closed(self) -> None:
        """Return when the dome has been seen to close."""
        await self.line.ready(DOME)
        await self.line.ready(MOUNT)
        self.server.say(SHUTTER.format(DOME, "def", "defSwitch") + SHUTTER.format(DOME, "set", "oneSwitch"))
        await comes(lambda: getattr(self.line.vector(DOME, "DOME_SHUTTER"), "received", None))


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable], None]:
    """`played(deed)`: what is done with a watched line."""
    monkeypatch.setattr(pulse, "LOOK_S", 0.001)
    monkeypatch.setattr(client, "CONNECT_S", 0.5)

    async def play(deed: Callable) -> None:
        async with IndiServer([DOME, MOUNT]) as server:
            watch = Watch(server)
            monkeypatch.setattr(pulse, "answering", watch.answering)
            await watch.closed()
            task = asyncio.create_task(watched.watch(watch.line, (DOME, MOUNT), "pier"))
            try:
                await deed(watch)
            finally:
                task.cancel()
                watch.line.close()

    return lambda deed: asyncio.run(play(deed))


MANY = 2 * (pulse.BEGINS_LOOKS + pulse.DRIVER_LOOKS)


def test_beside_a_mount_that_is_silent_a_closed_dome_stays_closed_and_the_mount_is_there_when_it_answers(
    played,
    capsys,
) -> None:
    async def deed(watch: Watch) -> None:
        await watch.look(1)
        watch.heard = {DOME}
        await watch.look(MANY)
        assert watch.line.losses(MOUNT) >= 1
        with pytest.raises(DeviceError):
            await watch.line.ready(MOUNT)
        assert await watch.dome.state() is Roof.CLOSED
        assert watch.line.losses(DOME) == 0
        watch.heard = {DOME, MOUNT}
        await watch.look(2)
        await watch.line.ready(MOUNT)
        address = f"127.0.0.1:{watch.server.port}"
        said = f"obsy: the INDI server 'pier' at {address} does not answer for '{MOUNT}'"
        assert said in capsys.readouterr().err.splitlines()

    played(deed)


def test_a_closed_dome_that_was_silent_is_unknown_until_it_moves(played) -> None:
    async def deed(watch: Watch) -> None:
        watch.heard = {MOUNT}
        await watch.look(MANY)
        watch.heard = {DOME, MOUNT}
        await watch.look(2)
        assert await watch.dome.state() is Roof.UNKNOWN
        watch.server.say(SHUTTER.format(DOME, "set", "oneSwitch"))
        await comes(lambda: watch.line.vector(DOME, "DOME_SHUTTER").received)
        assert await watch.dome.state() is Roof.CLOSED

    played(deed)


@pytest.mark.parametrize("first", [{DOME}, {MOUNT}, set()])
def test_where_all_have_become_silent_one_after_the_other_the_line_is_taken_up_anew(played, first: set[str]) -> None:
    async def deed(watch: Watch) -> None:
        watch.heard = first
        await watch.look(MANY)
        watch.heard = set()
        await comes(lambda: not watch.line._notes.connected)
        watch.heard = {DOME, MOUNT}
        await watch.look(2)
        await watch.line.ready(DOME)
        assert len(watch.server.lines) == 2

    played(deed)
