"""Block after block: what fails too often gives way, and a time that is fixed is kept to its end."""

import asyncio
from collections.abc import AsyncGenerator, Collection
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
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
from obsy.engine.schedule.bearings import Aim, Bearings
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.patience import Record
from obsy.engine.schedule.request import Block, Leeway
from obsy.engine.sky.grid import Window
from obsy.engine.sky.twilight import Night
from obsy.errors import DeviceError
from obsy.schemas.plan import Goal
from obsy.schemas.policy import Patience, Safety
from tests.support import fakes
from tests.support.equipment import example
from tests.support.requests import request
from tests.support.safety import NERPIO, kept

START = datetime(2026, 11, 21, 17, tzinfo=UTC)
DAWN = START + timedelta(hours=5)
NIGHT = Night(date(2026, 11, 21), START, DAWN, START, START, DAWN, DAWN, (Window(START, DAWN),))
SAFETY = Safety.model_validate({"limits": {"rain": "above 0 mm/h"}, "dwell": "10 min"})
PATIENCE = Patience.model_validate({"rejections": 4, "failures": 2, "pause": "20 min"})
AN_HOUR = 58
"""Frames of 60 s with their downloads: after so long the next block is chosen anew."""


class Judging(fakes.FakeProcessing):
    """Rejects what one target gives."""

    def outcome(self, path: Path) -> Future[Any]:
        hopeless = path.name.startswith("hopeless")
        return fakes.done(fakes.Accepted(not hopeless, "stars: 2, below 8" if hopeless else ""))


class Failing(fakes.FakeExecutor):
    """Takes no frame of the targets that it was told to fail on."""

    def __init__(self, clock: Any, *targets: str) -> None:
        super().__init__(clock)
        self._targets = targets

    async def run(self, job: Job) -> AsyncGenerator[Path, None]:
        if job.object in self._targets:
            await self.clock.sleep(60.0)
            raise DeviceError("no star to guide on")
        async for path in super().run(job):
            yield path


class Silent(Failing):
    """Takes no frame of them either, and says nothing."""

    async def run(self, job: Job) -> AsyncGenerator[Path, None]:
        if job.object not in self._targets:
            async for path in super().run(job):
                yield path
        await self.clock.sleep(60.0)


class Field:
    """Two goals that could be taken all night: a hopeless one that is wanted more, and a humble one."""

    def __init__(self, *failing: str, fixed: bool = False) -> None:
        self.loop, self.fixed = VirtualLoop(), fixed
        self.clock = VirtualClock(START, self.loop)
        self.mount = fakes.FakeMount(self.clock, parked=False)
        self.journal, self.executor, self.tally = fakes.FakeJournal(), Failing(self.clock, *failing), Tally()

    def plan(self, tally: Tally, now: datetime, away: Collection[str]) -> Intent:
        record = Record(PATIENCE, NIGHT.start, tally.progress, tally.failed)
        waits = {plan: record.waits_until(plan, "V-60s") for plan in ("hopeless", "humble")}
        blocks = [self.block(plan, now) for plan, until in waits.items() if self.fixed or until is None or until <= now]
        return Intent(NIGHT.date, "here", START, DAWN, tuple(blocks) if now < DAWN else (), (), ())

    def block(self, plan: str, now: datetime) -> Block:
        wanted = request(plan, count=200)
        fixed = self.fixed and plan == "hopeless"
        return Block(wanted, 200, now, now + timedelta(hours=4), 90.0, 40.0, -1.0, fixed=fixed)

    def context(self) -> NightContext:
        """The night as the activity is given it."""
        roof = fakes.FakeEnclosure(self.clock, self.mount)
        stands = example().instruments[0]
        gem = stands.mount.name
        shelter = Shelter(self.clock, NERPIO, stands.enclosure, roof, (), SAFETY)
        ports = Ports(self.clock, kept(shelter, {}), {gem: self.mount}, {gem: self.executor})
        rules = NightRules(SAFETY, stands.enclosure, (stands.mount,), {stands.name: stands}, 30.0, PATIENCE)
        return NightContext(NIGHT, rules, ports, Judging(), self.journal, self.tally, self.plan, lambda tally, now: ())

    def observe(self) -> None:
        """Observe until dawn."""
        with asyncio.Runner(loop_factory=lambda: self.loop) as runner:
            runner.run(observe.run(self.context()))

    def told(self, event: str) -> list[dict[str, Any]]:
        return [entry for entry in self.journal.entries if entry["event"] == event]


