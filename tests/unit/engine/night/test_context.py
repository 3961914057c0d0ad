"""What the activities may ask of tonight: whose work it is, what is missing, and what is written down."""

import asyncio
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from obsy.engine.devices.ports import Roof
from obsy.engine.events.roof import RoofOpened, VerdictTurned
from obsy.engine.identity import Identity
from obsy.engine.intent import Intent
from obsy.engine.library.master import CalibrationSet
from obsy.engine.night.context import NightContext
from obsy.engine.night.tally import Tally
from obsy.engine.night_record import Capture
from obsy.engine.schedule.request import Block
from obsy.errors import DeviceError
from obsy.schemas.policy import Patience
from tests.support.requests import request
from tests.support.stage import DAWN, DUSK, LATER, NIGHT, START, Stage

PATIENCE = Patience.model_validate({"rejections": 2, "failures": 2, "pause": "20 min"})


@pytest.fixture
def at() -> Iterator[Callable[[datetime], Stage]]:
    made: list[Stage] = []

    def make(when: datetime) -> Stage:
        made.append(Stage(start=when))
        return made[-1]

    yield make
    for stage in made:
        stage.close()


@pytest.fixture
def context(at: Callable[[datetime], Stage]) -> NightContext:
    """In the dark, with a patience that ends after two failures."""
    stage = at(LATER)
    stage.context.rules = replace(
        stage.context.rules, patience=PATIENCE, origin=Identity(site="nerpio", commit="c0ffee")
    )
    return stage.context


def told(context: NightContext, event: str) -> list[dict[str, Any]]:
    return [entry for entry in context.journal.entries if entry["event"] == event]  # type: ignore[attr-defined]


def test_a_night_begins_with_an_unsafe_verdict_and_neither_closing_nor_ended(context: NightContext) -> None:
    assert (context.keeper.verdict.safe, context.keeper.verdict.reason) == (False, "nothing has been read yet")
    assert not context.closing
    assert not context.ended


def test_a_frame_is_for_its_goal_at_the_site_and_commit_of_the_night(context: NightContext) -> None:
    said = {"site": "nerpio", "commit": "c0ffee", "train": "newton"}
    assert context.asked("newton") == Identity(**said)
    assert context.asked("newton", "b1", ("m31", "L-60s")) == Identity(**said, block="b1", plan="m31", goal="L-60s")


def test_before_a_roof_is_made_safe_no_mount_may_move_and_nothing_waits_for_a_disk(
    at: Callable[[datetime], Stage],
) -> None:
    stage = at(LATER)
    stage.shelter.stance.meant = Roof.OPEN

    async def ground() -> None:
        stage.context.ground()
        assert (stage.context.closing, stage.shelter.stance.meant) == (True, Roof.UNKNOWN)

    stage.runner.run(ground())


def test_a_guarded_mount_moves_only_while_the_roof_that_it_stands_under_is_meant_to_be_open(
    at: Callable[[datetime], Stage],
) -> None:
    stage = at(LATER)
    stance, (mount,) = stage.shelter.stance, stage.context.ports.mounts.values()
    stance.meant = Roof.CLOSED
    with pytest.raises(DeviceError, match="the roof is not meant to be open"):
        stage.runner.run(mount.unpark())
    stance.meant = Roof.OPEN
    stage.runner.run(mount.unpark())


def planned(*trains: str) -> tuple[Callable[..., Intent], list[set[str]]]:
    """A planner with a block for each train, and the mounts that it was told are away, each time it was asked."""
    asked: list[set[str]] = []

    def plan(tally: Tally, now: datetime, away: Collection[str]) -> Intent:
        asked.append(set(away))
        blocks = tuple(Block(request(f"with-{train}", "L", train, 1), 1, now, DAWN, 0.0, 0.0, 0.0) for train in trains)
        return Intent(NIGHT.date, "here", DUSK, DAWN, blocks, (), ())

    return plan, asked


def test_only_the_blocks_of_trains_under_this_roof_are_its_own(context: NightContext) -> None:
    context.plan, _ = planned("elsewhere", "newton")
    (block,) = context.blocks()
    assert block.request.train == "newton"
    assert context.mount_of(block).name == "gem"


@pytest.mark.parametrize(("when", "away"), [(LATER, {"far"}), (START, set())])
def test_in_the_dark_mounts_under_an_unsafe_roof_leave_their_work_to_others(
    at: Callable[[datetime], Stage], when: datetime, away: set[str]
) -> None:
    context = at(when).context
    context.tally.sheltered = {"gem", "far"}
    context.plan, asked = planned()
    context.blocks()
    assert asked == [away]


def test_an_archive_that_refuses_leaves_nothing_to_take(context: NightContext) -> None:
    wanted = CalibrationSet("newton", "dark", 60.0, None, 2)
    asked = list[datetime]()

    def lacking(tally: Tally, now: datetime) -> tuple[CalibrationSet, ...]:
        asked.append(now)
        return wanted, replace(wanted, train="elsewhere")

    context.lacking = lacking
    assert context.missing() == (), "obsy moves no camera here"
    context.ports = replace(context.ports, devices={"newton": None})  # type: ignore[dict-item]
    assert context.missing() == (wanted,)
    assert context.missing(DAWN) == (wanted,)
    assert asked == [LATER, LATER, DAWN]
    assert context.blocks()
    context.tally.refused = "the disk is full"
    assert (context.missing(), context.blocks()) == ((), ())


