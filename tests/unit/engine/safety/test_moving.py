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


def test_a_roof_that_was_told_to_move_may_stand_half_way_and_so_may_one_that_was_stopped() -> None:
    watched, stance = Watched(), []

    async def command() -> None:
        stance.append(watched.shed.shelter.stance.travels)
        await watched.shed.clock.sleep(AGES_S)

    def why() -> str:
        watched.shed.shelter.stance.travels = False  # its switches still say where it was
        return "it rains"

    with pytest.raises(DeviceError):
        watched.move(why, command)
    assert [*stance, watched.shed.shelter.stance.travels] == [True, True]


def question(answer: str, after_s: float, shed: Shed) -> Callable[[], Awaitable[str]]:
    async def why() -> str:
        await shed.clock.sleep(after_s)
        return answer

    return why


def test_a_reason_stops_it_whichever_question_it_answers() -> None:
    watched = Watched()
    whys = [question("", 0.0, watched.shed), question("a mount moves", 0.0, watched.shed)]
    with pytest.raises(DeviceError, match="was stopped: a mount moves"):
        watched.shed.run(moving.move(watched.shed.shelter, "the roof", watched.command, whys))


def test_the_first_reason_that_there_is_waits_for_no_other_answer() -> None:
    shed = Shed()
    answers = [("slow", 9.0), ("", 1.0), ("quick", 2.0)]
    assert shed.run(moving.first_reason([question(*each, shed) for each in answers])) == "quick"
    assert shed.elapsed_s == 2.0
    assert Shed().run(moving.first_reason([])) == ""
    assert (shed := Shed()).run(moving.first_reason([question("", 1.0, shed)] * 2)) == ""


def test_a_question_whose_answer_is_not_waited_for_is_dropped() -> None:
    shed, dropped = Shed(), []

    async def never() -> str:
        try:
            await shed.clock.sleep(AGES_S)
        except asyncio.CancelledError:
            dropped.append(shed.elapsed_s)
            raise
        return ""

    async def act() -> None:
        assert await moving.first_reason([never, question("quick", 2.0, shed)]) == "quick"
        await shed.clock.sleep(5.0)

    shed.run(act())
    assert dropped == [2.0]


@pytest.mark.parametrize(
    ("clearance", "home", "why"), [("parked", True, ""), ("parked", False, "gem-1"), ("free", False, "")]
)
def test_a_mount_that_is_not_parked_is_in_the_way_of_a_roof_that_does_not_clear_it(
    clearance: str, home: bool, why: str
) -> None:
    shed = Shed(clearance=clearance, count=2)
    shed.mounts[1].home = home
    assert why in (said := shed.run(moving.why_in_the_way(shed.shelter)))
    assert bool(said) is bool(why)


@pytest.mark.parametrize(("clearance", "home"), [("parked", True), ("parked", False), ("free", False)])
def test_that_a_mount_was_seen_out_of_its_park_under_a_travelling_roof_is_kept(clearance: str, home: bool) -> None:
    shed = Shed(clearance=clearance, count=2)
    shed.mounts[1].home = home
    said = shed.run(moving.first_reason(moving.whys_astray(shed.shelter)))
    assert bool(said) is shed.shelter.stance.astray is (clearance == "parked" and not home)


@pytest.mark.parametrize("stray", [0, 1])
def test_that_a_mount_was_seen_out_of_its_park_is_not_forgotten_over_one_that_is_parked_nor_once_it_is_home(
    stray: int,
) -> None:
    shed = Shed(count=2)
    shed.mounts[stray].home = False
    whys = moving.whys_astray(shed.shelter)

    async def look() -> None:
        assert await whys[stray]()
        shed.mounts[stray].home = True
        for why in whys:
            assert not await why()
            assert shed.shelter.stance.astray

    shed.run(look())
