"""When a guard may end: never over a roof that it has opened, whoever tells it to, and whenever people were called."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from obsy.engine.devices.ports import Roof
from obsy.engine.devices.simulated.clock import VirtualLoop
from obsy.engine.events.roof import AlarmRaised, RoofClosed
from obsy.engine.runtime.guard.ending import UNNEEDED_S, Ending
from obsy.engine.runtime.guard.reached import Reached
from obsy.errors import DeviceError
from tests.support import fakes
from tests.support.guarded import AT, OPENS_AFTER_S, Guarded, play


def test_on_its_first_evening_a_guard_whose_night_is_killed_goes_on_until_the_roof_is_closed() -> None:
    async def story(hill: Guarded) -> None:
        hill.begin(while_needed=True)
        await hill.open()
        for each in hill.night:
            each.cancel()
        hill.mount.lies.tell("park", "refuses", hill.clock.now(), hill.clock.now() + timedelta(seconds=600))
        assert await hill.until_it_ends(3600.0) > 600.0 + UNNEEDED_S

    hill = play(story)
    assert (hill.roof.at, hill.mount.parked) == (0.0, True)


def test_on_its_first_evening_a_guard_closes_what_it_has_opened_before_it_ends_whoever_was_called() -> None:
    async def story(hill: Guarded) -> None:
        hill.begin()
        await hill.open()
        hill.mount.lies.tell("state", "refuses", hill.clock.now(), hill.clock.now() + timedelta(seconds=130))
        await hill.clock.sleep(300.0)
        assert hill.roof.at == 1.0
        hill.guard.ending.ordered = True
        assert await hill.until_it_ends(300.0) > 0.0

    hill = play(story)
    assert (hill.roof.at, hill.mount.parked) == (0.0, True)


def test_a_guard_that_is_told_to_end_while_a_roof_opens_closes_it_at_once_and_opens_none_any_more() -> None:
    furthest = 0.0

    async def story(hill: Guarded) -> None:
        nonlocal furthest
        hill.begin()
        await hill.clock.sleep(OPENS_AFTER_S)
        opening = asyncio.ensure_future(hill.keeper.open())
        await hill.clock.sleep(5.0)
        assert hill.roof.at == 0.5
        hill.guard.ending.ordered = True
        await hill.clock.sleep(0.0)
        with pytest.raises(DeviceError, match="its guard was told to end"):
            await hill.keeper.open()
        while not hill.guarding.done():
            furthest = max(furthest, hill.roof.at)
            await hill.clock.sleep(1.0)
        with pytest.raises(DeviceError):
            await opening

    assert play(story).roof.at == 0.0
    assert furthest == 0.5


@pytest.fixture
def ending() -> Ending:
    return Ending(["dome", "shed"], setting_up=True)


@pytest.mark.parametrize("use", [lambda each: each.opens("shed"), lambda each: each.hear("shed", RoofClosed())])
def test_a_site_is_set_up_once_one_of_its_roofs_was_told_to_open_or_proven_closed(
    ending: Ending, use: Callable[[Ending], None]
) -> None:
    ending.hear("shed", AlarmRaised(reason="it does not close"))
    assert ending.setting_up
    use(ending)
    assert not ending.setting_up
    assert not Ending(["dome"], setting_up=False).setting_up


class Stuck:
    """A keeper of a roof that does not close."""

    meant = Roof.UNKNOWN

    def withdraw(self) -> None:
        raise AssertionError("it is withdrawn already")


def test_only_a_roof_that_was_never_of_use_is_left_open_by_order_once_people_were_called_to_it(ending: Ending) -> None:
    stuck, called = {"shed": Stuck()}, AlarmRaised(reason="it does not close")

    def is_due(while_needed: bool = False) -> bool:
        ending.close_what_is_open(stuck)  # type: ignore[arg-type]
        there = {"shed": Reached(None, None, {}, {})}  # type: ignore[arg-type]
        return ending.is_due(stuck, there, is_alone=True, while_needed=while_needed)  # type: ignore[arg-type]

    async def story() -> None:
        ending.hear("shed", called)
        for _ in range(3):
            await asyncio.sleep(10 * UNNEEDED_S)
            assert not is_due(while_needed=True), "without an order it stays"
        ending.ordered = True
        assert is_due()
        for event in (RoofClosed(), called):
            ending.hear("shed", event)
            assert not is_due()

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(story())


class Open(Stuck):
    """A keeper of a roof that stands open until it is withdrawn, and then does not close."""

    def __init__(self) -> None:
        self.meant = Roof.OPEN

    def withdraw(self) -> None:
        self.meant = Roof.UNKNOWN


def test_what_people_were_called_for_before_the_order_leaves_no_open_roof(ending: Ending) -> None:
    open_, there = {"shed": Open()}, {"shed": Reached(None, None, {}, {})}  # type: ignore[arg-type]
    ending.hear("shed", AlarmRaised(reason="it moved by itself"))

    async def is_due() -> bool:
        ending.close_what_is_open(open_)  # type: ignore[arg-type]
        return ending.is_due(open_, there, is_alone=True, while_needed=False)  # type: ignore[arg-type]

    assert not asyncio.run(is_due())
    assert open_["shed"].meant is Roof.OPEN, "without an order it stays"
    ending.ordered = True
    assert not asyncio.run(is_due())
    assert open_["shed"].meant is Roof.UNKNOWN
    ending.hear("shed", AlarmRaised(reason="it does not close"))
    assert asyncio.run(is_due())


def test_a_guard_that_a_night_has_started_ends_a_minute_after_it_was_left_alone(ending: Ending) -> None:
    closed = Open()
    closed.meant = Roof.CLOSED
    there = {"shed": Reached(None, None, {}, {})}  # type: ignore[arg-type]

    def is_due(*, is_alone: bool) -> bool:
        return ending.is_due({"shed": closed}, there, is_alone=is_alone, while_needed=True)  # type: ignore[dict-item]

    async def story() -> list[bool]:
        await asyncio.sleep(1.0)
        found = [is_due(is_alone=True)]
        for wait_s, is_alone in ((50.0, False), (1.0, True), (59.0, True), (1.0, True)):
            await asyncio.sleep(wait_s)
            found.append(is_due(is_alone=is_alone))
        return found

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        assert runner.run(story()) == [False, False, False, False, True]


def test_a_rehearsal_gives_a_roof_up_when_it_ends(ending: Ending) -> None:
    clock = fakes.SetClock(AT)
    there = {"shed": Reached(clock, None, {}, {}, ends=AT + timedelta(hours=1))}  # type: ignore[arg-type]
    ending.ordered = True

    async def is_due() -> bool:
        return ending.is_due({"shed": Stuck()}, there, is_alone=True, while_needed=False)  # type: ignore[dict-item]

    found = []
    for wait_s in (0.0, 3599.0, 1.0, 1.0):
        clock.pass_by(wait_s)
        found.append(asyncio.run(is_due()))
    assert found == [False, False, True, True]
