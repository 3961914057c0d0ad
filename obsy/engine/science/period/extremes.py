"""When a star was faintest or brightest, turn by turn, and how much later than foretold: O-C.

The waves of all nights are moved along time until they fit the points of one turn best: least squares of a delay and a
brightness (as template fitting in Sterken, ASP Conference Series 335 (2005) 3, describes it). Errors are scaled by how
much the points of that turn scatter, and never made smaller.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from obsy.engine.science.period.repeated import Repeated
from obsy.engine.science.period.series import MagnitudeSeries
from obsy.engine.science.same_stars import Floats

BESIDE = 0.15
"""Of a turn: so far from an extreme its points may lie."""
EACH_SIDE = 4
"""Points before it, and as many after it, at least."""
MOST_LATE = 0.1
"""Of a turn: what comes out later, or earlier, is another thing than this extreme."""
MARKED = 1 / 3
"""Of the whole range: what departs less from the mean light (between two eclipses) has no moment of its own."""
_STEPS, _ENOUGH = 20, 1e-4


@dataclass(frozen=True, slots=True)
class Extreme:
    """One of a star's least or greatest lights."""

    is_minimum: bool
    turn: int
    """From the epoch on."""
    bjd_tdb: float
    error: float
    late_d: float
    """Later than the epoch and the period say, days."""
    points: int


def extremes(series: MagnitudeSeries, fit: Repeated) -> list[Extreme]:
    """Return every least and greatest light that has points on both sides, in order of time."""
    whole = fit.range[1] - fit.range[0]
    found = [
        each
        for phase, light, is_minimum in zip(fit.extremes, fit.range, (False, True), strict=True)
        if abs(light - fit.mean) >= MARKED * whole
        for each in _of_phase(series, fit, phase, is_minimum)
    ]
    return sorted(found, key=lambda each: each.bjd_tdb)


def _of_phase(series: MagnitudeSeries, fit: Repeated, phase: float, is_minimum: bool) -> Iterator[Extreme]:
    turns = (series.bjd_tdb - fit.epoch) / fit.period - phase
    numbers = np.round(turns)
    for number in np.unique(numbers[np.abs(turns - numbers) < BESIDE]):
        near = np.abs(turns - number) < BESIDE
        before = int((turns[near] < number).sum())
        if min(before, int(near.sum()) - before) < EACH_SIDE:
            continue
        moved = _moved(series.only(near), fit)
        if moved is None:
            continue
        late, error = moved
        foretold = fit.epoch + (phase + float(number)) * fit.period
        yield Extreme(is_minimum, int(number), foretold + late, error, late, int(near.sum()))


def _moved(points: MagnitudeSeries, fit: Repeated) -> tuple[float, float] | None:
    """Return how much later the points come than the waves say, with its error, days; None where nothing fits."""
    late, small = 0.0, 1e-4 * fit.period

    def said(by: float) -> Floats:
        return fit.magnitude(points.bjd_tdb - by)

    for _ in range(_STEPS):
        slope = (said(late + small) - said(late - small)) / (2 * small)
        sides = np.stack([slope, np.ones(len(points))], axis=1) / points.error[:, None]
        left = (points.magnitude - said(late)) / points.error
        step, chi_squared, rank, _ = np.linalg.lstsq(sides, left, rcond=None)
        if rank < sides.shape[1]:
            return None
        late += float(step[0])
        if abs(late) > MOST_LATE * fit.period:
            return None
        if abs(step[0]) < _ENOUGH * small:
            break
    scale = float(chi_squared[0]) / (len(points) - 2) if chi_squared.size else 1.0
    variance = float(np.linalg.inv(sides.T @ sides)[0, 0])
    return late, float(np.sqrt(variance * max(scale, 1.0)))
