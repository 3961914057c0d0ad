"""Closing believes no answer: a roof is closed when its switches prove it, never over a mount, and in bounded time."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from math import log
from pathlib import Path
from threading import Event
from time import monotonic

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from obsy.engine import events
from obsy.engine import journal as journals
from obsy.engine.devices.ports import Roof
from obsy.engine.journal import Journal
from obsy.engine.safety import closing, seeing
from obsy.engine.safety.asking import LETS_GO_S
from obsy.engine.safety.closing import CALM_S, CALMER, make_safe
from obsy.errors import DeviceError
from obsy.schemas.policy import IfNotParked
from tests.support.effort import examples
from tests.support.lying import LIES, PLACES, LyingRoof
from tests.support.safety import NIGHT, SAFETY, Shed

SURE_S = 2 * (2 * 250.0 + 2 * 125.0 + 120.0 + 30.0)
"""Two attempts in which every single call uses up its deadline: the one in which a rehearsal ends, and one more."""


def close(shed: Shed) -> bool:
    """Whether it says that it is safe."""
    try:
        shed.run(make_safe(shed.shelter, shed.events.append))
    except DeviceError:
        return False
    return True


def test_the_mount_is_parked_first_and_then_the_roof_closed() -> None:
    shed = Shed().under_the_sky()
    assert close(shed)
    assert shed.names() == ["mount-parked", "roof-closing", "roof-closed"]
    assert shed.elapsed_s == 75.0
    assert shed.roof.struck == []


def test_every_mount_under_the_roof_is_parked_first_all_at_the_same_time() -> None:
    shed = Shed(count=3).under_the_sky()
    assert close(shed)
    assert {event.facts().get("mount") for event in shed.events[:3]} == {"gem-0", "gem-1", "gem-2"}
    assert shed.elapsed_s == 75.0
    assert shed.roof.struck == []


@pytest.mark.parametrize("stray", range(3))
def test_one_mount_that_does_not_park_keeps_the_roof_from_striking_it(stray: int) -> None:
    shed = Shed(count=3).under_the_sky()
    shed.mounts[stray].lies.tell("park", "nothing")
    assert not close(shed)
    assert shed.roof.moved == []
    assert all(mount.parked for number, mount in enumerate(shed.mounts) if number != stray)
    assert "alarm" in shed.names()


@pytest.mark.parametrize("place", PLACES)
def test_a_mount_that_claims_to_be_parked_without_standing_there_is_not_believed(place: str) -> None:
    shed = Shed().under_the_sky()
    shed.mounts[0].lies.tell("place", place)
    shed.mounts[0].lies.tell("park", "nothing")
    assert not close(shed)
    assert shed.roof.moved == []
    assert "roof-closed" not in shed.names()


@pytest.mark.parametrize("lie", LIES)
def test_whatever_park_does_wrong_the_roof_strikes_nothing_and_the_next_attempt_is_made(lie: str) -> None:
    shed = Shed().under_the_sky()
    shed.mounts[0].lies.tell("park", lie, until=NIGHT + timedelta(seconds=1))
    assert close(shed)
    assert shed.mounts[0].parked
    assert shed.roof.at == 0.0
    assert shed.roof.struck == []


@pytest.mark.parametrize("lie", LIES)
@pytest.mark.parametrize("call", ["close", "state"])
def test_whatever_the_roof_does_wrong_it_is_asked_again_until_it_is_seen_closed(lie: str, call: str) -> None:
    shed = Shed().under_the_sky()
    shed.roof.lies.tell(call, lie, until=NIGHT + timedelta(seconds=60))
    assert close(shed)
    assert shed.roof.at == 0.0
    assert shed.names()[-1] == "roof-closed"


@pytest.mark.parametrize("lie", sorted(set(LIES) - {"late", "stutters"}))
def test_a_roof_that_never_closes_is_never_called_closed_and_people_are_called(lie: str) -> None:
    shed = Shed().under_the_sky()
    shed.roof.lies.tell("close", lie)
    assert not close(shed)
    assert shed.roof.at == 1.0
    assert "roof-closed" not in shed.names()
    assert shed.names().count("close-failed") >= 3
    assert "alarm" in shed.names()
    assert shed.elapsed_s < shed.lasts_s + SURE_S


def test_it_is_tried_without_end_ever_more_slowly_and_people_are_called_again_and_again() -> None:
    shed, asked = Shed().under_the_sky(), []

    async def close_it() -> None:
        asked.append(shed.elapsed_s)
        raise DeviceError("no")

    shed.roof.close = close_it  # type: ignore[method-assign]
    assert not close(shed)
    assert asked[:8] == [30.0, 31.0, 33.0, 38.0, 48.0, 78.0, 108.0, 138.0]
    assert asked[-1] >= shed.lasts_s
    told = [event.facts() for event in shed.events if event.name == "close-failed"]
    assert [each["attempt"] for each in told] == [1, 2, 3, 20, 40, 60]
    assert told[0]["reason"] == "the roof's switches say 'open': no"
    assert shed.names().count("alarm") == 4


@pytest.mark.long
def test_a_night_later_it_still_closes() -> None:
    shed = Shed(lasts_s=1e6).under_the_sky()
    shed.roof.lies.tell("close", "breaks", until=NIGHT + timedelta(days=1))
    assert close(shed)
    assert 86400.0 < shed.elapsed_s < 86400.0 + 120.0


def test_a_switch_stuck_on_closed_keeps_no_roof_open_that_was_opened() -> None:
    shed = Shed().under_the_sky()

    async def stuck() -> Roof:
        return Roof.CLOSED

    shed.roof.state = stuck  # type: ignore[method-assign]
    assert close(shed)
    assert shed.roof.at == 0.0
    assert shed.roof.struck == []


def slipping(shed: Shed, *moments_s: tuple[float, bool]) -> None:
    """Close a roof whose mount another hand puts out of its park, or back, at some moments."""

    async def slips() -> None:
        for at_s, home in moments_s:
            await shed.clock.sleep(at_s - shed.elapsed_s)
            shed.mounts[0].home = home

    async def both() -> None:
        hand = asyncio.ensure_future(slips())
        with suppress(DeviceError):
            await make_safe(shed.shelter, shed.events.append)
        await hand

    shed.run(both())


def test_a_mount_that_leaves_its_park_stops_a_closing_roof_and_neither_moves_until_it_is_home() -> None:
    shed = Shed().under_the_sky()
    slipping(shed, (50.0, False), (600.0, True))
    assert len(shed.roof.struck) <= 2, "it is stopped within two seconds"
    first, again = (moved[0] for moved in shed.roof.moved)
    assert (again - first).total_seconds() >= 570.0 + CALM_S
    assert shed.names() == [
        "mount-parked",
        "roof-closing",
        *["close-failed"] * 3,
        "alarm",
        *["close-failed", "alarm"],
        "roof-closing",
        "roof-closed",
    ]
    told = [event.facts()["reason"] for event in shed.events if event.name == "close-failed"]
    assert "is not parked" in told[0]
    assert "may stand half-way over a mount, and neither is moved" in told[1]


def test_under_a_roof_that_may_stand_half_way_a_mount_is_stopped_and_not_parked() -> None:
    shed, told = Shed().under_the_sky(), []

    async def stop() -> None:
        told.append("stop")

    async def park() -> None:
        told.append("park")

    shed.mounts[0].stop, shed.mounts[0].park = stop, park  # type: ignore[method-assign]
    shed.roof.at, shed.shelter.stance.travels = 0.5, True
    assert not close(shed)
    assert set(told) == {"stop"}
    assert shed.roof.moved == []
    assert "alarm" in shed.names()


def test_by_the_choice_of_the_policy_a_roof_that_stands_half_way_closes_over_its_mount() -> None:
    shed = Shed(policy=ANYWAY).under_the_sky()
    shed.roof.at, shed.shelter.stance.travels = 0.5, True
    shed.mounts[0].lies.tell("stop", "silent")
    assert close(shed)
    assert (shed.roof.moved[0][0] - NIGHT).total_seconds() >= 600.0


@pytest.mark.parametrize("every_s", [2.0, 45.0, 400.0])
def test_over_a_mount_that_something_moves_again_and_again_a_roof_does_not_creep(every_s: float) -> None:
    hours = 4
    shed = Shed(lasts_s=3600.0 * hours).under_the_sky()
    turns = int(3600.0 * hours / every_s)
    slipping(shed, *((45.0 + every_s * turn, turn % 2 == 1) for turn in range(turns)))
    most = 2 + log(3600.0 * hours / CALM_S, CALMER)
    assert len(shed.roof.moved) <= most + 1
    assert len(shed.roof.struck) <= 2 * most


def test_a_mount_that_falls_silent_while_the_roof_closes_does_not_stop_it() -> None:
    shed = Shed().under_the_sky()
    shed.mounts[0].lies.tell("state", "silent", NIGHT + timedelta(seconds=40))
    assert close(shed)
    assert shed.names() == ["mount-parked", "roof-closing", "roof-closed"]


def test_a_mount_that_claims_to_be_parked_and_tracks_is_not_believed() -> None:
    shed = Shed().under_the_sky()
    shed.mounts[0].lies.tell("park", "nothing")
    shed.mounts[0].lies.tell("place", "tracking")
    assert not close(shed)
    assert shed.roof.moved == []
    assert "tracks" in str(next(event.facts() for event in shed.events if event.name == "close-failed")["reason"])


ANYWAY = SAFETY.model_copy(update={"if_not_parked": IfNotParked(close_after="10 min")})  # type: ignore[arg-type]


def test_over_a_mount_that_does_not_park_the_roof_closes_only_by_choice_and_only_in_bad_weather() -> None:
    for policy, danger, closes in ((ANYWAY, True, True), (ANYWAY, False, False), (SAFETY, True, False)):
        shed = Shed(policy=policy).under_the_sky()
        shed.mounts[0].lies.tell("park", "refuses")
        with suppress(DeviceError):
            shed.run(make_safe(shed.shelter, shed.events.append, lambda danger=danger: danger))  # type: ignore[misc]
        assert (shed.roof.at == 0.0) is closes
        assert not shed.roof.moved or (shed.roof.moved[0][0] - NIGHT).total_seconds() >= 600.0
        assert ("park-failed" in shed.names()) is closes


def closed_after(close_after_s: float, in_danger: Callable[[float], bool]) -> float:
    """When a roof begins to close over a mount that does not park, seconds after it was first told to."""
    policy = SAFETY.model_copy(update={"if_not_parked": IfNotParked(close_after=f"{close_after_s:g} s")})
    shed = Shed(policy=policy).under_the_sky()
    shed.mounts[0].lies.tell("park", "refuses")
    shed.run(make_safe(shed.shelter, shed.events.append, lambda: in_danger(shed.elapsed_s)))
    return (shed.roof.moved[0][0] - NIGHT).total_seconds()


def test_the_patience_with_a_mount_counts_from_the_moment_it_is_unsafe_and_anew_each_time() -> None:
    assert closed_after(78.0, lambda now_s: True) == 78.0
    assert 300.0 + 78.0 <= closed_after(78.0, lambda now_s: now_s >= 300.0) <= 300.0 + 78.0 + 60.0
    assert 600.0 + 78.0 <= closed_after(78.0, lambda now_s: not 60.0 < now_s < 600.0) <= 600.0 + 78.0 + 60.0


@pytest.mark.parametrize("lie", sorted(set(LIES) - {"stutters"}))
def test_a_mount_that_hangs_in_parking_uses_up_no_more_than_the_patience_with_it(lie: str) -> None:
    policy = SAFETY.model_copy(update={"if_not_parked": IfNotParked(close_after="1 min")})  # type: ignore[arg-type]
    shed = Shed(policy=policy).under_the_sky()
    shed.mounts[0].lies.tell("park", lie)
    shed.mounts[0].lies.tell("state", "silent")
    assert close(shed)
    assert 60.0 <= (shed.roof.moved[0][0] - NIGHT).total_seconds() <= 60.0 + 2.0 + LETS_GO_S
    assert "park-failed" in shed.names()


def test_work_that_is_given_up_has_ended_before_the_roof_goes_on_without_it() -> None:
    shed, ended = Shed(policy=ANYWAY), []

    async def parking() -> None:
        try:
            await shed.clock.sleep(1e6)
        finally:
            await shed.clock.sleep(3.0)
            ended.append(shed.elapsed_s)

    async def bounded() -> None:
        with pytest.raises(DeviceError, match="parking takes longer than it may in bad weather"):
            await closing._Patience(shed.shelter, lambda: True).bounds(parking(), "parking")
        assert ended, "no command of it crosses those of the roof"

    shed.run(bounded())


def test_once_the_patience_is_over_no_further_attempt_waits_for_the_mount() -> None:
    policy = SAFETY.model_copy(update={"if_not_parked": IfNotParked(close_after="1 min")})  # type: ignore[arg-type]
    shed, asked, keep = Shed(policy=policy).under_the_sky(), [], LyingRoof.close

    async def close_it() -> None:
        asked.append(shed.elapsed_s)
        if len(asked) < 3:
            raise DeviceError("no")
        await keep(shed.roof)

    shed.roof.close = close_it  # type: ignore[method-assign]
    shed.mounts[0].lies.tell("park", "silent")
    assert close(shed)
    assert asked[0] <= 62.0
    assert asked[2] <= asked[0] + 1.0 + 2.0 + 2 * 2.0, "two pauses, and a look at the mount each time"


def test_a_danger_that_cannot_be_judged_is_one() -> None:
    policy = SAFETY.model_copy(update={"if_not_parked": IfNotParked(close_after="1 min")})  # type: ignore[arg-type]
    shed = Shed(policy=policy).under_the_sky()
    shed.mounts[0].lies.tell("park", "refuses")

    def unknown() -> bool:
        raise KeyError("verdict")

    shed.run(make_safe(shed.shelter, shed.events.append, unknown))
    assert (shed.roof.moved[0][0] - NIGHT).total_seconds() == 60.0


def test_whoever_does_not_say_whether_it_is_unsafe_means_that_it_is() -> None:
    shed = Shed(policy=ANYWAY).under_the_sky()
    shed.mounts[0].lies.tell("park", "refuses")
    assert close(shed)


@pytest.mark.parametrize("shed", [Shed(), Shed().seen_closed()], ids=["perhaps open", "closed all the time"])
def test_a_mount_that_moves_under_a_roof_that_is_told_to_close_again_stops_it(shed: Shed) -> None:
    async def goes_on() -> None:
        await shed.clock.sleep(30.0)

    async def both() -> None:
        closing = asyncio.ensure_future(make_safe(shed.shelter, shed.events.append))
        await shed.clock.sleep(5.0)
        shed.mounts[0].home = False
        await shed.clock.sleep(3.0)
        assert shed.roof.halted
        await closing

    shed.roof.close = goes_on  # type: ignore[method-assign]
    shed.run(both())


def test_a_rehearsal_gives_up_at_its_end_and_not_an_attempt_later() -> None:
    shed = Shed(lasts_s=1.0).under_the_sky()
    shed.mounts[0].home = True
    shed.roof.lies.tell("close", "refuses")
    with pytest.raises(DeviceError, match="not seen closed after 2 attempts"):
        shed.run(make_safe(shed.shelter, shed.events.append))


def test_two_that_make_safe_do_so_one_after_the_other() -> None:
    shed = Shed().under_the_sky()

    async def both() -> None:
        await asyncio.gather(*(make_safe(shed.shelter, shed.events.append) for _ in range(2)))

    shed.run(both())
    assert shed.names() == ["mount-parked", "roof-closing", "roof-closed"]
    assert shed.elapsed_s == 75.0


def test_from_the_first_moment_on_and_whatever_is_meant_meanwhile_no_mount_may_move() -> None:
    shed = Shed().under_the_sky()
    stance, meant = shed.shelter.stance, []

    async def both() -> None:
        async with stance.closing:
            closing = asyncio.ensure_future(make_safe(shed.shelter, lambda _: meant.append(stance.meant)))
            await asyncio.sleep(0)
            meant.append(stance.meant)  # before its turn has come
            stance.meant = Roof.OPEN  # by whoever had the turn
        await closing

    shed.run(both())
    assert meant == [Roof.UNKNOWN] * 4
    assert stance.meant is Roof.CLOSED


def test_a_mount_is_told_to_stop_before_it_is_told_to_park() -> None:
    shed, told = Shed().under_the_sky(), []
    mount = shed.mounts[0]
    keep = mount.park

    async def stop() -> None:
        told.append("stop")

    async def park() -> None:
        told.append("park")
        await keep()

    mount.stop, mount.park = stop, park  # type: ignore[method-assign]
    assert close(shed)
    assert told == ["stop", "park"]


@pytest.mark.parametrize("lie", LIES)
def test_a_mount_that_cannot_be_stopped_is_parked_all_the_same(lie: str) -> None:
    shed = Shed().under_the_sky()
    shed.mounts[0].lies.tell("stop", lie)
    assert close(shed)
    assert "close-failed" not in shed.names()


@pytest.mark.parametrize("lie", LIES)
def test_a_roof_that_clears_the_mount_waits_for_none(lie: str) -> None:
    shed = Shed(clearance="free").under_the_sky()
    shed.mounts[0].lies.tell("park", lie)
    assert close(shed)
    closed = next(index for index, event in enumerate(shed.events) if event.name == "roof-closed")
    assert shed.roof.at == 0.0
    assert shed.roof.moved[0][0] == NIGHT
    assert "roof-closing" in shed.names()[:closed]


class Mute(DeviceError):
    """What went wrong cannot be told."""

    def __str__(self) -> str:
        raise ValueError("no words")


@pytest.mark.parametrize("clearance", ["free", "parked"])
@pytest.mark.parametrize(("call", "times"), [("park", 99), ("state", 99), ("park", 2), ("state", 2), ("stop", 99)])
def test_an_error_that_cannot_be_told_keeps_no_roof_open_that_may_close(clearance: str, call: str, times: int) -> None:
    shed = Shed(clearance=clearance).under_the_sky()
    left, well = [times], getattr(shed.mounts[0], call)

    async def mute() -> object:
        if left[0] > 0:
            left[0] -= 1
            raise Mute
        return await well()

    setattr(shed.mounts[0], call, mute)
    closes = clearance == "free" or times < 99 or call == "stop"
    assert close(shed) is closes
    assert (shed.roof.at == 0.0) is closes
    assert shed.roof.struck == []


def test_a_fault_of_ours_with_the_mounts_fails_no_closing_of_a_roof_that_clears_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shed = Shed(clearance="free").under_the_sky()

    async def broken(*_: object) -> None:
        raise ValueError("ours")

    monkeypatch.setattr(closing, "park", broken)
    assert close(shed)
    assert "close-failed" not in shed.names()
    assert "the mounts were not parked: ValueError('ours')" in capsys.readouterr().err


def test_a_mount_that_does_not_park_under_a_roof_that_clears_it_is_told_of(capsys: pytest.CaptureFixture[str]) -> None:
    shed = Shed(clearance="free").under_the_sky()
    shed.mounts[0].lies.tell("park", "breaks")
    assert close(shed)
    assert capsys.readouterr().err == "", "it is no fault of ours"
    (told,) = [event.facts() for event in shed.events if event.name == "park-failed"]
    assert told["mount"] == "gem-0"
    assert "KeyError('a fault of the driver')" in told["reason"]


def test_a_roof_that_does_not_close_still_has_its_mount_parked_if_it_clears_it() -> None:
    shed = Shed(clearance="free").under_the_sky()
    shed.roof.lies.tell("close", "refuses")
    assert not close(shed)
    assert shed.mounts[0].parked


def test_under_a_roof_that_was_closed_all_the_time_no_mount_is_moved_and_one_that_is_out_is_told_of() -> None:
    shed = Shed().seen_closed()
    shed.mounts[0].home = False
    assert close(shed)
    assert not shed.mounts[0].home
    assert shed.roof.moved == []
    (told,) = shed.events
    assert told.facts()["reason"].startswith("the roof's switches say 'closed', and the mount 'gem-0' is not parked")


def test_of_a_roof_whose_past_nobody_knows_no_switch_is_believed_over_a_mount_that_is_out() -> None:
    shed = Shed()
    shed.roof.at, shed.mounts[0].home = 1.0, False

    async def stuck() -> Roof:
        return Roof.CLOSED

    shed.roof.state = stuck  # type: ignore[method-assign]
    assert close(shed)
    assert (shed.roof.at, shed.mounts[0].parked, shed.roof.struck) == (0.0, True, [])
    assert "the roof's switches say 'closed', and the mount 'gem-0' is not parked" in shed.events[0].facts()["reason"]


def test_a_roof_that_is_closed_over_a_parked_mount_calls_nobody() -> None:
    for shed in (Shed(), Shed().seen_closed(), Shed(clearance="free")):
        assert close(shed)
        assert "alarm" not in shed.names()


def test_a_roof_that_is_said_to_be_closed_is_told_to_close_all_the_same() -> None:
    shed = Shed()
    asked = []

    async def close_it() -> None:
        asked.append(shed.clock.now())

    shed.roof.close = close_it  # type: ignore[method-assign]
    assert close(shed)
    assert len(asked) == 1
    again = Shed().seen_closed()
    again.mounts[0].home = False
    again.roof.close = close_it  # type: ignore[method-assign]
    assert close(again)
    assert len(asked) == 1


def test_a_roof_that_goes_on_moving_when_it_is_told_to_stay_closed_is_closed_again() -> None:
    shed = Shed()
    told = []
    keep = shed.roof.close

    async def wobble() -> None:
        told.append(shed.clock.now())
        if len(told) == 1:
            shed.roof.at = 0.5
            return
        await keep()

    shed.roof.close = wobble  # type: ignore[method-assign]
    assert close(shed)
    assert shed.roof.at == 0.0
    assert shed.names()[-1] == "roof-closed"


@pytest.mark.parametrize("trouble", [OSError(28, "No space left on device"), KeyError("x"), ValueError("y")])
def test_a_journal_that_takes_nothing_stops_no_roof(trouble: Exception, capsys: pytest.CaptureFixture[str]) -> None:
    shed = Shed().under_the_sky()

    def log(event: events.Event) -> None:
        raise trouble

    shed.run(make_safe(shed.shelter, log))
    assert shed.roof.at == 0.0
    assert "RoofClosed" in capsys.readouterr().err


def test_a_disk_that_hangs_keeps_no_closing_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shed, hangs = Shed().under_the_sky(), Event()
    with monkeypatch.context() as broken:
        broken.setattr(journals.os, "fsync", lambda _: hangs.wait(60.0))
        journal, begun = Journal(tmp_path / "j.jsonl", "n"), monotonic()
        shed.run(make_safe(shed.shelter, lambda event: journal.note(NIGHT, event)))
        assert monotonic() - begun < 5.0, "of the wall: the disk may cost it 10 s a line"
    assert shed.roof.at == 0.0
    hangs.set()


def test_the_command_goes_out_before_it_is_written_down() -> None:
    shed = Shed().under_the_sky()
    stood = {}

    def log(event: events.Event) -> None:
        stood[event.name] = shed.roof.at

    shed.run(make_safe(shed.shelter, log))
    assert stood["mount-parked"] == 1.0
    assert stood["roof-closing"] == 0.5


def test_a_fault_of_ours_is_one_failed_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    shed = Shed().under_the_sky()
    look, seen = closing.seeing.roof, []

    async def break_once(shelter: object) -> object:
        seen.append(shelter)
        if len(seen) == 1:
            raise ZeroDivisionError
        return await look(shelter)  # type: ignore[arg-type]

    monkeypatch.setattr(closing.seeing, "roof", break_once)
    assert close(shed)
    assert {"attempt": 1, "reason": "ZeroDivisionError()"} in [event.facts() for event in shed.events]
    assert shed.roof.at == 0.0


CALLS = st.sampled_from(["park", "stop", "state", "place"])
ROOF_CALLS = st.sampled_from(["close", "state"])
LYING = st.sampled_from(LIES)
SECONDS = st.integers(0, 900)


@settings(max_examples=examples(300))
@given(
    st.lists(st.tuples(CALLS, LYING, st.sampled_from(PLACES), SECONDS, SECONDS), max_size=4),
    st.lists(st.tuples(ROOF_CALLS, LYING, SECONDS, SECONDS), max_size=3),
    st.integers(1, 2),
    st.sampled_from(["parked", "free"]),
    st.booleans(),
)
def test_no_lie_and_no_mixture_of_lies_closes_a_roof_over_a_mount_or_calls_an_open_one_closed(
    mount_lies: list[tuple[str, str, str, int, int]],
    roof_lies: list[tuple[str, str, int, int]],
    count: int,
    clearance: str,
    awake: bool,
) -> None:
    shed = Shed(clearance=clearance, count=count)
    if awake:
        shed.under_the_sky()
    for number, (call, lie, place, since, lasts) in enumerate(mount_lies):
        until = NIGHT + timedelta(seconds=since + lasts)
        told = place if call == "place" else lie
        shed.mounts[number % count].lies.tell(call, told, NIGHT + timedelta(seconds=since), until)
    for call, lie, since, lasts in roof_lies:
        until = NIGHT + timedelta(seconds=since + lasts)
        shed.roof.lies.tell(call, lie, NIGHT + timedelta(seconds=since), until)
    said = close(shed)
    assert shed.roof.struck == []
    assert shed.elapsed_s < shed.lasts_s + SURE_S
    if said:
        assert shed.roof.at == 0.0
    assert said or "roof-closed" not in shed.names()


@pytest.mark.parametrize("trouble", [OSError(28, "No space left on device"), SystemExit(1), ZeroDivisionError("ours")])
def test_a_full_disk_with_a_full_stderr_keeps_no_roof_open(
    trouble: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    shed = Shed().under_the_sky()
    shed.roof.lies.tell("close", "refuses", until=NIGHT + timedelta(seconds=40))  # so that a failure is said too

    def log(event: events.Event) -> None:
        raise trouble

    full = Path("/dev/full").open("w", buffering=1)  # noqa: SIM115 - its own end fails too
    monkeypatch.setattr("sys.stderr", full)
    shed.run(make_safe(shed.shelter, log))
    monkeypatch.undo()
    with suppress(OSError):
        full.close()
    assert shed.roof.at == 0.0
    assert shed.mounts[0].parked


def test_a_roof_under_which_no_mount_is_known_moves_only_if_it_clears_them_or_by_choice() -> None:
    shed, free = Shed(count=0).under_the_sky(), Shed(count=0, clearance="free").under_the_sky()
    with pytest.raises(DeviceError):
        shed.run(make_safe(shed.shelter, shed.events.append))
    assert shed.roof.moved == []
    assert "alarm" in shed.names()
    free.run(make_safe(free.shelter, free.events.append))
    assert free.roof.at == 0.0
    chosen = Shed(count=0, policy=ANYWAY).under_the_sky()
    chosen.run(make_safe(chosen.shelter, chosen.events.append))
    assert chosen.roof.at == 0.0


@pytest.mark.parametrize("exposed", [True, False])
def test_a_closed_roof_under_which_no_mount_is_known_is_left_alone(exposed: bool) -> None:
    shed = Shed(count=0)
    shed.shelter.stance.exposed = exposed
    shed.run(make_safe(shed.shelter, shed.events.append))
    assert (shed.roof.moved, shed.shelter.stance.meant) == ([], Roof.CLOSED)


@pytest.mark.parametrize(("aborted", "waits_s"), [(0, 0.0), (1, 30.0), (2, 120.0), (3, 480.0)])
def test_after_each_closing_that_failed_over_a_mount_the_roof_waits_four_times_as_long_for_parked_mounts(
    aborted: int, waits_s: float
) -> None:
    shed = Shed()
    shed.roof.at, shed.shelter.stance.aborted = 1.0, aborted
    shed.run(make_safe(shed.shelter, shed.events.append))
    (moved,) = shed.roof.moved
    assert waits_s <= (moved[0] - NIGHT).total_seconds() <= waits_s + 2.0
    assert (shed.roof.at, shed.shelter.stance.aborted) == (0.0, 0)


def test_a_mount_that_leaves_its_park_while_the_roof_waits_for_it_is_parked_again_first() -> None:
    shed = Shed()
    shed.roof.at, shed.shelter.stance.aborted = 1.0, 2

    async def strays() -> None:
        closing = asyncio.ensure_future(make_safe(shed.shelter, shed.events.append))
        await shed.clock.sleep(60.0)
        shed.mounts[0].home = False
        await closing

    shed.run(strays())
    (moved,) = shed.roof.moved
    assert (moved[0] - NIGHT).total_seconds() > 60.0 + 120.0
    assert shed.roof.struck == []
    assert any("have stayed parked for 120 s" in str(event.facts().get("reason")) for event in shed.events)


@pytest.mark.parametrize("back_s", [12.0, 29.0])
def test_a_mount_that_leaves_its_park_and_comes_back_while_the_roof_waits_is_waited_for_anew(back_s: float) -> None:
    shed = Shed()
    shed.roof.at, shed.shelter.stance.aborted = 1.0, 1
    slipping(shed, (10.0, False), (back_s, True))
    (moved,) = shed.roof.moved
    assert (moved[0] - NIGHT).total_seconds() >= back_s + CALM_S
    assert "have stayed parked for 30 s" in str(shed.events[0].facts()["reason"])


@pytest.mark.parametrize(("takes_s", "called"), [(0.5, True), (4.0, True), (5.0, False), (45.0, False)])
def test_people_are_called_for_a_roof_that_says_it_is_closed_sooner_than_it_can_be(
    takes_s: float, called: bool
) -> None:
    shed = Shed().under_the_sky()
    shed.roof.travel_s, shed.mounts[0].home = takes_s, True

    async def seen_open_and_closed() -> None:
        await seeing.roof(shed.shelter)
        await make_safe(shed.shelter, shed.events.append)

    shed.run(seen_open_and_closed())
    assert shed.names() == ["roof-closing", "roof-closed", *["alarm"] * called]


def test_a_roof_that_was_not_seen_open_may_have_had_a_short_way_to_close() -> None:
    shed = Shed().under_the_sky()
    shed.roof.travel_s, shed.roof.at, shed.mounts[0].home = 1.0, 0.2, True
    assert close(shed)
    assert "alarm" not in shed.names()
