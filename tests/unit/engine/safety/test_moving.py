"""A roof that moves is watched: whatever speaks against it stops it, and what could be struck."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from obsy.engine.safety import moving
from obsy.errors import DeviceError
from tests.support.lying import AGES_S
from tests.support.safety import Shed


class Watched:
    """A shed whose roof and mounts note that they are told to stop, and when."""

    def __init__(self, count: int = 2) -> None:
        self.shed = Shed(count=count)
        self.told: list[tuple[str, float]] = []
        for name, device in [("roof", self.shed.roof), *((f"mount {n}", m) for n, m in enumerate(self.shed.mounts))]:
            device.stop = self.noting(name, device.stop)  # type: ignore[attr-defined]

    def noting(self, name: str, then: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        async def act() -> None:
            self.told.append((name, self.shed.elapsed_s))
            await then()

        return act

    async def command(self) -> None:
        """The roof moves for ages, until it is told not to."""
        try:
            await self.shed.clock.sleep(AGES_S)
        except asyncio.CancelledError:
            self.told.append(("command ends", self.shed.elapsed_s))
            raise

    def move(self, why_stop: Callable[[], str], command: Any = None) -> None:
        async def why() -> str:
            return why_stop()

        async def act() -> None:
            try:
                await moving.move(self.shed.shelter, "the roof, told to close,", command or self.command, [why])
            except DeviceError:
                self.told.append(("raised", self.shed.elapsed_s))
                raise

        self.shed.run(act())


def test_a_reason_to_stop_is_seen_within_a_second_and_stops_the_roof_and_every_mount_that_is_not_parked() -> None:
    watched = Watched()
    watched.shed.mounts[1].home = False
    with pytest.raises(DeviceError, match="^the roof, told to close, was stopped: it rains$"):
        watched.move(lambda: "it rains" if watched.shed.elapsed_s > 2.5 else "")
    assert watched.told == [("roof", 3.0), ("mount 1", 3.0), ("command ends", 3.0), ("raised", 3.0)]


def test_what_arrives_is_not_stopped() -> None:
    watched = Watched()

    async def arrives() -> None:
        await watched.shed.clock.sleep(45.0)

    watched.move(lambda: "", arrives)
    assert (watched.told, watched.shed.elapsed_s) == ([], 45.0)


def test_what_a_roof_answers_wrong_is_raised() -> None:
    async def refuses() -> None:
        raise DeviceError("the belt slips")

    with pytest.raises(DeviceError, match="the belt slips"):
        Watched().move(lambda: "", refuses)


def test_a_roof_or_mount_that_does_not_hear_that_it_must_stop_is_left_to_itself_after_five_seconds() -> None:
    watched = Watched()
    watched.shed.mounts[0].home = False
    for device in (watched.shed.roof, watched.shed.mounts[0]):
        device.lies.tell("stop", "silent")
    with pytest.raises(DeviceError, match="was stopped"):
        watched.move(lambda: "it rains")
    assert watched.shed.elapsed_s == 1.0 + 5.0


def test_whoever_is_cancelled_lets_no_roof_move_on() -> None:
    watched = Watched()

    async def work() -> None:
        async def never() -> str:
            return ""

        task = asyncio.ensure_future(moving.move(watched.shed.shelter, "the roof,", watched.command, [never]))
        await watched.shed.clock.sleep(7.5)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    watched.shed.run(work())
    assert watched.told == [("command ends", 7.5)]
