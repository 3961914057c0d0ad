"""A star's magnitudes over many nights, as a search for its period takes them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from obsy.engine.science.same_stars import Floats, Mask
from obsy.errors import UserError

FEWEST = 12
"""Points in which a period may be sought: a sine wave of unknown period has four unknowns."""
BETWEEN_NIGHTS_D = 0.25
SHAPED = 5
"""Points of a night that tell how it went, its own level let go."""
_SECOND_D = 1 / 86400


@dataclass(frozen=True, slots=True, eq=False)
class MagnitudeSeries:
    """All arrays are (points,), in order of time."""

    bjd_tdb: Floats
    """Middles of the exposures, days."""
    magnitude: Floats
    error: Floats
    """One standard deviation, without what all points of a night share."""

    def __len__(self) -> int:
        return len(self.bjd_tdb)

    @property
    def span_d(self) -> float:
        """From the first point to the last, days."""
        return float(self.bjd_tdb[-1] - self.bjd_tdb[0])

    @property
    def night(self) -> NDArray[np.intp]:
        """Which night each point is of, from 0, (points,): between two nights there are six hours without a point."""
        return np.cumsum(np.diff(self.bjd_tdb, prepend=self.bjd_tdb[0]) > BETWEEN_NIGHTS_D)

    def levelled(self) -> "MagnitudeSeries":
        """Return the points less the mean of their night: what zero points that differ by night say nothing of.

        Nights of few points are left out: of these the mean takes nearly all.
        """
        night, weights = self.night, 1 / self.error**2
        mean = np.bincount(night, weights * self.magnitude) / np.bincount(night, weights)
        has_shape = np.bincount(night) >= SHAPED
        return replace(self, magnitude=self.magnitude - mean[night]).only(has_shape[night])

    def nightly(self) -> "MagnitudeSeries":
        """Return one point a night: their means, each as sure as the nights' own scatter allows."""
        night, weights = self.night, 1 / self.error**2
        whole = np.bincount(night, weights)
        time, magnitude = (np.bincount(night, weights * each) / whole for each in (self.bjd_tdb, self.magnitude))
        return MagnitudeSeries(time, magnitude, np.full(len(whole), float(np.median(1 / np.sqrt(whole)))))

    def only(self, which: Mask) -> "MagnitudeSeries":
        """Return the points that are asked for; which: (points,)."""
        return MagnitudeSeries(self.bjd_tdb[which], self.magnitude[which], self.error[which])


@dataclass(frozen=True, slots=True, eq=False)
class NightPoints:
    """Points of a night or of a file, as they were measured."""

    series: MagnitudeSeries
    transformation: Floats
    """What is in their magnitudes to be in the standard system; NaN where nothing is."""


def in_one_system(parts: Sequence[NightPoints]) -> tuple[list[MagnitudeSeries], str]:
    """Return the points of all parts in one system, and in words what was done for it, if anything was.

    Where some are transformed and others not, all are taken as they were before: a step between two nights is a period.
    """
    moved = np.concatenate([np.isfinite(each.transformation) for each in parts] or [np.zeros(0, bool)])
    if moved.all() or not moved.any():
        return [each.series for each in parts], ""
    before = [
        replace(each.series, magnitude=each.series.magnitude - np.nan_to_num(each.transformation)) for each in parts
    ]
    return (
        before,
        f"as it was measured: {(~moved).sum()} of {len(moved)} points are not transformed to the standard system",
    )


def series_of(parts: Sequence[MagnitudeSeries]) -> MagnitudeSeries:
    """Return all points of all parts in order of time, each once, those without a time, magnitude or error left out.

    Raises UserError if there are too few for any period, or if they say nothing of one.
    """
    time, magnitude, error = (
        np.concatenate([getattr(part, name) for part in parts] or [np.array([])]) for name in MagnitudeSeries.__slots__
    )
    kept = np.flatnonzero(np.isfinite(time) & np.isfinite(magnitude) & (error > 0) & np.isfinite(error))
    kept = kept[np.lexsort((magnitude[kept], time[kept]))]
    again = (np.diff(time[kept], prepend=-1.0) == 0) & (np.diff(magnitude[kept], prepend=-1.0) == 0)
    found = MagnitudeSeries(time[kept], magnitude[kept], error[kept]).only(~again)
    if len(found) < FEWEST:
        points = "1 point is" if len(found) == 1 else f"{len(found)} points are"
        raise UserError(f"{points} too few for a period: take {FEWEST} or more")
    if found.span_d < _SECOND_D:
        raise UserError("all points are of one moment: a period needs points over a night or more")
    if np.ptp(found.magnitude) == 0:
        raise UserError(f"all {len(found)} points say {found.magnitude[0]:g} mag: nothing repeats itself in that")
    return found
