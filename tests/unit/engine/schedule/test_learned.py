"""What journals tell of overheads: of nights made with known numbers, those numbers come back."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from obsy.engine.journal import Entry, stamp
from obsy.engine.schedule.learned import APART_DEG, ENOUGH, Estimate, LearnedOverheads, learned
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.timings import timings
from obsy.engine.separation import is_west, separation_deg

DECLARED = Overheads(4.0, 8.0, 4.0, 2.0, 60.0, 180.0, 600.0)
TRUTH = Overheads(2.5, 14.0, 9.0, 3.5, 150.0, 75.0, 600.0)
DUSK = datetime(2026, 11, 21, 18, tzinfo=UTC)
EAST_DEG = 15.0
FILTERS = "LRGB"


@dataclass
class Telescope:
    """Keeps a journal as the sequencer does, or as EKOS lets it: then only blocks and files are noted."""

    truth: Overheads
    chance: Random
    now: datetime
    noise_s: float = 1.0
    by_ekos: bool = False

    def entry(self, event: str, **facts: Any) -> Entry:
        return {"time": stamp(self.now), "night": "2026-11-21", "event": event, "train": "newton", **facts}

    def pass_s(self, seconds: float) -> None:
        self.now += timedelta(seconds=max(0.0, seconds + self.chance.gauss(0.0, self.noise_s)))

    def night(self, blocks: int) -> Iterator[Entry]:
        """Blocks of three frames, each somewhere else."""
        here, filter_ = None, ""
        yield self.entry("night-started")
        for _ in range(blocks):
            to = (self.chance.uniform(0.0, 360.0), self.chance.uniform(-10.0, 80.0))
            wanted = self.chance.choice(FILTERS)
            facts = {"mount": "gem", "plan": f"p{to[0]}", "filter": wanted, "exposure_s": 60.0}
            at = {"ra_deg": to[0], "dec_deg": to[1]}
            yield self.entry("block-started", **facts, **at)
            side = is_west(to[0], self.now, EAST_DEG)
            if here is None:
                self.pass_s(40.0)
            elif here[1] != side:
                self.pass_s(self.truth.flip_s + self.truth.settle_s)
            else:
                self.pass_s(separation_deg(here[0], to) / self.truth.slew_deg_s + self.truth.settle_s)
            here = to, side
            yield from self.frames(wanted != filter_, at)
            filter_ = wanted

    def frames(self, turns: bool, at: dict[str, float]) -> Iterator[Entry]:
        if not self.by_ekos:
            yield self.entry("slewed", **at)
        self.now += timedelta(seconds=self.truth.filter_s if turns else 0.0)
        if self.by_ekos or self.chance.random() < 0.5:
            self.pass_s(self.truth.focus_s)
            yield from () if self.by_ekos else [self.entry("focused")]
        for _ in range(3):
            if not self.by_ekos:
                yield self.entry("exposure-started", exposure_s=60.0)
            self.now += timedelta(seconds=60.0 + self.truth.download_s)
            yield self.entry("frame-taken", kind="light", exposure_s=60.0)


def nights(count: int, seed: int = 1, blocks: int = 25, **how: Any) -> list[list[Entry]]:
    chance = Random(seed)
    start = (DUSK + timedelta(days=day) for day in range(count))
    return [list(Telescope(TRUTH, chance, now, **how).night(blocks)) for now in start]


def told(entries: list[list[Entry]], declared: Overheads = DECLARED) -> LearnedOverheads:
    return learned(entries, {"newton": ("gem", declared)}, EAST_DEG)["newton"]


def of(found: LearnedOverheads, step: str) -> Estimate:
    return next(each for each in found.estimates if each.step == step)


@pytest.mark.parametrize("seed", range(8))
def test_the_true_numbers_come_back_within_their_errors(seed: int) -> None:
    found = told(nights(4, seed))
    assert of(found, "slew_deg_s").learned == pytest.approx(TRUTH.slew_deg_s, rel=0.04)  # four standard errors
    for step in ("settle_s", "flip_s", "filter_s", "download_s", "focus_s"):
        each = of(found, step)
        error = 1.2533 * max(each.spread, 0.1) / each.count**0.5  # of a median; Kendall and Stuart
        assert each.learned == pytest.approx(getattr(TRUTH, step), abs=5 * error + 0.15), step
    assert found.costs.past_meridian_s == DECLARED.past_meridian_s


def test_the_rate_is_scipys_slope_where_all_pairs_count() -> None:
    from scipy.stats import theilslopes  # noqa: PLC0415 - slow to load, and many processes collect this file

    entries = nights(3, blocks=40)
    moves = [each for each in timings(entries, {"newton": DECLARED}, EAST_DEG).moves["gem"] if not each.flipped]
    far = [each for index, each in enumerate(sorted(moves)) if index % 3 == 0]
    spaced = [far[0]]
    for each in far:
        if each.degrees - spaced[-1].degrees >= APART_DEG:
            spaced.append(each)
    slope = theilslopes([each.seconds for each in spaced], [each.degrees for each in spaced])
    rate = of(told(entries), "slew_deg_s").learned
    assert rate is not None
    assert 1 / slope.high_slope <= rate <= 1 / slope.low_slope


def test_where_ekos_moves_the_mount_the_sum_before_a_frame_is_learned() -> None:
    found = told(nights(4, by_ekos=True)).costs
    lost_s = {costs: costs.settle_s + costs.filter_s + costs.focus_s for costs in (found, TRUTH)}
    assert lost_s[found] == pytest.approx(lost_s[TRUTH], abs=3.0)
    assert found.slew_deg_s == pytest.approx(TRUTH.slew_deg_s, rel=0.15)
    assert found.download_s == pytest.approx(TRUTH.download_s, abs=0.1)


def test_of_few_samples_nothing_is_learned() -> None:
    few = told(nights(1, blocks=ENOUGH - 2))
    assert of(few, "slew_deg_s").learned is None
    assert of(few, "settle_s").learned is None
    assert replace(few.costs, download_s=DECLARED.download_s) == DECLARED
    assert told([]).costs == DECLARED


def test_the_same_journals_tell_the_same() -> None:
    assert told(nights(2)) == told(nights(2))


def spoilt(entries: list[Entry], chance: Random) -> Iterator[Entry]:
    """A clock that is set by hours, a computer that sleeps, lines without their facts."""
    shift = timedelta()
    for entry in entries:
        if chance.random() < 0.04:
            shift += timedelta(seconds=chance.choice((-86400.0, -7200.0, 40.0, 7200.0, 1e6)))
        at = datetime.fromisoformat(entry["time"].replace("Z", "+00:00")) + shift
        yield {**entry, "time": stamp(at)}
        if chance.random() < 0.04:
            yield {"event": entry["event"], "time": "yesterday", "train": "newton"}
            yield {"event": "slewed", "train": "newton", "time": stamp(at), "ra_deg": "east", "dec_deg": None}


def test_absurd_journals_change_little() -> None:
    chance = Random(5)
    found = told([list(spoilt(night, chance)) for night in nights(6)])
    assert of(found, "slew_deg_s").learned == pytest.approx(TRUTH.slew_deg_s, rel=0.05)
    for step in ("settle_s", "flip_s", "filter_s", "download_s", "focus_s"):
        assert of(found, step).learned == pytest.approx(getattr(TRUTH, step), rel=0.1), step


def test_a_mount_that_waited_or_was_parked_tells_of_no_slew() -> None:
    for event in ("waiting", "mount-parked", "block-failed"):
        entries = []
        for entry in nights(1)[0]:
            still = {**entry, "event": event, "mount": "gem"}
            entries += [entry, still] if entry["event"] == "frame-taken" else [entry]
        assert of(told([entries]), "settle_s").count == 0


def test_a_table_for_people_says_where_nothing_was_learned() -> None:
    few, many = told(nights(1, blocks=3)), told(nights(3))
    assert few.table[0].split() == ["slewing,", "deg/s", "4", "-", "-", str(of(few, "slew_deg_s").count)]
    assert many.table[0].split()[2:4] == ["4", f"{of(many, 'slew_deg_s').learned:.4g}"]


def test_between_frames_the_mean_counts_since_only_it_times_their_number_is_how_long_they_take() -> None:
    entries, now = [], DUSK
    for block in range(10):
        facts = {"mount": "gem", "plan": "p", "filter": "L", "exposure_s": 300.0, "ra_deg": 1.0, "dec_deg": 1.0}
        entries.append({"time": stamp(now), "event": "block-started", "train": "newton", **facts})
        for number in range(1, 13):
            now += timedelta(seconds=300.0 + (35.0 if number % 3 == block % 3 else 4.0))
            entries.append({"time": stamp(now), "event": "frame-taken", "train": "newton", "kind": "light"})
    found = of(told([entries]), "download_s")
    assert found.learned == pytest.approx((4.0 + 4.0 + 35.0) / 3, abs=0.8)
    assert found.spread == pytest.approx(31.0 * 2**0.5 / 3, abs=0.5)  # of a third at 35 s: 31 sqrt(1/3 x 2/3)
    assert told([entries]).costs.uneven_s == found.spread


def test_how_far_a_block_may_begin_late_is_the_spread_of_all_steps_before_it() -> None:
    found = told(nights(4))
    squares = [of(found, step).spread ** 2 for step in ("settle_s", "flip_s", "filter_s", "focus_s")]
    rate = of(found, "slew_deg_s")
    squares.append((rate.spread * 60.0 / rate.holds**2) ** 2)  # a slew of 60 deg
    assert found.costs.late_s == pytest.approx(sum(squares) ** 0.5, abs=0.06)
    assert told([]).costs.late_s == told([]).costs.uneven_s == 0.0
