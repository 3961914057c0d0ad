"""Mounts move only by leave: without it they stay, and when it ends they stop."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from obsy.engine.safety.lease import LEASE_S, RENEWED_EVERY_S, Leave
from obsy.errors import DeviceError
from tests.support.lying import AGES_S
from tests.support.safety import Shed


class Move:
    """A mount that moves for a while, and says how that went."""

    def __init__(self, shed: Shed, lasts_s: float = AGES_S, lets_go_s: float = 0.0) -> None:
        self.shed, self.lasts_s, self.lets_go_s = shed, lasts_s, lets_go_s
        self.told: list[tuple[str, float]] = []

    async def go(self) -> None:
        self.told.append(("begun", self.shed.elapsed_s))
        try:
            await self.shed.clock.sleep(self.lasts_s)
            self.told.append(("arrived", self.shed.elapsed_s))
        except asyncio.CancelledError:
            self.told.append(("stopped", self.shed.elapsed_s))
            await self.shed.clock.sleep(self.lets_go_s)
            raise


def played(act: Callable[[Shed, Move, Leave], Any], **move: float) -> tuple[list[tuple[str, float]], float]:
    """What the mount says, and how long it all took."""
    shed, held = Shed(), [True]
    mount = Move(shed, **move)
    shed.run(act(shed, mount, Leave(lambda: held[0])))
    return mount.told, shed.elapsed_s


def test_whoever_wants_a_roof_open_asks_three_times_before_its_lease_ends() -> None:
    assert 3 * RENEWED_EVERY_S == LEASE_S == 30.0


def test_without_leave_no_move_begins() -> None:
    mount, leave = Move(shed := Shed()), Leave(lambda: False)

    async def act() -> None:
        with pytest.raises(DeviceError, match="the roof is not meant to be open$"):
            leave.check()
        with pytest.raises(DeviceError, match="the roof is not meant to be open$"):
            await leave.during(mount.go())

    shed.run(act())
    assert (mount.told, shed.elapsed_s) == ([], 0.0)


def test_with_leave_a_move_arrives_and_is_then_no_concern_of_the_leaves_end() -> None:
    async def act(shed: Shed, mount: Move, leave: Leave) -> None:
        leave.check()
        await leave.during(mount.go())
        await leave.end()

    assert played(act, lasts_s=7.0) == ([("begun", 0.0), ("arrived", 7.0)], 7.0)


@pytest.mark.parametrize(("lets_go_s", "within_s"), [(0.0, 3.0), (2.0, 5.0), (60.0, 8.0)])
def test_when_the_leave_ends_what_moves_is_stopped_and_given_five_seconds(lets_go_s: float, within_s: float) -> None:
    ended: list[float] = []

    async def act(shed: Shed, mount: Move, leave: Leave) -> None:
        moves = asyncio.ensure_future(leave.during(mount.go()))
        await shed.clock.sleep(3.0)
        await leave.end()
        ended.append(shed.elapsed_s)
        with pytest.raises(DeviceError, match="the mount was stopped"):
            await moves

    assert played(act, lets_go_s=lets_go_s)[0] == [("begun", 0.0), ("stopped", 3.0)]
    assert ended == [within_s]


def test_whoever_is_cancelled_takes_the_move_along_and_hears_no_other_reason() -> None:
    async def act(shed: Shed, mount: Move, leave: Leave) -> None:
        moves = asyncio.ensure_future(leave.during(mount.go()))
        await shed.clock.sleep(3.0)
        moves.cancel()
        with pytest.raises(asyncio.CancelledError):
            await moves
        await leave.end()

    assert played(act) == ([("begun", 0.0), ("stopped", 3.0)], 3.0)


def test_a_move_that_fails_says_why() -> None:
    async def fails() -> None:
        raise DeviceError("the gears are stuck")

    with pytest.raises(DeviceError, match="^the gears are stuck$"):
        Shed().run(Leave(lambda: True).during(fails()))
