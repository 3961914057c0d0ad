"""Each step of a block is as long as its journal says; what is not as obsy writes it, or absurd, tells nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from obsy.engine.journal import Entry, stamp
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.timings import Slew, Timings, timings

DECLARED = Overheads(4.0, 8.0, 4.0, 2.0, 60.0, 180.0, 600.0)
DUSK = datetime(2026, 11, 21, 18, tzinfo=UTC)
MOUNT = {"mount": "gem"}


def at(second: float, event: str, **facts: Any) -> Entry:
    return {"time": stamp(DUSK + timedelta(seconds=second)), "event": event, "train": "newton", **facts}


def block(second: float, ra_deg: float = 0.0, filter_: str = "L", plan: str = "p") -> Entry:
    place = {"ra_deg": ra_deg, "dec_deg": 0.0}
    return at(second, "block-started", plan=plan, filter=filter_, exposure_s=60.0, **MOUNT, **place)


def slewed(second: float, ra_deg: float = 0.0) -> Entry:
    return at(second, "slewed", ra_deg=ra_deg, dec_deg=0.0)


def frame(second: float) -> Entry:
    return at(second, "frame-taken", kind="light")


def told(*entries: Entry) -> Timings:
    return timings([entries], {"newton": DECLARED}, 0.0)


def steps(*entries: Entry) -> dict[str, list[float]]:
    return {step: samples for (_, step), samples in told(*entries).steps.items()}


@pytest.mark.parametrize(("gap_s", "counts"), [(-0.1, 0), (0.0, 1), (0.9, 1), (300.0, 1), (300.1, 0)])
def test_between_frames_lies_what_is_no_exposure_and_not_absurdly_long(gap_s: float, counts: int) -> None:
    found = steps(block(0), slewed(5), at(10, "exposure-started"), at(70 + gap_s, "exposure-started"))
    assert found.get("download_s", []) == [pytest.approx(gap_s)] * counts


@pytest.mark.parametrize(("took_s", "counts"), [(-1.0, 0), (0.0, 1), (0.9, 1), (900.0, 1), (900.1, 0)])
def test_a_slew_lasts_from_its_block_to_the_target(took_s: float, counts: int) -> None:
    moves = told(block(0), slewed(1), block(1000, 30.0), slewed(1000 + took_s, 30.0)).moves
    assert moves.get("gem", []) == [Slew(pytest.approx(30.0), pytest.approx(took_s), False)] * counts


def test_who_passes_the_meridian_changes_sides() -> None:  # which is at 330 deg then
    (slew,) = told(block(0, 0.0), slewed(1, 0.0), block(9, 300.0), slewed(99, 300.0)).moves["gem"]
    assert slew.flipped


@pytest.mark.parametrize("step", ["focus_s", "filter_and_focus_s"])
def test_a_focus_run_counts_from_the_target_on_and_with_the_wheel_where_that_turned(step: str) -> None:
    before = [block(0, filter_="L" if step == "focus_s" else "R"), slewed(1), at(2, "exposure-started")]
    for lasts_s, counts in ((90.0, 1), (1800.0, 1), (1800.5, 0)):
        found = steps(*before, block(100), slewed(110), at(110 + lasts_s, "focused"), at(3000, "exposure-started"))
        assert found.get(step, []) == [lasts_s] * counts
        assert "filter_s" not in found or len(found["filter_s"]) == 1, "that of the first block alone"
    assert steps(*before, block(100), at(110, "focused")).get(step) is None, "nobody knows since when"


def test_a_wheel_turns_only_from_one_filter_to_another() -> None:
    entries = [block(0), slewed(5), at(8, "exposure-started")]
    entries += [block(100), slewed(105), at(109, "exposure-started")]
    entries += [block(200, filter_="R"), slewed(205), at(211, "exposure-started"), at(300, "exposure-started")]
    assert steps(*entries)["filter_s"] == [3.0, 6.0]
    assert steps(*entries)["download_s"] == [29.0]
    for turned_s, counts in ((180.0, 1), (180.5, 0)):
        assert len(steps(block(0), slewed(5), at(5 + turned_s, "exposure-started")).get("filter_s", [])) == counts


def test_where_ekos_leads_what_filter_and_focus_take_is_no_slew() -> None:
    lost_s, of_filter_s, of_focus_s = 60.0 + DECLARED.download_s, DECLARED.filter_s, DECLARED.focus_s
    entries = [block(0), frame(500), block(600), frame(700), block(800, plan="q"), frame(1000)]
    entries += [block(2000, 30.0, "R", "q"), frame(2600), frame(2663)]
    moves = told(*entries).moves["gem"]
    assert [each.seconds for each in moves] == [
        100 - lost_s,
        200 - lost_s - of_focus_s,
        600 - lost_s - of_filter_s - of_focus_s,
    ]
    assert steps(*entries)["download_s"] == [3.0]


@pytest.mark.parametrize("event", ["state", "night-resumed", "waiting", "mount-parked", "block-failed"])
def test_nobody_knows_where_a_mount_points_that_stood_still(event: str) -> None:
    entries = [block(0), slewed(1), at(2, event, **MOUNT), block(100, 30.0), slewed(120, 30.0)]
    assert told(*entries).moves == {}
    entries = [block(0), slewed(1), at(2, event), at(3, "exposure-started"), at(65, "exposure-started")]
    assert ("newton", "download_s") in told(*entries).steps or event[:5] in {"state", "night"}
    assert (told(*entries).steps == {}) == (event[:5] in {"state", "night"})


def test_a_train_that_is_not_asked_about_tells_nothing() -> None:
    entries = [entry | {"train": "wide"} for entry in (block(0), slewed(5), at(8, "exposure-started"))]
    assert told(*entries) == Timings()


@pytest.mark.parametrize("end", ["centred", "centring-failed"])
def test_centring_belongs_to_the_move_and_not_to_the_filter(end: str) -> None:
    looked = at(1040, end, spent_s=30.0)
    entries = block(0), slewed(1), block(1000, 30.0), slewed(1010, 30.0), looked, at(1044, "exposure-started")
    assert told(*entries).moves["gem"] == [Slew(pytest.approx(30.0), pytest.approx(40.0), False)]
    assert steps(*entries)["filter_s"] == [pytest.approx(4.0)]


@pytest.mark.parametrize(("spent_s", "counts"), [(-1.0, 0), (0.5, 1), (900.0, 1), (900.5, 0)])
def test_centring_that_is_absurdly_long_or_less_than_nothing_adds_to_no_move(spent_s: float, counts: int) -> None:
    looked = at(2000, "centred", spent_s=spent_s)
    (slew,) = told(block(0), slewed(1), block(1000, 30.0), slewed(1010, 30.0), looked).moves["gem"]
    assert slew.seconds == pytest.approx(10.0 + counts * spent_s)


def test_centring_after_a_slew_from_nobody_knows_where_adds_to_no_other_move() -> None:
    known = block(0), slewed(1), block(1000, 30.0), slewed(1010, 30.0)
    unknown = at(2000, "waiting", **MOUNT), block(3000), slewed(3010), at(3040, "centred", spent_s=30.0)
    assert told(*known, *unknown).moves["gem"] == [Slew(pytest.approx(30.0), pytest.approx(10.0), False)]


def test_frames_of_what_flies_tell_nothing_of_downloads_or_filters() -> None:
    ahead = [entry for n in range(3) for entry in (at(10 + 20 * n, "aimed-ahead"), at(12 + 20 * n, "exposure-started"))]
    assert steps(block(0), slewed(5), *ahead) == {}
