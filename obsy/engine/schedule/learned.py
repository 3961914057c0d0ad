"""What a train loses between frames as its own nights tell it, beside what is declared."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import hypot

import numpy as np

from obsy.engine.journal import Entry
from obsy.engine.mad_std import mad_std
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.timings import Slew, timings
from obsy.engine.sky.grid import Floats

ENOUGH = 10
"""Of fewer samples nothing is learned: what is declared holds."""
NEWEST = 400
"""So many samples of each step count, the newest."""
APART_DEG = 5.0
"""Slews tell of a rate where their lengths differ by this much."""
MIDDLING_DEG = 60.0
"""The slew by whose time the spread of the rate is counted."""
TRIMMED = 0.03
"""Of what lies between frames, this share at either end is left out."""
SLOWEST, FASTEST = 0.1, 30.0
"""Degrees per second; no mount is slower or faster."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """One number of `Overheads`: as it is declared, and as it was."""

    step: str
    """Its field there."""
    declared: float
    learned: float | None
    """The median, and of what lies between frames the mean, since a block's length is their sum; None of too few."""
    spread: float
    """The standard deviation; but for what lies between frames, that of the middle of the samples, were they normal."""
    count: int
    """Samples."""

    @property
    def holds(self) -> float:
        """The one that counts, where learning is allowed."""
        return self.declared if self.learned is None else self.learned

    def as_json(self) -> dict[str, str | float | None]:
        """Return it for a machine."""
        told = {"declared": round(self.declared, 3), "learned": self.learned, "spread": self.spread}
        return {"step": self.step, **told, "samples": self.count}


@dataclass(frozen=True, slots=True)
class LearnedOverheads:
    """What the journals tell of a train and its mount."""

    mount: str
    declared: Overheads
    estimates: tuple[Estimate, ...]

    @property
    def table(self) -> list[str]:
        """A line for each number: declared, learned and its spread, and of how many samples."""
        return [
            f"{STEPS[each.step]:<18}{each.declared:>10.4g}{_or_dash(each.learned):>10}"
            f"{_or_dash(None if each.learned is None else each.spread):>10}{each.count:>10}"
            for each in self.estimates
        ]

    @property
    def costs(self) -> Overheads:
        """What planning counts: what is learned, and what is declared of the rest."""
        spread = {each.step: each.spread for each in self.estimates if each.learned is not None}
        uneven_s, holds = spread.pop("download_s", 0.0), {each.step: each.holds for each in self.estimates}
        of_slew_s = spread.pop("slew_deg_s", 0.0) * MIDDLING_DEG / holds["slew_deg_s"] ** 2
        late_s = round(hypot(*spread.values(), of_slew_s), 1)
        return replace(self.declared, **holds, late_s=late_s, uneven_s=uneven_s)


STEPS = {
    "slew_deg_s": "slewing, deg/s",
    "settle_s": "settling, s",
    "flip_s": "flip, s",
    "filter_s": "filter, s",
    "download_s": "between frames, s",
    "focus_s": "focus run, s",
}
"""Each number in words, with its unit."""
Declared = Mapping[str, tuple[str, Overheads]]
"""By train, its mount and what is declared."""


def learned(nights: Iterable[Iterable[Entry]], declared: Declared, longitude_deg: float) -> dict[str, LearnedOverheads]:
    """Return by train what the journals of nights, in their order, tell; the same journals tell the same."""
    found = timings(nights, {train: costs for train, (_, costs) in declared.items()}, longitude_deg)
    told = {}
    for train, (mount, costs) in declared.items():
        moves = found.moves.get(mount, [])[-NEWEST:]
        filter_s, download_s, focus_s, both_s = (
            found.steps.get((train, step), [])[-NEWEST:]
            for step in ("filter_s", "download_s", "focus_s", "filter_and_focus_s")
        )
        wheel = _of_seconds("filter_s", costs.filter_s, filter_s)
        alone_s = [*focus_s, *(max(0.0, each_s - wheel.holds) for each_s in both_s)]
        rest = (
            wheel,
            _of_gaps(costs.download_s, download_s),
            _of_seconds("focus_s", costs.focus_s, alone_s),
        )
        told[train] = LearnedOverheads(mount, costs, (*_of_moves(moves, costs), *rest))
    return told


HEADER = f"{'':<18}{'declared':>10}{'learned':>10}{'spread':>10}{'samples':>10}"
"""Above the lines of `LearnedOverheads.table`."""


def _or_dash(value: float | None) -> str:
    return "-" if value is None else f"{value:.4g}"


def _of_moves(moves: Sequence[Slew], costs: Overheads) -> Iterator[Estimate]:
    """Yield the rate, what a slew of no length takes, and what changing sides takes beside settling."""
    plain = np.array([(each.degrees, each.seconds) for each in moves if not each.flipped or costs.flip_s <= 0])
    way, took = plain.reshape(-1, 2).T
    rate = _rate(way, took, costs.slew_deg_s)
    yield rate
    settle = _of_seconds("settle_s", costs.settle_s, np.maximum(took - way / rate.holds, 0.0))
    yield settle
    if costs.past_meridian_s is not None:
        flips = [each.seconds for each in moves if each.flipped]
        yield _of_seconds("flip_s", costs.flip_s, np.maximum(np.array(flips) - settle.holds, 0.0))


def _rate(way: Floats, took: Floats, declared: float) -> Estimate:
    """Return degrees per second: the median slope of all pairs of slews; (slews,), degrees and seconds.

    Source: H. Theil 1950, Proc. K. Ned. Akad. Wet. 53, 386; P. K. Sen 1968, J. Am. Stat. Assoc. 63, 1379.
    """
    one, other = np.triu_indices(len(way), 1)
    far = np.abs(way[one] - way[other]) >= APART_DEG
    slopes = (took[one] - took[other])[far] / (way[one] - way[other])[far]
    slope = float(np.median(slopes)) if slopes.size else 0.0
    count = int(np.count_nonzero(np.bincount(np.concatenate([one[far], other[far]]))))
    if count < ENOUGH or not SLOWEST <= 1 / max(slope, 1e-9) <= FASTEST:
        return Estimate("slew_deg_s", declared, None, 0.0, count)
    spread_s = mad_std(took - slope * way)  # of one slew, of a middling length
    relative = spread_s / max(float(np.median(took[way >= APART_DEG])), 1.0)
    return Estimate("slew_deg_s", declared, round(1 / slope, 2), round(relative / slope, 2), count)


def _of_seconds(step: str, declared: float, samples: Sequence[float] | Floats) -> Estimate:
    found, count = np.asarray(samples, float), len(samples)
    if count < ENOUGH:
        return Estimate(step, declared, None, round(mad_std(found), 2), count)
    return Estimate(step, declared, round(float(np.median(found)), 1), round(mad_std(found), 2), count)


def _of_gaps(declared: float, samples: Sequence[float]) -> Estimate:
    """Return the mean of what lies between frames, and its standard deviation: one gap of three may hold a dither."""
    few = _of_seconds("download_s", declared, samples)
    if few.learned is None:
        return few
    cut = int(len(samples) * TRIMMED)
    kept = np.sort(samples)[cut : len(samples) - cut]
    return replace(few, learned=round(float(kept.mean()), 1), spread=round(float(kept.std()), 2))
