"""At which hour angles a declination is free of all limits that stand still over the ground."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

import numpy as np

from obsy.engine.sky.constraints import Limit, margin
from obsy.engine.sky.grid import Floats, Grid, Mask
from obsy.engine.sky.track import Track
from obsy.schemas.constraints.airmass import Airmass
from obsy.schemas.constraints.altitude import Altitude
from obsy.schemas.constraints.hour_angle import HourAngle
from obsy.schemas.constraints.meridian import Meridian

WITHOUT_AZIMUTH = (Altitude, Airmass, HourAngle, Meridian)
"""What asks for no azimuth, so that it need not be worked out."""
TURN = 2 * np.pi
SAMPLES = 720
"""Of one turn of the sky, two minutes each: what is shorter is not found."""
HOURS = np.arange(SAMPLES) * TURN / SAMPLES

_ANY = Grid(datetime(2000, 1, 1, tzinfo=UTC), 1.0, 1)
_CLOSER = 12
"""Halvings of two minutes, to 0.03 s."""
_FRAGILE = TURN / 48
"""What is shorter than half an hour may come and go with the seconds of arc by which a declination moves in a year."""


@dataclass(frozen=True)
class Overhead:
    """Limits that stand still over a latitude."""

    limits: Sequence[Limit]
    latitude: float
    """Radians."""

    def margin(self, dec: Floats, hour: Floats) -> Floats:
        """The least of all margins; radians, of any shapes that fit each other. inf if there are no limits."""
        up = np.sin(self.latitude) * np.sin(dec) + np.cos(self.latitude) * np.cos(dec) * np.cos(hour)
        north = np.cos(self.latitude) * np.sin(dec) - np.sin(self.latitude) * np.cos(dec) * np.cos(hour)
        azimuth = np.arctan2(-np.cos(dec) * np.sin(hour), north) if self._asks_where else np.zeros_like(up)
        track = Track.partly(
            _ANY,
            altitude_deg=np.degrees(np.arcsin(np.clip(up, -1.0, 1.0))),
            azimuth_deg=np.degrees(azimuth),
            hour_angle_h=((hour + np.pi) % TURN - np.pi) * 24 / TURN + np.zeros_like(up),
        )
        least = np.full_like(up, np.inf)
        for limit in self.limits:
            least = np.minimum(least, margin(limit, track))
        return np.asarray(least)

    def _keeps(self, dec: Floats, hour: Floats) -> Mask:
        return self.margin(dec, hour) >= 0

    @property
    def _asks_where(self) -> bool:
        return not all(isinstance(limit, WITHOUT_AZIMUTH) for limit in self.limits)

    def spans(self, dec: Floats) -> tuple[Floats, Floats]:
        """Between which hour angles a target is free each night, radians; (targets, nights, spans), nan for none.

        dec: (targets, nights), as it is seen each night. A span begins within a turn from 0 on, and ends at most a turn
        later; it lasts from -inf to inf where the target is free all the time.
        """
        low, high = dec.min(axis=1, keepdims=True), dec.max(axis=1, keepdims=True)
        share = (dec - low) / np.where(high > low, high - low, 1.0)
        at_low, at_high = self.margin(low, HOURS), self.margin(high, HOURS)
        first, last = _alike_wide(self._edges(low[:, 0], at_low >= 0), self._edges(high[:, 0], at_high >= 0))
        with np.errstate(invalid="ignore"):
            fragile = ~_steady(first, last)
            straight = first[:, :, None] + (last - first)[:, :, None] * share[:, :, None]
            kept = at_low[fragile, None] + (at_high - at_low)[fragile, None] * share[fragile, :, None] >= 0
        steady = np.where(np.isinf(first)[:, :, None], first[:, :, None], straight)
        own = self._edges(dec[fragile].ravel(), kept.reshape(-1, SAMPLES))
        steady, own = _alike_wide(steady, own.reshape(2, *kept.shape[:2], own.shape[-1]))
        steady[:, fragile] = own
        begins, ends = steady
        return begins, ends

    def _edges(self, dec: Floats, kept: Mask) -> Floats:
        """Where each declination begins, and where it ceases, to be free; (2, declinations, spans).

        kept: (declinations, SAMPLES), where it is free at HOURS.
        """
        before = np.roll(kept, 1, axis=1)
        count = (kept & ~before).sum(axis=1)
        begins, ends = both = np.full((2, len(dec), max(1, int(count.max(initial=0)))), np.nan)
        for changes, found, inside in ((kept & ~before, begins, 0.0), (~kept & before, ends, -1.0)):
            row, sample = np.nonzero(changes)
            bracket = (HOURS[sample] + TURN / SAMPLES * each for each in (inside, -1.0 - inside))
            rank = np.arange(len(row)) - np.searchsorted(row, row)
            found[row, rank] = narrowed(partial(self._keeps, dec[row]), *bracket)
        over = np.flatnonzero(ends[:, 0] < begins[:, 0])
        ahead = ends[over, 0] + TURN
        ends[over, :-1] = ends[over, 1:]
        ends[over, count[over] - 1] = ahead
        begins[kept.all(axis=1), 0], ends[kept.all(axis=1), 0] = -np.inf, np.inf
        return both


def narrowed(kept: Callable[[Floats], Mask], inside: Floats, outside: Floats) -> Floats:
    """Return how far it goes from `inside`, where limits are kept, towards `outside`, where they are not."""
    for _ in range(_CLOSER):
        middle = (inside + outside) / 2
        well = kept(middle)
        inside, outside = np.where(well, middle, inside), np.where(well, outside, middle)
    return inside


def _steady(first: Floats, last: Floats) -> Mask:
    """Where nothing comes or goes between two declinations, and nothing is so short that it might; (declinations,)."""
    same = (first == last) | (np.abs(last - first) < _FRAGILE) | (np.isnan(first) & np.isnan(last))
    steady = same.all(axis=(0, 2))
    for begins, ends in (first, last):
        previous = np.roll(ends, 1, axis=1)
        previous[:, 0] = np.fmax.reduce(ends, axis=1) - TURN
        short = (ends - begins < _FRAGILE) | (begins - previous < _FRAGILE)
        steady &= ~(short & np.isfinite(begins)).any(axis=1)
    return np.asarray(steady)


def _alike_wide(*both: Floats) -> list[Floats]:
    """Return them with as many spans each."""
    most = max(each.shape[-1] for each in both)
    lack = ([(0, 0)] * (each.ndim - 1) + [(0, most - each.shape[-1])] for each in both)
    return [np.pad(each, wide, constant_values=np.nan) for each, wide in zip(both, lack, strict=True)]
