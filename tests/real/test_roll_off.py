"""INDI's own roll-off, which believes what it saved, behind a server that is begun anew."""

import asyncio
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from obsy.engine.devices.clock import WallClock
from obsy.engine.devices.indi.client import IndiConnection
from obsy.engine.devices.indi.device import IndiDevice
from obsy.engine.devices.indi.roll_off import MOTION, IndiRollOff
from obsy.engine.devices.indi.server import free_port
from obsy.engine.devices.ports import Roof
from obsy.errors import DeviceError
from tests.support.house import seen
from tests.support.waiting import wait_until

pytestmark = [
    pytest.mark.real,
    pytest.mark.slow,
    pytest.mark.timeout(180),
    pytest.mark.skipif(shutil.which("indi_rolloff_dome") is None, reason="indi_rolloff_dome is not installed"),
]
NAME, TRAVEL_S = "RollOff Simulator", 10.0


@contextmanager
def server(home: Path, port: int) -> Iterator[None]:
    command = ["indiserver", "-p", str(port), "-u", str(home / "s"), "indi_rolloff_dome"]
    with (home / "log").open("w") as log:
        begun = subprocess.Popen(command, env={**os.environ, "HOME": str(home)}, stdout=log, stderr=log)
    try:
        wait_until(lambda: NAME in seen(port))
        yield
    finally:
        begun.terminate()
        begun.wait()


async def _stands(roof: IndiRollOff, wanted: Roof) -> None:
    for _ in range(40):
        if await roof.state() is wanted:
            return
        await asyncio.sleep(0.25)
    assert await roof.state() is wanted


async def _first_life(roof: IndiRollOff, line: IndiConnection) -> None:
    """It is closed, begun to be opened by another hand, stopped half-way, closed again, and taken from its driver."""
    assert await roof.state() is Roof.UNKNOWN
    await roof.close()
    await roof.close()
    assert await roof.state() is Roof.CLOSED
    line.press(NAME, MOTION, "DOME_CW")
    await _stands(roof, Roof.MOVING)
    await roof.stop()
    await _stands(roof, Roof.UNKNOWN)
    await roof.close()
    assert await roof.state() is Roof.CLOSED
    line.press(NAME, "CONNECTION", "DISCONNECT")
    wait_until(lambda: line.vector(NAME, "DOME_PARK") is None)
    assert await roof.state() is Roof.UNKNOWN


async def _second_life(roof: IndiRollOff, switched: IndiRollOff) -> None:
    """Its driver believes that it is parked: that counts where it reads end switches, and else once it has moved."""
    assert await roof.state() is Roof.UNKNOWN
    with pytest.raises(DeviceError, match="was not seen to move there"):
        await roof.close()
    assert await switched.state() is Roof.CLOSED
    await roof.open()
    assert await roof.state() is Roof.OPEN


def test_a_roof_that_only_parks_counts_once_it_was_seen_to_move_in_this_life_of_its_driver(tmp_path: Path) -> None:
    port = free_port(str(tmp_path))

    async def lives() -> None:
        clock = WallClock()
        with closing(IndiConnection(clock, "127.0.0.1", port)) as line:
            device = IndiDevice(clock, line, NAME, timeout_s=60.0)
            roof, switched = (IndiRollOff(device, TRAVEL_S, reads_switches=each) for each in (False, True))
            with server(tmp_path, port):
                await _first_life(roof, line)
            await _stands(roof, Roof.UNKNOWN)
            with server(tmp_path, port):
                await _second_life(roof, switched)

    asyncio.run(lives())
