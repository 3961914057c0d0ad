"""Two mounts under one roof: each takes its own blocks, one that is done is parked, one that fails stops no other."""

import asyncio
from collections.abc import AsyncGenerator, Collection
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from obsy.engine.devices.ports import Job
from obsy.engine.devices.simulated.clock import VirtualClock, VirtualLoop
from obsy.engine.intent import Intent
from obsy.engine.night.activities import observe
from obsy.engine.night.context import NightContext, NightRules
from obsy.engine.night.ports import Ports
from obsy.engine.night.tally import Tally
from obsy.engine.safety.shelter import Shelter
from obsy.engine.schedule.bearings import Bearings
from obsy.engine.schedule.request import Block
from obsy.engine.sky.grid import Window
from obsy.engine.sky.twilight import Night
from obsy.errors import DeviceError
from obsy.schemas.policy import Safety
from tests.support import fakes
from tests.support.equipment import club
from tests.support.requests import request
from tests.support.safety import NERPIO, kept

START = datetime(2026, 11, 21, 19, tzinfo=UTC)
DAWN = START + timedelta(hours=3)
NIGHT = Night(date(2026, 11, 21), START, DAWN, START, START, DAWN, DAWN, (Window(START, DAWN),))
SAFETY = Safety.model_validate({"limits": {"rain": "above 0 mm/h"}, "dwell": "10 min"})
SHED = next(each for each in club().enclosures if each.name == "shed")
UNDER = {each.name: each for each in club().instruments if each.enclosure == SHED}


class Failing(fakes.FakeExecutor):
    """Takes no frame at all."""

    async def run(self, job: Job) -> AsyncGenerator[Path, None]:
        await self.clock.sleep(30.0)
        raise DeviceError("the mount does not answer")
        yield Path()


class Shed:
    """The club's shed, with so many frames to take by each of its trains."""

    def __init__(self, **frames: int) -> None:
        self.loop, self.frames = VirtualLoop(), frames
        self.clock = VirtualClock(START, self.loop)
        self.mounts = {mount.name: fakes.FakeMount(self.clock, parked=False) for mount in self.declared}
        self.executors = dict.fromkeys(self.mounts, fakes.FakeExecutor(self.clock))
        self.journal, self.tally = fakes.FakeJournal(), Tally()
        self.known: list[tuple[datetime, Bearings]] = []
        """What was known of the east pier's mount whenever it was planned."""

    declared = tuple(mount for mount in club().mounts if mount.enclosure == "shed")

    def plan(self, tally: Tally, now: datetime, away: Collection[str]) -> Intent:
        """What is left of each train's plan, which is named after it."""
        self.known.append((now, tally.bearings.get("east-pier", Bearings())))
        blocks = []
        for train, wanted in self.frames.items():
            done = tally.progress[train, "g"].frames if (train, "g") in tally.progress else 0
            if (left := wanted - done) > 0 and UNDER[train].mount.name not in away:
                asked = request(train, "g", train, left)
                blocks.append(Block(asked, left, now, now + timedelta(seconds=61 * left + 30), 90.0, 40.0, -1.0))
        return Intent(NIGHT.date, "here", START, DAWN, tuple(blocks), (), ())

    def observe(self, until: datetime | None = None) -> None:
        """Observe to the end, or be told to stop at a moment."""
        roof = fakes.FakeEnclosure(self.clock, next(iter(self.mounts.values())))
        ports = Ports(
            self.clock, kept(Shelter(self.clock, NERPIO, SHED, roof, (), SAFETY), {}), self.mounts, self.executors
        )
        rules = NightRules(SAFETY, SHED, self.declared, UNDER, 30.0)
        context = NightContext(
            NIGHT, rules, ports, fakes.FakeProcessing(), self.journal, self.tally, self.plan, lambda tally, now: ()
        )
        with asyncio.Runner(loop_factory=lambda: self.loop) as runner:
            runner.run(self._observe(context, until))

    async def _observe(self, context: NightContext, until: datetime | None) -> None:
        observing = asyncio.create_task(observe.run(context))
        left_s = (until - START).total_seconds() if until else None
        await asyncio.wait({observing}, timeout=left_s)
        if not observing.done():
            observing.cancel()
        await observing

    def told(self, event: str, **facts: Any) -> list[dict[str, Any]]:
        found = [entry for entry in self.journal.entries if entry["event"] == event]
        return [entry for entry in found if facts.items() <= entry.items()]


def test_two_mounts_take_their_blocks_at_the_same_time() -> None:
    shed = Shed(newton=10, refractor=10)
    shed.observe()
    begun = [entry["time"] for entry in shed.told("block-started")]
    assert begun == [START, START]
    assert len(shed.told("frame-taken")) == 20


def test_trains_on_one_mount_take_their_blocks_in_turn() -> None:
    shed = Shed(refractor=5, colour=5)
    shed.observe()
    told = [(entry["event"], entry["train"]) for entry in shed.told("block-started") + shed.told("block-done")]
    first, second = shed.told("block-started")
    (done, _) = shed.told("block-done")
    assert {train for _, train in told} == {"refractor", "colour"}
    assert first["train"] != second["train"]
    assert second["time"] >= done["time"]


