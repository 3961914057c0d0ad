"""What is learned from a few samples, to the digit: medians, slopes and spreads worked out by hand."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import fmean, median, pstdev
from typing import Any

import pytest

from obsy.engine.journal import Entry, stamp
from obsy.engine.schedule.learned import Estimate, LearnedOverheads, learned
from obsy.engine.schedule.overheads import Overheads

DECLARED = Overheads(4.0, 8.0, 4.0, 2.0, 60.0, 180.0, 600.0)
DUSK = datetime(2026, 11, 21, 18, tzinfo=UTC)
WEST_DEG, EAST_DEG = 300.0, 0.0
"""The meridian is at 330 deg then."""
Slews = Sequence[tuple[float, float]]
MAD = 1.4826


class Journal:
    """One night of one train, second by second."""

    def __init__(self) -> None:
        self.now, self.here, self.entries = 0.0, EAST_DEG, list[Entry]()

    def note(self, event: str, **facts: Any) -> None:
        time = stamp(DUSK + timedelta(seconds=self.now))
        self.entries.append({"time": time, "event": event, "train": "newton", **facts})

    def slew(self, to_deg: float, seconds: float, filter_: str = "L") -> None:
        place = {"ra_deg": to_deg, "dec_deg": 0.0}
        self.note("block-started", plan="p", filter=filter_, exposure_s=60.0, mount="gem", **place)
        self.now += seconds
        self.note("slewed", **place)
        self.here = to_deg

    def slews(self, moves: Slews) -> "Journal":
        """There and back again by so many degrees, in so many seconds each."""
        self.slew(EAST_DEG, 0.0)
        for degrees, seconds in moves:
            self.slew(EAST_DEG + degrees if self.here == EAST_DEG else EAST_DEG, seconds)
        return self

    def frames(self, gaps: Sequence[float]) -> "Journal":
        self.slew(self.here, 0.0)
        self.note("exposure-started")
        for gap in gaps:
            self.now += 60.0 + gap
            self.note("exposure-started")
        return self


def told(journal: Journal, declared: Overheads = DECLARED) -> LearnedOverheads:
    return learned([journal.entries], {"newton": ("gem", declared)}, 0.0)["newton"]


def of(found: LearnedOverheads, step: str) -> Estimate:
    return next(each for each in found.estimates if each.step == step)


def twice(slews: Iterator[tuple[float, float]]) -> Slews:
    """Each slew there and back."""
    return [each for slew in slews for each in (slew, slew)]


def test_ten_slews_are_enough_for_a_rate_and_nine_are_not() -> None:
    slews = [(50.0, 34.0), *[(20.0, 22.0)] * 9]
    back = [slews[0], (50.0, 34.0), *slews[1:]]
    found = told(Journal().slews(back))
    assert (of(found, "slew_deg_s").learned, of(found, "slew_deg_s").count) == (2.5, 11)
    few = of(told(Journal().slews([(50.0, 34.0)] * 2 + [(20.0, 22.0)] * 7)), "slew_deg_s")
    assert few == Estimate("slew_deg_s", 4.0, None, 0.0, 9)
    just = of(told(Journal().slews([(50.0, 34.0)] * 2 + [(20.0, 22.0)] * 8)), "slew_deg_s")
    assert (just.learned, just.count) == (2.5, 10)


def test_one_slew_of_another_length_among_nine_tells_of_a_rate() -> None:
    journal = Journal()
    journal.slew(EAST_DEG, 0.0)
    journal.slew(EAST_DEG + 50.0, 34.0)
    for number in range(9):
        journal.slew(EAST_DEG + (30.0 if number % 2 == 0 else 50.0), 22.0)
    assert of(told(journal), "slew_deg_s").count == 10


@pytest.mark.parametrize(("rate", "settle_s", "off_s"), [(2.512345, 14.2622, 2.345), (20.0, 0.2, 0.1)])
def test_a_rate_its_spread_and_what_settling_takes_are_as_by_hand(rate: float, settle_s: float, off_s: float) -> None:
    slews = [(deg, deg / rate + settle_s + off) for deg in (10.0, 20.0, 30.0, 40.0, 50.0) for off in (off_s, -off_s)]
    found = told(Journal().slews(slews))
    slew, settle = of(found, "slew_deg_s"), of(found, "settle_s")
    assert slew.learned == round(rate, 2)
    assert slew.spread == round(MAD * off_s / max(median(took for _, took in slews), 1.0) * rate, 2)
    assert settle.learned == pytest.approx(settle_s, abs=0.11)
    assert settle.spread == pytest.approx(MAD * off_s, abs=0.02)
    assert settle.learned == round(float(settle.learned or 0), 1)
    assert settle.spread == round(settle.spread, 2)


@pytest.mark.parametrize(("rate", "known"), [(0.08, None), (0.5, 0.5), (29.0, 29.0), (30.5, None), (40.0, None)])
def test_a_rate_that_no_mount_has_is_not_learned(rate: float, known: float | None) -> None:
    slews = twice((deg, deg / rate + 1.0) for deg in (5.0, 15.0, 26.0, 37.0, 48.0))
    assert of(told(Journal().slews(slews)), "slew_deg_s").learned == known


def test_slews_tell_of_a_rate_where_their_lengths_differ_by_five_degrees() -> None:
    for apart_deg, rate in ((4.5, None), (5.5, 2.5)):
        slews = [(deg, deg / 2.5 + 14.0) for deg in (20.0, 20.0 + apart_deg) for _ in range(6)]
        assert of(told(Journal().slews(slews)), "slew_deg_s").learned == rate


def test_the_newest_four_hundred_samples_count() -> None:
    found = of(told(Journal().frames([0.0] * 50 + [4.0] * 400)), "download_s")
    assert (found.count, found.learned) == (400, 4.0)


def test_a_mount_that_need_not_flip_slews_through_the_meridian() -> None:
    journal = Journal()
    journal.slew(EAST_DEG, 0.0)
    for _ in range(5):
        journal.slew(WEST_DEG, 50.0)
        journal.slew(EAST_DEG, 50.0)
    for flip_s, count in ((0.0, 10), (1.0, 0)):
        assert of(told(journal, replace(DECLARED, flip_s=flip_s)), "settle_s").count == count
    flips = of(told(journal), "flip_s")
    assert (flips.learned, flips.count) == (50.0 - DECLARED.settle_s, 10)
    assert of(told(journal, replace(DECLARED, settle_s=60.0)), "flip_s").learned == 0.0


def test_a_focus_run_with_the_wheel_is_what_the_wheel_leaves_of_it() -> None:
    for both_s, left_s in ((10.0, 6.0), (3.0, 0.0)):
        journal = Journal()
        for number in range(10):
            journal.slew(EAST_DEG, 5.0, "LR"[number % 2])
            journal.now += both_s
            journal.note("focused")
            journal.note("exposure-started")
        assert of(told(journal), "focus_s").learned == left_s


def test_of_what_lies_between_frames_a_few_at_either_end_are_left_out() -> None:
    gaps = [4.0, 4.5, 4.28] * 13
    found = of(told(Journal().frames([*gaps, 200.0, 0.0])), "download_s")
    kept = sorted([*gaps, 200.0, 0.0])[1:-1]
    assert (found.learned, found.spread) == (round(fmean(kept), 1), round(pstdev(kept), 2))
    assert found.count == 41
    few = of(told(Journal().frames([4.0, 4.5, 4.28])), "download_s")
    assert (few.learned, few.spread, few.count) == (None, round(MAD * 0.22, 2), 3)


def test_a_machine_reads_thousandths_and_of_nothing_there_is_no_spread() -> None:
    found = told(Journal(), replace(DECLARED, settle_s=1 / 3))
    assert of(found, "settle_s").as_json() == {
        "step": "settle_s",
        "declared": 0.333,
        "learned": None,
        "spread": 0.0,
        "samples": 0,
    }


def test_how_late_a_block_may_be_is_told_to_a_tenth_of_a_second() -> None:
    slews = [(deg, deg / 2.5 + 14.0 + off) for deg in (10.0, 20.0, 30.0, 40.0, 50.0) for off in (2.345, -2.345)]
    found = told(Journal().slews(slews))
    assert found.costs.late_s == round(found.costs.late_s, 1) > 0.0