def test_rejected_frames_break_a_block_off_and_others_are_taken() -> None:
    field = Field()
    field.observe()
    taken = [entry["plan"] for entry in field.told("frame-taken")]
    assert taken.count("humble") > 200
    assert 4 <= taken.count("hopeless") < 20
    waits = field.told("goal-waits")
    assert {(entry["plan"], entry["goal"], entry["reason"]) for entry in waits} == {
        ("hopeless", "V-60s", "stars: 2, below 8")
    }
    assert [entry["in_a_row"] for entry in waits] == sorted({entry["in_a_row"] for entry in waits})
    pauses = [entry["pause_s"] for entry in waits]
    assert pauses == sorted(pauses)
    assert 1000 < pauses[0] <= 1200


def test_once_the_program_that_takes_the_blocks_is_gone_one_failure_is_enough() -> None:
    field = Field("hopeless", "humble")

    async def gone() -> str:
        return "KStars is not there"

    context = field.context()
    context.ports = replace(context.ports, hindrance=gone)
    with asyncio.Runner(loop_factory=lambda: field.loop) as runner, pytest.raises(DeviceError, match="no star"):
        runner.run(observe.run(context))
    assert len(field.told("block-failed")) == 1


def test_a_target_whose_blocks_keep_failing_gives_way_before_the_night_gives_up() -> None:
    field = Field("hopeless")
    field.observe()
    assert len(field.told("block-failed")) < 12
    assert sum(entry["plan"] == "humble" for entry in field.told("frame-taken")) > 200
    waits = field.told("goal-waits")
    assert {(entry["plan"], entry.get("goal"), entry["reason"]) for entry in waits} == {
        ("hopeless", None, "no star to guide on")
    }
    assert waits[0]["in_a_row"] == 2


def test_a_block_that_ends_without_a_frame_has_failed() -> None:
    field = Field()
    field.executor = Silent(field.clock, "hopeless")
    field.observe()
    failed = {(entry["plan"], entry["reason"]) for entry in field.told("block-failed")}
    assert failed == {("hopeless", "the block ended without a single frame")}
    assert sum(entry["plan"] == "humble" for entry in field.told("frame-taken")) > 200


def test_where_every_target_fails_it_is_the_devices_and_the_night_gives_up() -> None:
    field = Field("hopeless", "humble")
    with pytest.raises(DeviceError, match="no star"):
        field.observe()
    assert [entry["plan"] for entry in field.told("block-failed")] == ["hopeless", "hopeless", "humble"]


def test_an_exposure_began_so_long_ago_as_it_takes_to_expose_and_to_download_it() -> None:
    field = Field("hopeless")
    field.observe()
    download_s = example().instruments[0].train.camera.download
    assert download_s > 0
    taken = field.told("frame-taken")
    assert {entry["time"] - entry["began"] for entry in taken} == {timedelta(seconds=60.0 + download_s)}