def test_a_mount_with_nothing_left_is_parked_while_the_other_goes_on() -> None:
    shed = Shed(newton=3, refractor=60)
    shed.observe()
    (parked,) = shed.told("mount-parked", mount="east-pier")
    assert parked["time"] < START + timedelta(minutes=6)
    assert shed.told("frame-taken", train="refractor")[-1]["time"] > START + timedelta(minutes=59)


def test_a_mount_that_fails_stops_no_other_and_is_heard_in_the_end() -> None:
    shed = Shed(newton=10, refractor=30)
    shed.executors["east-pier"] = Failing(shed.clock)
    with pytest.raises(DeviceError, match="the mount does not answer"):
        shed.observe()
    assert len(shed.told("frame-taken", train="refractor")) == 30
    assert {entry["mount"] for entry in shed.told("block-failed")} == {"east-pier"}


def test_a_plan_whose_first_block_gave_no_frame_is_free_for_another_train() -> None:
    shed = Shed(newton=10)
    shed.executors["east-pier"] = Failing(shed.clock)
    with pytest.raises(DeviceError):
        shed.observe()
    assert shed.tally.trains == {}
    assert shed.tally.busy == {}


def test_work_is_left_to_others_only_by_mounts_whose_roof_is_not_safe() -> None:
    shed, seen = Shed(newton=1), []

    def plan(tally: Tally, now: datetime, away: Collection[str]) -> Intent:
        seen.append(set(away))
        return shed.plan(tally, now, away)

    rules = NightRules(SAFETY, SHED, shed.declared, UNDER, 30.0)
    roof = fakes.FakeEnclosure(shed.clock, next(iter(shed.mounts.values())))
    ports = Ports(
        shed.clock, kept(Shelter(shed.clock, NERPIO, SHED, roof, (), SAFETY), {}), shed.mounts, shed.executors
    )
    context = NightContext(
        NIGHT, rules, ports, fakes.FakeProcessing(), shed.journal, shed.tally, plan, lambda tally, now: ()
    )
    shed.tally.sheltered = {"fork", "east-pier"}
    assert context.blocks()
    assert seen == [{"fork"}], "its own mounts are planned for, whatever the verdict: it must know what is left"
    shed.loop.close()


def test_what_is_told_to_stop_parks_no_mount_for_the_roof_is_closed_next() -> None:
    shed = Shed(newton=10, refractor=10)
    with pytest.raises(asyncio.CancelledError):
        shed.observe(until=START + timedelta(minutes=5))
    assert [mount.asked_to_park for mount in shed.mounts.values()] == [[], []]
    assert shed.clock.now() == START + timedelta(minutes=5)


def test_where_nobody_tells_them_to_stop_every_mount_is_parked_at_the_end() -> None:
    shed = Shed(newton=1, refractor=1)
    shed.observe()
    assert [len(mount.asked_to_park) for mount in shed.mounts.values()] == [1, 1]


class Focusing(fakes.FakeExecutor):
    """Measures its focus before the first frame."""

    async def run(self, job: Job) -> AsyncGenerator[Path, None]:
        object.__setattr__(self, "focused", {"newton": self.clock.now()})
        async for path in super().run(job):
            yield path


def test_a_mount_is_known_to_point_at_its_block_while_it_takes_it_and_to_rest_after() -> None:
    shed = Shed(newton=5, refractor=1)
    shed.executors["east-pier"] = Focusing(shed.clock)
    shed.observe()
    ends = shed.told("block-done", train="newton")[0]["time"]
    amid = [known for at, known in shed.known if START < at < ends]
    assert amid and all(known.aim is not None and not known.rests for known in amid)
    last = shed.known[-1][1]
    assert last.rests and last.focused == {"newton": START} == shed.tally.bearings["east-pier"].focused


def test_a_mount_that_is_told_to_stop_amid_its_block_rests() -> None:
    shed = Shed(newton=10, refractor=10)
    with pytest.raises(asyncio.CancelledError):
        shed.observe(until=START + timedelta(minutes=5))
    assert {bearings.rests for bearings in shed.tally.bearings.values()} == {True}


def test_a_mount_whose_block_gave_no_frame_points_nobody_knows_where() -> None:
    shed = Shed(newton=10)
    shed.executors["east-pier"] = Failing(shed.clock)
    with pytest.raises(DeviceError):
        shed.observe()
    after = [known for at, known in shed.known if at > START]
    assert after and all((known.aim, known.rests) == (None, True) for known in after)


def test_that_nothing_comes_of_what_was_planned_is_told() -> None:
    shed = Shed(newton=60)

    class Filling(fakes.FakeExecutor):
        """Its fifth frame fills the archive."""

        async def run(self, job: Job) -> AsyncGenerator[Path, None]:
            async for path in super().run(job):
                if path.stem.endswith("_4"):
                    shed.frames, shed.tally.refused = {}, "the archive is full"
                yield path

    shed.executors["east-pier"] = Filling(shed.clock)
    shed.observe()
    (told,) = shed.told("replanned")
    assert (told["planned"], told["mount"], told["reason"]) == ("newton g", "east-pier", "the archive is full")
