from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from astropy import units
from astropy.time import Time
from hypothesis import given
from hypothesis import strategies as st

import tests.support.turning  # noqa: F401  astropy asks no network
from obsy.engine.fold import fold
from obsy.engine.journal import stamp
from obsy.engine.night_record import Span
from obsy.engine.report.inputs import ReportInputs, TrainPlace
from obsy.engine.report.spent import MountStory, spent
from obsy.engine.report.story import Story
from obsy.engine.separation import is_west

DUSK = datetime(2026, 11, 21, 19, tzinfo=UTC)
DARK = Span(DUSK, DUSK + timedelta(hours=2))
PLACE = {"newton": TrainPlace("gem", "shed", True)}


def entry(minute: float, event: str, **facts: Any) -> dict[str, Any]:
    """An entry so many minutes after dusk."""
    return {"time": stamp(DUSK + timedelta(minutes=minute)), "night": "2026-11-21", "event": event, **facts}


def block(minute: float, frames: int, *, train: str = "newton", ra_deg: float = 0.0) -> list[dict[str, Any]]:
    """A block of frames of five minutes, a minute between them; two minutes before them expected, and three spent."""
    start, end = (stamp(DUSK + timedelta(minutes=minute + after)) for after in (2, 2 + 6 * frames))
    facts = {"plan": "m31", "goal": "L-300s", "train": train, "exposure_s": 300.0, "filter": "L"}
    begun = entry(minute, "block-started", **facts, mount="gem", count=frames, start=start, end=end)
    told = [begun, entry(minute + 1, "slewed", train=train, object="M31", ra_deg=ra_deg, dec_deg=40.0)]
    for index in range(frames):
        at = minute + 3 + 6 * index
        began = stamp(DUSK + timedelta(minutes=at))
        own = {**facts, "frame": f"{train}{at}.fits", "kind": "light", "began": began}
        told.append(entry(at + 6, "frame-taken", **own))
    return [*told, entry(minute + 3 + 6 * frames, "block-done", plan="m31", goal="L-300s", train=train, frames=frames)]


def told(entries: list[dict[str, Any]], unsafe: tuple[Span, ...] = (), **inputs: Any) -> MountStory:
    """The story of the only mount; the journal goes on to the end of the dark."""
    record = fold([*entries, entry(120, "night-finished")])
    (mount,) = spent(record, ReportInputs(**{"places": PLACE, **inputs}), DARK, unsafe)
    return mount


def words(mount: MountStory) -> dict[str, float]:
    return {each.words: each.seconds / 60 for each in mount.idle}


def test_a_block_is_exposing_and_what_lies_between_and_the_rest_is_idle() -> None:
    mount = told(block(0, 5))
    assert (mount.exposed_s / 60, mount.between_s / 60, mount.idle_s / 60) == (25, 8, 87)
    assert words(mount) == {"nothing was left that could be taken": 87}


def test_overheads_are_those_that_the_schedule_expected_beside_those_that_were() -> None:
    assert [each / 60 for each in told(block(0, 5)).overheads_s] == [2 + 5, 3 + 5]
    assert told([]).overheads_s == (0, 0)


def test_an_idle_hour_is_told_with_its_cause_and_weather_outranks_all() -> None:
    clouds = Span(DUSK + timedelta(minutes=40), DUSK + timedelta(minutes=70), "cloud 80 %")
    waits = entry(33, "waiting", until=stamp(DUSK + timedelta(minutes=90)), plan="veil", goal="g", mount="gem")
    assert words(told([*block(0, 5), waits, *block(90, 2)], (clouds,))) == {
        "not safe: cloud 80 %": 30,
        "nothing could be taken before veil": 7 + 20,
        "nothing was left that could be taken": 15,
    }
    elsewhere = replace(clouds, enclosure="dome")
    assert "not safe: cloud 80 %" not in words(told([*block(0, 5), waits], (elsewhere,)))