def test_a_disk_that_is_full_is_heard_of_unless_the_roof_is_being_closed(context: NightContext) -> None:
    def full(when: datetime, event: object) -> None:
        raise OSError(28, "No space left on device")

    keep, context.journal.write = context.journal.write, full  # type: ignore[method-assign]
    with pytest.raises(OSError, match="No space"):
        context.log(RoofOpened())
    context.closing = True
    context.log(RoofOpened())
    context.journal.write = keep  # type: ignore[method-assign]
    context.log(RoofOpened())
    (opened,) = told(context, "roof-opened")
    assert (opened["enclosure"], opened["time"]) == ("roll-off", LATER)


def test_what_may_change_the_plan_is_remembered_whether_it_waits_for_the_disk_or_not(context: NightContext) -> None:
    causes = [VerdictTurned(safe=each, reason="rain", input="mast") for each in (False, True, False)]
    context.log(causes[0])
    context.note(causes[1])
    context.closing = True
    context.log(causes[2])
    context.log(RoofOpened())
    assert context.happened == causes


def test_blocks_that_fail_in_a_row_make_their_plan_wait_and_that_is_journaled_once(context: NightContext) -> None:
    context.tally.failed["m31"] = (LATER - timedelta(minutes=5),)
    context.note_wait(("m31", "L"), None, "no guide star")
    assert told(context, "goal-waits") == []
    context.tally.failed["m31"] = (LATER - timedelta(minutes=5), LATER)
    context.note_wait(("m31", "L"), None, "no guide star")
    (waits,) = told(context, "goal-waits")
    until = LATER + timedelta(minutes=20)
    assert {name: waits[name] for name in ("plan", "until", "pause_s", "in_a_row", "reason")} == {
        "plan": "m31",
        "until": until,
        "pause_s": 1200.0,
        "in_a_row": 2,
        "reason": "no guide star",
    }
    assert "goal" not in waits or waits["goal"] is None
    context.note_wait(("m31", "L"), until, "no guide star")
    assert len(told(context, "goal-waits")) == 1


def test_frames_that_are_rejected_in_a_row_make_their_goal_wait(context: NightContext) -> None:
    for minute in (1, 2, 3):
        began = LATER - timedelta(minutes=4 - minute)
        context.tally.take(("m31", "L"), began)
        context.tally.judge(("m31", "L"), Capture(Path("a.fits"), "newton", "light", "L", 60.0, began), False, {})
    context.note_wait(("m31", "L"), None, "trail")
    (waits,) = told(context, "goal-waits")
    assert (waits["plan"], waits["goal"], waits["in_a_row"]) == ("m31", "L", 3)
    assert waits["until"] == LATER - timedelta(minutes=2) + timedelta(minutes=20)


def test_a_wait_that_is_over_is_not_journaled(context: NightContext) -> None:
    context.tally.failed["m31"] = (LATER - timedelta(minutes=25), LATER - timedelta(minutes=20))
    context.note_wait(("m31", "L"), None, "no guide star")
    assert told(context, "goal-waits") == []


def test_a_fault_in_what_runs_beside_the_activities_is_kept_for_the_end(at: Callable[[datetime], Stage]) -> None:
    stage = at(datetime(2026, 11, 21, 20, tzinfo=UTC))

    async def fails() -> None:
        raise ZeroDivisionError("a fault of ours")

    async def works() -> None:
        await stage.clock.sleep(5.0)

    async def send() -> None:
        stage.context.send(fails())
        stage.context.send(works())
        assert len(stage.context.errands) == 2
        await stage.clock.sleep(10.0)

    stage.runner.run(send())
    assert stage.context.errands == set()
    assert [repr(fault) for fault in stage.context.faults] == ["ZeroDivisionError('a fault of ours')"]


def test_who_rests_wakes_when_the_plan_changes_and_nothing_is_kept_of_a_rest(at: Callable[[datetime], Stage]) -> None:
    stage = at(datetime(2026, 11, 21, 20, tzinfo=UTC))
    context, woke = stage.context, list[float]()

    async def rest(seconds: float, heard: int) -> None:
        begun = stage.clock.now()
        await context.rest(seconds, heard)
        woke.append((stage.clock.now() - begun).total_seconds())

    async def night() -> None:
        await rest(5.0, context.news)
        resting = asyncio.create_task(rest(500.0, context.news))
        await stage.clock.sleep(20.0)
        context.replan(context.plan, context.lacking)
        await resting
        await rest(500.0, context.news - 1)

    stage.runner.run(night())
    assert woke == pytest.approx([5.0, 20.0, 0.0], abs=0.5)
    assert context._sleepers == set()
