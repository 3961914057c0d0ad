"""Whatever breaks in obsy itself, the roof is closed first and the fault is heard afterwards."""

import asyncio
from collections.abc import Callable, Collection
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from obsy.engine.devices.ports import Roof
from obsy.engine.devices.simulated.clock import VirtualClock, VirtualLoop
from obsy.engine.events import Event
from obsy.engine.intent import Intent
from obsy.engine.night.activities import ACTIVITIES
from obsy.engine.night.context import NightContext, NightRules
from obsy.engine.night.event import TableEvent
from obsy.engine.night.loop import Loop
from obsy.engine.night.ports import Ports
from obsy.engine.night.tally import Tally
from obsy.engine.safety.keeper import Keeper
from obsy.engine.safety.monitor import WeatherMonitor
from obsy.engine.safety.shelter import Shelter, ShelteredMount
from obsy.engine.schedule.request import Block
from obsy.engine.sky.grid import Window
from obsy.engine.sky.twilight import Night
from obsy.errors import DeviceError, UserError
from obsy.schemas.night import NightTable
from obsy.schemas.policy import Safety
from tests.support import fakes
from tests.support.equipment import example
from tests.support.requests import request
from tests.support.safety import NERPIO, kept

DUSK = datetime(2026, 11, 21, 18, tzinfo=UTC)
START, LATER, DAWN, END = (DUSK + timedelta(minutes=minutes) for minutes in (-2, 5, 20, 45))
NIGHT = Night(date(2026, 11, 21), START, END, START, DUSK, DAWN, DAWN, (Window(DUSK, DAWN),))
SAFETY = Safety.model_validate({"limits": {"rain": "above 0 mm/h"}, "dwell": "1 min"})


def plan(tally: Tally, now: datetime, away: Collection[str]) -> Intent:
    """Work until dawn."""
    wanted = request()
    blocks = (Block(wanted, 10, now, now + timedelta(minutes=10), 90.0, 40.0, -1.0),) if now < DAWN else ()
    return Intent(NIGHT.date, "here", DUSK, DAWN, blocks, (), ())


class Stage:
    """A night on fakes, to be broken before it is played."""

    def __init__(self, table: NightTable, begin: datetime = START) -> None:
        self.loop, self.table = VirtualLoop(), table
        self.clock = VirtualClock(begin, self.loop)
        self.mount = fakes.FakeMount(self.clock)
        self.roof = fakes.FakeEnclosure(self.clock, self.mount)
        self.rain = fakes.FakeWeatherInput(self.clock, lambda when: {"rain": 0.0})
        self.night, self.safety, self.plan, self.tally = NIGHT, SAFETY, plan, Tally()
        self.executor, self.journal = fakes.FakeExecutor(self.clock), fakes.FakeJournal()
        self.begin_in: str | None = None
        self.left: set[Any] = set()
        """What still runs when the night has ended."""

    async def beside(self) -> None:
        """What happens beside the night."""

    def play(self) -> None:
        """The night, from its table's beginning to its end."""
        stands = example().instruments[0]
        gem = stands.mount.name
        mounts, executors = {gem: self.mount}, {gem: self.executor}
        parts = (
            self.clock,
            NERPIO,
            stands.enclosure,
            self.roof,
            (ShelteredMount(stands.mount, self.mount),),
            self.safety,
        )
        self.shelter = Shelter(*parts, ends=self.night.end)
        keeper = kept(self.shelter, {"rain": self.rain})
        ports = Ports(self.clock, keeper, mounts, executors)
        rules = NightRules(self.safety, stands.enclosure, (stands.mount,), {stands.name: stands}, 30.0)
        context = NightContext(
            self.night,
            rules,
            ports,
            fakes.FakeProcessing(),
            self.journal,
            self.tally,
            self.plan,
            lambda tally, now: (),
        )
        keeper.hear(context.note)
        with asyncio.Runner(loop_factory=lambda: self.loop) as runner:
            runner.run(self._both(Loop(self.table, context), keeper))

    async def _both(self, night: Loop, keeper: Keeper) -> None:
        keeping = asyncio.create_task(keeper.run())
        playing = asyncio.create_task(night.run(self.begin_in), name="night")
        beside = asyncio.create_task(self.beside())
        await asyncio.wait({playing})
        self.left = asyncio.all_tasks() - {asyncio.current_task(), keeping, beside}
        beside.cancel()
        keeping.cancel()
        playing.result()

    def events(self) -> list[str]:
        return [entry["event"] for entry in self.journal.entries]


