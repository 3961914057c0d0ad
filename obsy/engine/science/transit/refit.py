"""When a planet comes, by all of its own transits that were fitted: a straight line through their middles."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from obsy.engine.declare.target import Ephemeris
from obsy.engine.science.transit.fit import NumberWithError
from obsy.errors import UserError

COUNTED = 4.0
"""An ephemeris that may be wrong by more than its period over this does not tell which turn a transit was."""


@dataclass(frozen=True, slots=True)
class TimedTransit:
    """A transit against the line."""

    turn: int
    """Since the epoch that is declared."""
    middle: NumberWithError
    """BJD_TDB."""
    late_d: NumberWithError
    """Observed less calculated by the ephemeris that is declared, with both errors."""
    left_d: float
    """The same by the new one."""


@dataclass(frozen=True, slots=True)
class RefittedEphemeris:
    """The ephemeris by own transits, and what these say."""

    ephemeris: Ephemeris
    """Of the turn at which its epoch is best known, BJD_TDB: so the errors of epoch and period are independent."""
    transits: tuple[TimedTransit, ...]
    """In order of time."""
    with_declared: bool
    """Whether the declared ephemeris counted as measured too, with its errors."""
    chi2: float
    spare: int
    """Measurements less two."""
    inflation: float
    """By which errors had to grow for the scatter of the middles; at least 1."""


def refitted(middles: Sequence[NumberWithError], known: Ephemeris) -> RefittedEphemeris:
    """Return the line through middles (BJD_TDB) that fits best, weighted by their errors.

    known: declared, its epoch in BJD_TDB. Where it says the errors of epoch or period, these count as measurements.
    Raises UserError if the transits cannot be counted, or do not tell epoch and period.
    """
    ordered = sorted(middles, key=lambda each: each.value)
    turns = np.array([_turn(each, known) for each in ordered], dtype=np.float64)
    times, errors = (np.array([getattr(each, part) for each in ordered]) for part in ("value", "error"))
    late = times - (known.epoch_jd + turns * known.period_d)
    said = [(1.0, 0.0, known.epoch_error_d), (0.0, 1.0, known.period_error_d)]
    told = np.array([[epoch / error, period / error] for epoch, period, error in said if error]).reshape(-1, 2)
    rows = np.concatenate([np.stack([1 / errors, turns / errors], axis=1), told])
    goal = np.concatenate([late / errors, np.zeros(len(told))])
    scale = np.sqrt((rows**2).sum(axis=0))
    if len(rows) < 2 or not scale.all() or np.linalg.matrix_rank(rows / scale) < 2:  # noqa: PLR2004  epoch and period
        raise UserError("transits of one turn tell no period: take another one, or declare the errors of the ephemeris")
    change = np.linalg.lstsq(rows / scale, goal, rcond=None)[0] / scale
    cov = np.linalg.inv((rows / scale).T @ (rows / scale)) / np.outer(scale, scale)
    chi2, spare = float(((rows @ change - goal) ** 2).sum()), len(rows) - 2
    grown = max(1.0, float(np.sqrt(chi2 / spare))) if spare else 1.0
    best = round(-cov[0, 1] / cov[1, 1])
    epoch_error = float(np.sqrt(cov[0, 0] + 2 * best * cov[0, 1] + best**2 * cov[1, 1])) * grown
    period = known.period_d + float(change[1])
    epoch = known.epoch_jd + best * known.period_d + float(change[0] + best * change[1])
    new = Ephemeris(epoch, period, known.duration_h, "BJD_TDB", epoch_error, float(np.sqrt(cov[1, 1])) * grown)
    left = late - change[0] - turns * change[1]
    sure = [float(np.hypot(each.error, known.error_d(each.value))) for each in ordered]
    by_declared = map(NumberWithError, late.tolist(), sure)
    timed = map(TimedTransit, turns.astype(int).tolist(), ordered, by_declared, left.tolist())
    return RefittedEphemeris(new, tuple(timed), bool(len(told)), chi2, spare, grown)


def _turn(middle: NumberWithError, known: Ephemeris) -> int:
    """Return which turn a transit was. Raises UserError if the ephemeris is too uncertain by then."""
    if COUNTED * known.error_d(middle.value) > known.period_d:
        told = f"at {middle.value:.4f} the ephemeris may be wrong by {known.error_d(middle.value):.2f} d"
        raise UserError(f"{told}, and nobody can count the turns: declare a newer one")
    return round((middle.value - known.epoch_jd) / known.period_d)