@pytest.mark.parametrize(("exposure_s", "planned", "asked"), [(60.0, 5, 5), (60.0, 200, 3600), (4000.0, 9, 1)])
def test_an_executor_is_asked_for_no_more_than_an_hour_and_a_block_ends_a_second_late(
    exposure_s: float, planned: int, asked: int
) -> None:
    field = Field()
    block = field.block("humble", START)
    goal = Goal.model_validate({"filter": "V", "exposure": f"{exposure_s} s", "count": planned})
    wanted = replace(block.request, line=replace(block.request.line, goal=goal))
    block = replace(block, request=wanted, count=planned)
    job = observe.job(field.context(), block, "b1")
    field.loop.close()
    each_s = exposure_s + example().instruments[0].train.camera.download
    assert job.count == (asked if asked < 3600 else asked // each_s)
    assert job.end == block.end + timedelta(seconds=1)


@pytest.mark.parametrize(("tracking", "aims"), [("target", 0), ("none", 1)])
def test_in_an_hour_there_is_the_way_of_a_mount_that_is_sent_to_each_frame_anew(tracking: str, aims: int) -> None:
    field = Field()
    field.loop.close()
    block = field.block("humble", START)
    line = replace(block.request.line, tracking=tracking)
    block = replace(block, request=replace(block.request, line=line), count=900)
    counted = Overheads.of(example().instruments[0])
    each_s = line.goal.exposure + counted.download_s + aims * counted.aims_s
    assert observe.job(field.context(), block, "b").count == 3600 // each_s
    learned = Leeway(block.end, each_s + 5.0, 45.0)
    assert observe.job(field.context(), replace(block, leeway=learned), "b").count == 3600 // (each_s + 5.0)


def test_a_mount_alone_under_its_roof_is_not_parked_at_the_end_for_the_roof_is_closed_next() -> None:
    field = Field()
    field.observe()
    assert field.mount.asked_to_park == []


def test_a_time_that_is_fixed_is_kept_whatever_becomes_of_its_frames() -> None:
    field = Field(fixed=True)
    field.observe()
    taken = [entry["plan"] for entry in field.told("frame-taken")]
    assert "humble" not in taken
    assert len(taken) > 250
    assert {entry["frames"] for entry in field.told("block-done")[:-1]} == {AN_HOUR}, "none is broken off"
    assert field.told("goal-waits") == []


class Late(Failing):
    """Takes three frames, and finds no time for more."""

    async def run(self, job: Job) -> AsyncGenerator[Path, None]:
        for number in range(3):
            await self.clock.sleep(60.0)
            yield Path(f"{job.object}-{number}-{self.clock.now():%H%M%S}.fits")


@pytest.mark.parametrize(("tracking", "told"), [("none", True), ("stars", False)])
def test_frames_to_which_a_mount_that_is_sent_to_each_comes_too_late_are_told(tracking: str, told: bool) -> None:
    class Awaited(Field):
        def block(self, plan: str, now: datetime) -> Block:
            block = super().block(plan, now)
            line = replace(block.request.line, tracking=tracking)
            return replace(block, request=replace(block.request, line=line, count=5), count=5)

    field = Awaited()
    field.executor = Late(field.clock)
    field.observe()
    missed = {(each["missed"], each["count"]) for each in field.told("frames-missed")}
    assert missed == ({(2, 5)} if told else set())


class Turns(Failing):
    """Blocks that fail or give one frame, turn by turn; nothing is left to do after the last."""

    def __init__(self, clock: Any, *turns: str) -> None:
        super().__init__(clock)
        self.left = list(turns)

    async def run(self, job: Job) -> AsyncGenerator[Path, None]:
        await self.clock.sleep(60.0)
        if self.left.pop(0) == "fails":
            raise DeviceError("no star to guide on")
        yield Path(f"{len(self.left)}.fits")


def test_only_blocks_that_fail_one_after_the_other_count() -> None:
    field = Field()
    field.executor = turns = Turns(field.clock, *"fails fails works fails fails works fails".split())

    def plan(tally: Tally, now: datetime, away: Collection[str]) -> Intent:
        blocks = (field.block("humble", now),) if turns.left else ()
        return Intent(NIGHT.date, "here", START, DAWN, blocks, (), ())

    field.plan = plan  # type: ignore[method-assign]
    field.observe()
    assert [entry["in_a_row"] for entry in field.told("block-failed")] == [1, 2, 1, 2, 1]
    assert [entry["frames"] for entry in field.told("block-done")] == [1, 1]
    assert {plan: len(failed) for plan, failed in field.tally.failed.items()} == {"humble": 1}
    assert field.tally.trains == {"humble": "newton"}, "it has frames of this train"


@pytest.mark.parametrize(
    ("start_s", "setup_s", "fixed", "waits_s"),
    [
        (150, 150, False, 0),
        (150, 140, False, 10),
        (600, 250, False, 350),
        (150, 20, True, 0),
        (151, 20, True, 1),
        (600, 250, True, 350),
    ],
)
def test_a_block_is_begun_as_early_as_its_set_up_takes_and_with_a_time_of_its_own_a_little_earlier(
    start_s: float, setup_s: float, fixed: bool, waits_s: float
) -> None:
    field, start = Field(), START + timedelta(seconds=start_s)

    def plan(tally: Tally, now: datetime, away: Collection[str]) -> Intent:
        block = replace(field.block("humble", start), setup_s=setup_s, fixed=fixed)
        blocks = () if tally.progress else (block,)
        return Intent(NIGHT.date, "here", START, DAWN, blocks, (), ())

    field.plan = plan  # type: ignore[method-assign]
    field.observe()
    (begun,) = field.told("block-started")
    assert begun["time"] == START + timedelta(seconds=waits_s)
    assert [entry["until"] for entry in field.told("waiting")] == [start] * (waits_s > 0)


def test_no_set_up_is_so_long_that_the_night_waits_for_ever() -> None:
    field, setup_s = Field(), 400.0

    def plan(tally: Tally, now: datetime, away: Collection[str]) -> Intent:
        block = replace(field.block("humble", now + timedelta(seconds=setup_s)), setup_s=setup_s)
        return Intent(NIGHT.date, "here", START, DAWN, () if tally.progress or now > DAWN else (block,), (), ())

    field.plan = plan  # type: ignore[method-assign]
    field.observe()
    assert [entry["time"] for entry in field.told("block-started")] == [START]


@pytest.mark.parametrize("answers", [True, False])
def test_a_mount_without_work_stands_still_until_its_next_block(answers: bool) -> None:
    field, later, stopped = Field(), START + timedelta(minutes=80), []

    async def stop() -> None:
        stopped.append(field.clock.now())
        if not answers:
            raise DeviceError("the mount does not answer")

    def plan(tally: Tally, now: datetime, away: Collection[str]) -> Intent:
        begun = len(field.told("block-started"))
        blocks = [replace(field.block("humble", max(now, at)), count=1) for at in (START, later)][begun:]
        return Intent(NIGHT.date, "here", START, DAWN, tuple(blocks), (), ())

    field.plan, field.mount.stop = plan, stop  # type: ignore[method-assign]
    field.observe()
    first, last = field.told("block-done")
    assert [entry["time"] for entry in field.told("block-started")] == [START, later]
    assert stopped == [first["time"], last["time"]]


def test_the_planner_is_told_where_the_mount_points_what_was_taken_and_when_it_was_focused() -> None:
    field, focused, later = Field(), START + timedelta(seconds=79), START + timedelta(hours=2)
    known = []

    def plan(tally: Tally, now: datetime, away: Collection[str]) -> Intent:
        known.append((dict(tally.bearings), tally.bearings.get("gem")))
        begun = len(field.told("block-started"))
        ahead = [replace(field.block("humble", max(now, at)), count=2) for at in (START, START, later)][begun:]
        return Intent(NIGHT.date, "here", START, DAWN, tuple(ahead), (), ())

    field.plan = plan  # type: ignore[method-assign]
    field.executor.focused = {"newton": focused}
    field.observe()
    aim = Aim("humble", 90.0, 40.0, "newton", "V", -1)
    there, stood = Bearings(aim, focused={"newton": focused}), Bearings(aim, rests=True, focused={"newton": focused})
    assert known[0] == ({}, None), "in the evening nothing is known"
    told = [key for key, _ in groupby(known[1:], key=lambda each: each[1])]
    assert told == [there, stood, there, stood], "it is stopped where it has to wait"
    assert field.tally.bearings == {"gem": stood}, "whoever takes over parks it"


def test_a_block_that_took_nothing_leaves_nobody_sure_where_the_mount_points() -> None:
    field = Field("humble", "hopeless")
    with pytest.raises(DeviceError):
        field.observe()
    assert field.tally.bearings["gem"] == Bearings(rests=True)


def test_a_mount_points_at_its_block_from_when_it_is_sent_there_not_only_from_the_first_frame() -> None:
    """What another mount is planned beside is where this one will be left."""
    field, run, known = Field("humble", "hopeless"), Failing.run, list[Aim | None]()

    async def sent(job: Job) -> AsyncGenerator[Path, None]:
        known.append(field.tally.bearings["gem"].aim)
        async for path in run(field.executor, job):
            yield path

    field.executor.run = sent  # type: ignore[method-assign]
    with pytest.raises(DeviceError):
        field.observe()
    assert known[0] == Aim("hopeless", 90.0, 40.0, "newton", "V", -1)


def one_after_the_other(field: Field, *plans: str) -> None:
    """Plan an hour of each that does not wait, in this order, and the last until dawn."""

    def plan(tally: Tally, now: datetime, away: Collection[str]) -> Intent:
        record = Record(PATIENCE, NIGHT.start, tally.progress, tally.failed)
        waits = {name: record.waits_until(name, "V-60s") for name in plans}
        able = [name for name, until in waits.items() if until is None or until <= now]
        starts = [now + timedelta(hours=number) for number in range(len(able))]
        blocks = [
            replace(field.block(name, at), end=at + timedelta(hours=1)) for name, at in zip(able, starts, strict=True)
        ]
        blocks[-1:] = [replace(each, end=DAWN) for each in blocks[-1:]]
        return Intent(NIGHT.date, "here", START, DAWN, tuple(blocks) if now < DAWN else (), (), ())

    field.plan = plan  # type: ignore[method-assign]
    field.observe()


def test_where_the_night_leaves_its_plan_it_says_what_came_instead_and_why() -> None:
    field = Field("hopeless")
    one_after_the_other(field, "hopeless", "humble")
    first = field.told("replanned")[0]
    assert (first["planned"], first["instead"], first["cause"]) == ("hopeless V-60s", "humble V-60s", "failed")
    assert (first["mount"], first["train"]) == ("gem", "newton")
    assert "no star to guide on" in first["reason"]


def test_rejected_frames_are_told_as_the_cause() -> None:
    field = Field()
    one_after_the_other(field, "hopeless", "humble")
    first = field.told("replanned")[0]
    assert (first["planned"], first["instead"], first["cause"]) == ("hopeless V-60s", "humble V-60s", "waits")


def test_a_night_that_goes_as_planned_says_nothing_of_it() -> None:
    field = Field()
    one_after_the_other(field, "humble")
    assert len(field.told("block-started")) > 3
    assert field.told("replanned") == []


@pytest.mark.parametrize("fixed", [False, True])
def test_a_block_planned_with_learned_times_may_take_its_leeway_and_give_half_its_frames_for_the_focus(
    fixed: bool,
) -> None:
    field = Field()
    field.loop.close()
    plain = replace(field.block("humble", START), count=20, fixed=fixed)
    leeway = Leeway(plain.end + timedelta(seconds=90), 61.0, 45.0)
    context = field.context()
    assert observe.job(context, plain, "b").end == plain.end + timedelta(seconds=1)
    job = observe.job(context, replace(plain, leeway=leeway), "b")
    assert job.end == leeway.until + timedelta(seconds=1)
    assert (job.each_s, job.focus_s, job.for_focus) == (61.0, 45.0, 0 if fixed else 10)