def test_an_idle_hour_is_told_with_the_plan_that_gave_way_meanwhile() -> None:
    waits = entry(33, "waiting", until=stamp(DUSK + timedelta(minutes=90)), plan="veil", goal="g", mount="gem")
    away = entry(33, "goal-waits", until=stamp(DUSK + timedelta(minutes=63)), plan="m31", goal=None)
    other = {**away, "plan": "of another mount"}
    found = words(told([*block(0, 5), other, away, waits, *block(90, 2)]))
    assert found["nothing could be taken before veil: m31 gave way, since it failed too often in a row"] == 30
    assert found["nothing could be taken before veil"] == 27


def test_between_blocks_the_state_of_the_night_says_what_was_done() -> None:
    moves = [("observing", "closing", 33), ("closing", "sheltering", 35), ("sheltering", "mending", 50)]
    states = [entry(at, "state", **{"from": one, "to": other, "enclosure": "shed"}) for one, other, at in moves]
    assert words(told([*block(0, 5), *states, *block(60, 9)])) == {
        "waiting for it to stay safe": 15,
        "in the state 'mending'": 10 + 3,
        "the roof closed": 2,
    }


def test_waiting_for_safety_after_the_last_block_is_not_told_as_having_nothing_left() -> None:
    moves = [("observing", "closing", 33), ("closing", "sheltering", 35), ("sheltering", "finishing", 100)]
    states = [entry(at, "state", **{"from": one, "to": other, "enclosure": "shed"}) for one, other, at in moves]
    found = words(told([*block(0, 5), *states]))
    assert found == {"waiting for it to stay safe": 65, "nothing was left that could be taken": 2 + 20}


def test_a_fault_that_closed_the_roof_and_a_state_of_ones_own_are_told_after_the_last_block_too() -> None:
    """Closed for a fault, tried again, opened once more, and mended: no block came of it, and work was left."""
    moves = [
        ("observing", "closing", 33, "failed"),
        ("closing", "sheltering", 40, "done"),
        ("sheltering", "opening", 60, "safe"),
        ("opening", "closing", 65, "failed"),
        ("closing", "mending", 90, "done"),
        ("mending", "observing", 100, "done"),
        ("observing", "closing", 105, "done"),
        ("closing", "finishing", 110, "done"),
    ]
    states = [
        entry(at, "state", **{"from": one, "to": other, "on": on, "enclosure": "shed"}) for one, other, at, on in moves
    ]
    assert words(told([*block(0, 5), *states])) == {
        "the roof closed after a fault": 7 + 25,
        "waiting for it to stay safe": 20,
        "the roof opened": 5,
        "in the state 'mending'": 10,
        "nothing was left that could be taken": 20,
    }


def test_a_flip_is_an_aim_on_the_other_side_of_the_meridian() -> None:
    east, west = 130.0, 280.0  # the sidereal time of Greenwich is 346 deg at that dusk, and 1 deg an hour later
    aims = [
        *block(0, 1, ra_deg=east),
        *block(20, 1, ra_deg=east),
        *block(40, 1, ra_deg=60.0),
        *block(60, 1, ra_deg=west),
    ]
    assert told(aims).flips == 1
    assert told(aims, longitude_deg=-75.0).flips == 2
    assert told(aims, places={"newton": TrainPlace("gem", "shed")}).flips is None
    assert told([]).flips is None


@pytest.mark.long
def test_the_meridian_is_where_astropy_has_it() -> None:
    when = DUSK - timedelta(days=1234, hours=5)
    meridian = float(Time(when, scale="ut1").sidereal_time("mean", 30 * units.deg).deg)
    assert is_west(meridian - 0.5, when, 30.0)
    assert not is_west(meridian + 0.5, when, 30.0)


