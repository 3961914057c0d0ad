"""What a guard has told, and who has heard it."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

import pytest

from obsy.engine.devices.simulated.clock import VirtualLoop
from obsy.engine.runtime.guard.memory import joined
from obsy.engine.runtime.guard.open_roofs import OpenRoofs
from obsy.engine.runtime.guard.remote import HEARD_S
from tests.support.guarded import ROOF, Guarded, play


def waited_s(
    then: Callable[[OpenRoofs, Any], Coroutine[Any, Any, None]] | None, nights: int = 1, said: int = 2
) -> float:
    """How long it is waited for nights that were told so often.

    then: what the first of them does meanwhile; the others answer at once.
    """

    async def story() -> float:
        told, loop = OpenRoofs(), asyncio.get_running_loop()
        theirs = [joined() for _ in range(nights)]
        wires = [here for here, _ in theirs]
        for beat in range(1, said + 1):
            told.tell(wires, ["dome"] * (beat % 2), 0.0)
            for _, night in theirs:
                assert await night.read() == {"open": ["dome"] * (beat % 2), "at_s": 0.0, "beat": beat}
        for each in wires[1:]:
            told.hear(each, {"heard": said})
        doing = asyncio.ensure_future(then(told, wires)) if then is not None else None
        await told.heard(lambda: wires)
        if doing is not None:
            await doing
        waited = loop.time()
        for pair in theirs:
            for each in pair:
                each.close()
        return waited

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(story())


def test_a_guard_closes_over_a_parked_mount_only_when_the_night_that_had_the_roof_has_heard_of_it() -> None:
    waited = list[float]()

    async def story(hill: Guarded, *, hears: bool) -> None:
        hill.begin()
        await hill.open()
        hill.mount.home = True
        if not hears:
            hill.line._take = lambda wire, said: None  # type: ignore[method-assign]
        keeper, begun = hill.guard._keepers[ROOF], hill.clock.now()
        await keeper.give_back()
        (closes, *_) = (at for at, what, _ in hill.roof.moved if what == "close" and at >= begun)
        waited.append((closes - begun).total_seconds())

    for hears in (True, False):
        play(partial(story, hears=hears))
    assert waited[0] == pytest.approx(2.0, abs=0.5)
    assert waited[1] == pytest.approx(HEARD_S, abs=0.5)


def test_where_there_is_no_night_nothing_is_waited_for() -> None:
    assert waited_s(None, nights=0) == 0.0


def test_a_night_that_has_heard_is_waited_for_until_what_it_sent_before_has_arrived() -> None:
    async def answers(told: OpenRoofs, wires: Any) -> None:
        told.hear(wires[0], {"heard": 2})

    assert waited_s(answers) == waited_s(answers, nights=3) == 2.0


def test_a_night_that_has_heard_late_is_waited_for_so_long() -> None:
    async def answers(told: OpenRoofs, wires: Any) -> None:
        for after_s, number in ((1.0, 1), (2.5, 2)):  # an answer to what was told before is none
            await asyncio.sleep(after_s)
            told.hear(wires[0], {"heard": number})

    assert waited_s(answers) == 3.5


def test_a_night_that_does_not_answer_is_waited_for_as_long_as_its_leave_can_last() -> None:
    async def babbles(told: OpenRoofs, wires: Any) -> None:
        for said in ({}, {"heard": "2"}, {"heard": None}):
            told.hear(wires[0], said)

    assert waited_s(None, nights=2) == waited_s(None, said=1) == waited_s(babbles) == HEARD_S


def test_a_night_that_has_gone_is_not_waited_for() -> None:
    async def goes(told: OpenRoofs, wires: Any) -> None:
        await asyncio.sleep(3.0)
        told.forget(wires.pop())

    assert waited_s(goes) == 3.0
