"""The library that speaks INDI, against a server that goes away."""

import asyncio
from collections.abc import Callable

import pytest

from obsy.engine.devices.clock import WallClock
from tests.support.indi import IndiServer

client = pytest.importorskip("obsy.engine.devices.indi.client")
DOME, PATIENCE_S = "Dome Simulator", 20.0


async def comes(seen: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not seen():
            await asyncio.sleep(0.01)


def test_a_device_is_lost_with_its_server_and_by_itself_and_found_again() -> None:
    async def play() -> list[int]:
        async with IndiServer([DOME]) as server:
            line = client.IndiConnection(WallClock(), "127.0.0.1", server.port)
            losses = [line.losses(DOME)]
            await line.ready(DOME)
            losses.append(line.losses(DOME))
            server.hang_up()
            await comes(lambda: line.vector(DOME, "CONNECTION") is None)
            await line.ready(DOME)
            losses.append(line.losses(DOME))
            server.say(f'<delProperty device="{DOME}"/>')
            await comes(lambda: line.vector(DOME, "CONNECTION") is None)
            losses.append(line.losses(DOME))
            line.close()
            return losses

    assert asyncio.run(play()) == [0, 0, 1, 2]