def test_what_the_mount_said_in_the_headers_counts_before_its_aims_and_of_ekos_alone() -> None:
    """EKOS notes no aims; a mount that goes on past the meridian has not flipped, whatever its aim."""
    east, west = 130.0, 280.0
    aims = [*block(0, 1, ra_deg=east), *block(20, 1, ra_deg=west)]
    assert told(aims).flips == 1
    assert told(aims, sides=(("newton", "west"), ("newton", "west"), ("other", "east"))).flips == 0
    no_aims = [each for each in block(0, 1) if each["event"] != "slewed"]
    assert told(no_aims).flips is None
    assert told(no_aims, sides=(("newton", "west"), ("newton", "east"), ("newton", "west"))).flips == 2


def test_focus_runs_are_counted_and_those_in_vain_apart() -> None:
    runs = [entry(at, what, train="newton") for at, what in ((1, "focused"), (2, "focus-failed"), (3, "focused"))]
    assert told(runs).focus == (2, 1)


def test_trains_of_one_mount_that_expose_at_once_are_counted_once_and_mounts_apart() -> None:
    both = [*block(0, 5), *block(0, 5, train="colour")]
    places = {"newton": TrainPlace("gem"), "colour": TrainPlace("gem"), "cassegrain": TrainPlace("fork")}
    record = fold([*both, entry(120, "night-finished")])
    fork, gem = spent(record, ReportInputs(places=places), DARK, ())
    assert (gem.mount, gem.trains, gem.exposed_s / 60) == ("gem", ("newton", "colour"), 25)
    assert (fork.exposed_s, fork.idle_s / 60) == (0, 120)


def test_a_night_that_runs_is_told_so_far_and_one_without_a_dark_not_at_all() -> None:
    record = fold(block(0, 5))
    (mount,) = spent(record, ReportInputs(places=PLACE), DARK, ())
    assert mount.dark_s / 60 == 33
    (ended,) = spent(fold([*block(0, 5), entry(40, "night-finished")]), ReportInputs(places=PLACE), DARK, ())
    assert words(ended) == {"nothing was left that could be taken": 87}
    assert spent(record, ReportInputs(), None, ()) == spent(fold([]), ReportInputs(), DARK, ()) == ()


@given(
    st.lists(st.tuples(st.integers(-60, 150), st.integers(0, 9)), max_size=6),
    st.lists(st.integers(-60, 150), max_size=4),
)
def test_exposing_between_and_idle_are_the_dark(blocks: list[tuple[int, int]], moves: list[int]) -> None:
    entries = [each for at, frames in blocks for each in block(at, frames)]
    entries += [entry(at, "state", **{"from": "observing", "to": "closing"}) for at in moves]
    mount = told(sorted(entries, key=lambda each: str(each["time"])))
    assert mount.exposed_s + mount.between_s + mount.idle_s == pytest.approx(mount.dark_s)
    spans = sorted((span for each in mount.idle for span in each.spans), key=lambda span: span.start)
    assert all(one.end <= other.start for one, other in zip(spans, spans[1:], strict=False))
    assert all(DARK.start <= span.start < span.end <= DARK.end for span in spans)


def test_the_page_of_the_made_up_night_adds_up(told: Story) -> None:
    (mount,) = told.spent
    assert mount.dark_s == 11 * 3600
    assert mount.focus == (5, 1)


def test_where_a_mount_left_its_plan_is_told_of_that_mount() -> None:
    facts = {"planned": "m31 L-300s", "instead": None, "cause": "waits", "reason": "8 times in vain"}
    entries = [entry(3, "replanned", **facts, mount=mount) for mount in ("gem", "fork")]
    (change,) = told([*block(0, 5), *entries]).changes
    assert (change.planned, change.instead, change.cause, change.words) == (
        "m31 L-300s",
        "",
        "waits",
        "8 times in vain",
    )


def test_of_a_look_back_that_cannot_be_read_nothing_is_told() -> None:
    facts = {"value": 3.0, "best": 4.0, "share_percent": 75.0, "lost": {"idle": 1.0}}
    assert fold([entry(3, "hindsight", **facts)]).hindsight == facts
    for wrong in ({"best": 0.0}, {"best": None}, {"lost": {"idle": "much"}}, {"lost": 3}):
        assert fold([entry(3, "hindsight", **{**facts, **wrong})]).hindsight == {}