@pytest.fixture
def stage(table: NightTable) -> Stage:
    return Stage(table)


def breaking(when: datetime, clock: Any, then: Callable[..., Any]) -> Callable[..., Any]:
    """`then`, but a fault of ours from a moment on."""

    def act(*arguments: Any) -> Any:
        if clock.now() >= when:
            raise ZeroDivisionError("a fault of ours")
        return then(*arguments)

    return act


def test_a_fault_while_observing_closes_the_roof_and_is_raised_in_the_end(stage: Stage) -> None:
    stage.executor.run = breaking(LATER, stage.clock, stage.executor.run)
    with pytest.raises(ZeroDivisionError):
        stage.play()
    assert stage.roof.roof is Roof.CLOSED
    assert "fault" in stage.events()


def test_weather_that_cannot_be_watched_closes_the_roof_at_once_and_calls_people(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    look, breaks = WeatherMonitor.look, LATER
    monkeypatch.setattr(WeatherMonitor, "look", breaking(breaks, stage.clock, look))
    stage.play()
    closed = next(when for when, roof in stage.roof.moved if roof is Roof.CLOSED)
    assert closed < breaks + timedelta(seconds=80)
    assert not stage.roof.struck
    called = [entry["reason"] for entry in stage.journal.entries if entry["event"] == "alarm"]
    assert set(called) == {"the weather cannot be watched: ZeroDivisionError('a fault of ours')"}
    assert len(called) < 60, "not every second"


def test_a_driver_that_breaks_is_no_evidence(stage: Stage) -> None:
    stage.rain.truth = breaking(LATER, stage.clock, stage.rain.truth)
    stage.play()
    closed = next(when for when, roof in stage.roof.moved if roof is Roof.CLOSED)
    assert closed < LATER + timedelta(minutes=5)


def test_a_disk_that_is_full_keeps_no_roof_open(stage: Stage) -> None:
    keep = stage.journal.write

    def write(when: datetime, event: Event) -> None:
        if when >= LATER:
            raise OSError(28, "No space left on device")
        keep(when, event)

    stage.journal.write = write  # type: ignore[method-assign]
    with pytest.raises(OSError, match="No space"):
        stage.play()
    assert stage.roof.roof is Roof.CLOSED
    assert not stage.roof.struck


def test_a_failure_under_a_closed_roof_does_not_silence_the_journal_for_the_night(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = stage.journal.write

    async def fail(context: NightContext) -> None:
        raise DeviceError("no camera")

    def write(when: datetime, event: Event) -> None:
        if event.name == "frame-taken":
            raise OSError(28, "No space left on device")
        keep(when, event)

    monkeypatch.setitem(ACTIVITIES, "calibrate", fail)
    stage.journal.write = write  # type: ignore[method-assign]
    with pytest.raises(OSError, match="No space"):
        stage.play()
    assert stage.roof.roof is Roof.CLOSED


def test_a_mount_that_cannot_be_stopped_is_parked_all_the_same(stage: Stage) -> None:
    async def stop() -> None:
        raise DeviceError("no")

    stage.mount.stop = stop  # type: ignore[method-assign]
    stage.play()
    assert stage.roof.roof is Roof.CLOSED
    assert stage.journal.entries[-1]["to"] == "finished"


def test_a_fault_in_closing_itself_does_not_turn_for_ever(stage: Stage) -> None:
    stage.mount.park = breaking(START, stage.clock, stage.mount.park)
    with pytest.raises(DeviceError, match="not seen closed"):
        stage.play()
    told = [entry["reason"] for entry in stage.journal.entries if entry["event"] == "close-failed"]
    assert all("ZeroDivisionError" in reason for reason in told)
    assert stage.clock.now() >= NIGHT.end


def test_a_roof_that_never_closes_ends_with_the_night_and_not_before(stage: Stage) -> None:
    async def stuck() -> None:
        await stage.clock.sleep(90)
        raise DeviceError("no end switch within 90 s")

    stage.roof.close = stuck
    with pytest.raises(DeviceError, match="not seen closed"):
        stage.play()
    assert stage.clock.now() >= NIGHT.end
    assert "night-finished" not in stage.events()


def test_an_executor_that_breaks_itself_off_has_failed(stage: Stage) -> None:
    keep, broken = stage.executor.run, []

    def run(job: Any) -> Any:
        if not broken and stage.clock.now() >= LATER:
            broken.append(stage.clock.now())
            raise asyncio.CancelledError
        return keep(job)

    stage.executor.run = run  # type: ignore[method-assign]
    stage.play()
    assert broken
    told = [entry for entry in stage.journal.entries if entry["event"] in {"device-failed", "block-failed"}]
    assert "broke off by itself" in str(told)
    later = [entry for entry in stage.journal.entries if entry["event"] == "state" and entry["time"] >= broken[0]]
    assert later[0]["on"] == "failed"
    assert stage.roof.roof is Roof.CLOSED


def test_a_night_cancelled_again_and_again_closes_its_roof_to_the_end(stage: Stage) -> None:
    async def cancel() -> None:
        night = next(task for task in asyncio.all_tasks() if task.get_name() == "night")
        await stage.clock.sleep((LATER - START).total_seconds())
        assert stage.roof.roof is Roof.OPEN
        for _ in range(20):
            night.cancel()
            await stage.clock.sleep(3.0)

    stage.beside = cancel
    with pytest.raises(asyncio.CancelledError):
        stage.play()
    assert stage.roof.roof is Roof.CLOSED
    assert not stage.roof.struck


def test_a_fault_that_comes_again_and_again_is_forgiven_five_times(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(context: NightContext) -> None:
        raise ZeroDivisionError(f"fault {len(context.faults)}")

    monkeypatch.setitem(ACTIVITIES, "observe", fail)
    with pytest.raises(ZeroDivisionError, match="fault 0"):
        stage.play()
    assert stage.events().count("fault") == 6
    assert stage.clock.now() < NIGHT.end
    assert stage.roof.roof is Roof.CLOSED


def test_what_only_a_person_can_mend_ends_the_night_at_once_under_a_closed_roof(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuses(context: NightContext) -> None:
        raise UserError("site/ has changed")

    monkeypatch.setitem(ACTIVITIES, "observe", refuses)
    with pytest.raises(UserError, match="site/ has changed"):
        stage.play()
    assert stage.roof.roof is Roof.CLOSED
    assert "fault" not in stage.events()


def test_of_several_faults_the_first_is_raised_in_the_end(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    faults = [ZeroDivisionError("the first"), KeyError("the second")]

    async def fail_twice(context: NightContext) -> None:
        if faults:
            raise faults.pop(0)
        await stage.clock.sleep(600.0)

    monkeypatch.setitem(ACTIVITIES, "observe", fail_twice)
    with pytest.raises(ZeroDivisionError, match="the first"):
        stage.play()
    assert faults == []


def test_an_activity_that_does_not_let_go_is_left_behind_and_its_end_is_no_news(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    rain = LATER

    async def deaf(context: NightContext) -> None:
        try:
            await stage.clock.sleep(1e5)
        except asyncio.CancelledError:
            await stage.clock.sleep(60.0)

    stage.rain.truth = lambda when: {"rain": 1.0 if when >= rain else 0.0}
    monkeypatch.setitem(ACTIVITIES, "observe", deaf)
    stage.mount.moves_s = 120.0
    stage.play()
    (stuck,) = [entry for entry in stage.journal.entries if entry["event"] == "activity-stuck"]
    assert stuck["after_s"] == 30.0
    assert rain + timedelta(seconds=30) <= stuck["time"] <= rain + timedelta(seconds=61)
    told = [entry["to"] if entry["event"] == "state" else entry["event"] for entry in stage.journal.entries]
    assert told.index("roof-closed") < told.index("sheltering")


def test_calibration_that_goes_on_at_dusk_is_ended_before_the_roof_opens(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, keep = [], ACTIVITIES["open"]

    async def without_end(context: NightContext) -> None:
        try:
            await context.ports.clock.sleep(1e6)
        finally:
            told.append("calibration ends")

    async def opening(context: NightContext) -> None:
        told.append("the roof opens")
        await keep(context)

    monkeypatch.setitem(ACTIVITIES, "calibrate", without_end)
    monkeypatch.setitem(ACTIVITIES, "open", opening)
    stage.play()
    assert told == ["calibration ends", "the roof opens"]


def test_mounts_under_an_unsafe_roof_are_sheltered_until_it_is_safe_and_others_stay_as_they_are(stage: Stage) -> None:
    wet, dry = LATER, LATER + timedelta(minutes=4)
    seen = {}

    def sheltered_at(tally: Tally, now: datetime, away: Collection[str]) -> Intent:
        seen[now] = set(tally.sheltered)
        return plan(tally, now, away)

    stage.rain.truth = lambda when: {"rain": 1.0 if wet <= when < dry else 0.0}
    stage.plan, stage.tally.sheltered = sheltered_at, {"far"}
    stage.play()
    gem = example().mounts[0].name
    while_wet = [each for at, each in seen.items() if wet + timedelta(minutes=1) < at < dry]
    when_dry = [each for at, each in seen.items() if DUSK < at < wet or at > dry + timedelta(minutes=3)]
    assert while_wet and all(each == {"far", gem} for each in while_wet)
    assert when_dry and all(each == {"far"} for each in when_dry)


@pytest.mark.parametrize("dawn", [None, DAWN])
def test_a_night_that_never_grows_dark_goes_to_its_end_at_once_and_says_why(
    stage: Stage, dawn: datetime | None
) -> None:
    stage.night = replace(NIGHT, dusk=None, dawn=dawn, dark=())
    stage.play()
    dawn = next(entry for entry in stage.journal.entries if entry["event"] == "state" and entry["on"] == "dawn")
    assert dawn["detail"] == "the Sun does not sink low enough in this night"
    assert dawn["time"] == START
    assert "roof-opening" not in stage.events()


def test_a_roof_that_somebody_opens_while_the_night_finishes_is_closed_before_it_ends(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def by_hand(context: NightContext) -> None:
        stage.roof.roof = Roof.OPEN

    monkeypatch.setitem(ACTIVITIES, "finish", by_hand)
    stage.play()
    assert stage.roof.roof is Roof.CLOSED


def test_a_night_that_is_left_stops_its_mounts_and_what_it_does_before_it_closes_the_roof(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    closes, stopped = ACTIVITIES["close"], []

    async def work(context: NightContext) -> None:
        try:
            await stage.clock.sleep(1e5)
        finally:
            stopped.append((stage.shelter.stance.meant, context.closing))

    async def close(context: NightContext) -> None:
        assert stopped == [(Roof.UNKNOWN, True)]
        await closes(context)

    monkeypatch.setitem(ACTIVITIES, "observe", work)
    monkeypatch.setitem(ACTIVITIES, "close", close)
    tells = Loop._tell_the_time

    async def dies(loop: Loop) -> None:
        telling = asyncio.create_task(tells(loop))
        await stage.clock.sleep((LATER - START).total_seconds())
        telling.cancel()
        raise ZeroDivisionError

    monkeypatch.setattr(Loop, "_tell_the_time", dies)
    with pytest.raises(ZeroDivisionError):
        stage.play()
    assert stage.roof.roof is Roof.CLOSED


def test_a_plan_that_cannot_be_made_any_more_closes_the_roof_without_waiting_for_the_morning(stage: Stage) -> None:
    stage.plan = breaking(LATER, stage.clock, plan)
    with pytest.raises(ZeroDivisionError):
        stage.play()
    closed = next(when for when, roof in stage.roof.moved if roof is Roof.CLOSED)
    assert closed < LATER + timedelta(minutes=6)


def test_a_clock_that_is_set_past_dawn_is_noticed_within_half_a_minute(stage: Stage) -> None:
    passes, ahead = stage.clock.now, timedelta(hours=6)
    stage.clock.now = lambda: passes() + (ahead if stage.clock.monotonic() >= 1.0 else timedelta())  # type: ignore[method-assign]
    stage.play()
    dawn = next(entry for entry in stage.journal.entries if entry["event"] == "state" and entry["on"] == "dawn")
    assert dawn["time"] - ahead == START + timedelta(seconds=30)


def test_a_night_begins_with_what_its_first_state_does(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, keep = [], ACTIVITIES["calibrate"]

    async def calibrate(context: NightContext) -> None:
        begun.append(stage.clock.now())
        await keep(context)

    monkeypatch.setitem(ACTIVITIES, "calibrate", calibrate)
    stage.play()
    assert begun[0] == START


@pytest.mark.parametrize("state", [None, "opening", "closing"])
def test_a_night_begins_at_its_tables_beginning_or_where_it_is_told_to(stage: Stage, state: str | None) -> None:
    stage.begin_in = state
    stage.play()
    moves = [entry for entry in stage.journal.entries if entry["event"] == "state"]
    assert moves[0]["from"] == (state or stage.table.initial)
    assert stage.roof.roof is Roof.CLOSED


def test_a_fault_met_as_an_activity_ends_closes_the_roof_at_once(stage: Stage) -> None:
    """While the roof opens, no plan can be made any more."""
    stage.plan = breaking(DUSK + timedelta(seconds=10), stage.clock, stage.plan)
    with pytest.raises(ZeroDivisionError):
        stage.play()
    assert [to for _, to in stage.roof.moved] == [Roof.CLOSED, Roof.OPEN, Roof.CLOSED]
    assert stage.roof.moved[-1][0] < LATER


class Halt(BaseException):
    """What nobody catches."""


def test_of_what_ends_several_at_once_the_night_raises_the_first(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(context: NightContext) -> None:
        raise BaseExceptionGroup("both", [Halt("first")])

    monkeypatch.setitem(ACTIVITIES, "observe", fail)
    with pytest.raises(Halt, match="first"):
        stage.play()
    assert stage.roof.roof is Roof.CLOSED


def test_a_move_that_no_disk_takes_is_not_made(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    write = stage.journal.write

    def full(when: datetime, event: Event) -> None:
        if event.name == "state" and event.facts()["to"] == "opening":
            raise OSError(28, "No space left on device")
        write(when, event)

    monkeypatch.setattr(stage.journal, "write", full)
    with pytest.raises(OSError, match="No space"):
        stage.play()
    assert Roof.OPEN not in [to for _, to in stage.roof.moved]
    assert "roof-opening" not in stage.events()


def test_at_dawn_the_mounts_are_sent_home_before_what_observes_has_let_go(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def deaf(context: NightContext) -> None:
        stage.mount.parked = False
        try:
            await stage.clock.sleep(1e5)
        except asyncio.CancelledError:
            await stage.clock.sleep(1e5)

    monkeypatch.setitem(ACTIVITIES, "observe", deaf)
    stage.play()
    home = next(when for when in stage.mount.asked_to_park if when > LATER)
    assert DAWN <= home <= DAWN + timedelta(seconds=5)
    assert "activity-stuck" in stage.events()


@pytest.mark.parametrize(("fault", "word"), [(DeviceError("stuck"), "device-failed"), (KeyError("ours"), "fault")])
def test_a_failure_that_no_disk_takes_is_met_by_the_table_all_the_same(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, fault: Exception, word: str
) -> None:
    write, faults = stage.journal.write, [fault]

    async def fail_once(context: NightContext) -> None:
        if faults:
            raise faults.pop()
        await stage.clock.sleep(600.0)

    def full(when: datetime, event: Event) -> None:
        if event.name == word:
            raise OSError(28, "No space left on device")
        write(when, event)

    monkeypatch.setitem(ACTIVITIES, "observe", fail_once)
    monkeypatch.setattr(stage.journal, "write", full)
    with nullcontext() if isinstance(fault, DeviceError) else pytest.raises(KeyError):
        stage.play()
    moves = [(entry["from"], entry["on"]) for entry in stage.journal.entries if entry["event"] == "state"]
    assert ("observing", "failed") in moves
    assert stage.roof.roof is Roof.CLOSED


def test_a_night_that_cannot_begin_closes_its_roof_and_says_why(stage: Stage) -> None:
    stage.begin_in = "nowhere"
    with pytest.raises(KeyError, match="nowhere"):
        stage.play()
    assert stage.roof.roof is Roof.CLOSED


def heard_by_the_table(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> list[TableEvent]:
    """The events of a night that is played to its end."""
    heard, answer = list[TableEvent](), Loop._answer

    async def hear(loop: Loop, event: TableEvent) -> None:
        heard.append(event)
        await answer(loop, event)

    monkeypatch.setattr(Loop, "_answer", hear)
    stage.play()
    return heard


def brief(table: NightTable, begin: datetime) -> Stage:
    """A night of few minutes, of which the last begins at its dawn, and in which it soon is safe."""
    stage = Stage(table, begin)
    stage.safety = Safety.model_validate({"limits": {"rain": "above 0 mm/h"}, "dwell": "1 min"})
    stage.night = Night(NIGHT.date, begin, MORNING + timedelta(minutes=1), begin, SOON, MORNING, MORNING, (DARK,))
    return stage


SOON, MORNING = DUSK + timedelta(seconds=0.5), DUSK + timedelta(minutes=4)
DARK = Window(SOON, MORNING)


def test_dusk_and_dawn_are_told_at_their_moments_and_no_dusk_any_more_once_it_is_dawn(
    table: NightTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = heard_by_the_table(brief(table, DUSK - timedelta(minutes=1)), monkeypatch)
    dusks = [(each.name, each.at) for each in told if each.name in {"dusk", "dawn"}]
    assert dusks == [("dusk", SOON), ("dawn", MORNING)]
    assert {each.facts.dusk_ahead for each in told if each.name != "unsafe" and each.at < SOON} == {True}
    assert {each.facts.dusk_ahead for each in told if each.at >= SOON} == {False}
    late = heard_by_the_table(brief(table, MORNING), monkeypatch)
    assert [(each.name, each.at) for each in late if each.name in {"dusk", "dawn"}] == [("dawn", MORNING)]


def test_each_turn_of_the_verdict_is_written_and_a_bad_one_waits_for_no_disk(
    table: NightTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = brief(table, DUSK)
    wet, dry = DUSK + timedelta(seconds=90), DUSK + timedelta(seconds=100)
    ways, write = list[tuple[str, bool, str]](), stage.journal.write

    def keep(word: str, when: datetime, event: Event) -> None:
        if event.name == "verdict":
            ways.append((word, event.facts()["safe"], event.facts()["input"]))
        write(when, event)

    stage.rain.truth = lambda when: {"rain": 1.0 if wet <= when < dry else 0.0}
    monkeypatch.setattr(stage.journal, "write", partial(keep, "write"))
    monkeypatch.setattr(stage.journal, "note", partial(keep, "note"))
    stage.play()
    assert ways == [("note", False, ""), ("write", True, ""), ("note", False, "rain"), ("write", True, "")]
    assert stage.left == set(), "a night that has ended leaves nothing running"
