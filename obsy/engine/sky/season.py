"""When many fixed targets may be taken through many nights, all at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil

import erfa
import numpy as np
from numpy.typing import NDArray

from obsy.engine.sky.body import Fixed
from obsy.engine.sky.constraints import Limit, allows
from obsy.engine.sky.grid import Floats, Mask, Window
from obsy.engine.sky.heights import apart_deg
from obsy.engine.sky.knots import between
from obsy.engine.sky.nights import NIGHT_S, STEP_S, TURN_S, Nights
from obsy.engine.sky.openings import openings
from obsy.engine.sky.overhead import TURN, Overhead, narrowed
from obsy.engine.sky.track import Track
from obsy.schemas.constraints.moon import Moon
from obsy.schemas.constraints.sun import Sun

Ints = NDArray[np.int64]

_AT_ONCE = 32
"""Targets that are worked out together, so that memory does not grow with their number: some 100 MB."""
_STEPS = 10
"""Three minutes each, looked at together: half an hour."""
_REACH_DEG = 0.5
"""The Moon moves no farther among the stars in a quarter of an hour, its parallax included."""
_TOUCH_S = 1e-3


@dataclass(frozen=True, eq=False)
class Spans:
    """Spans of time of several targets, one an entry, in order of target and time; each array is (spans,)."""

    target: Ints
    night: Ints
    opens_s: Floats
    """From the first noon on."""
    closes_s: Floats

    @classmethod
    def joined(cls, parts: Sequence["Spans"]) -> "Spans":
        """Return all of them, sorted."""
        target, night, opens, closes = (
            np.concatenate(each)
            for each in zip(*((p.target, p.night, p.opens_s, p.closes_s) for p in parts), strict=True)
        )
        order = np.lexsort((opens, target))
        return cls(target[order], night[order], opens[order], closes[order])


@dataclass(frozen=True, eq=False)
class SeasonWindows:
    """When each target may be taken in each night."""

    start: datetime
    """The first noon."""
    shape: tuple[int, int]
    """How many targets, and nights."""
    spans: Spans

    def of(self, target: int, night: int) -> tuple[Window, ...]:
        """The windows of a target in a night, both counted from 0."""
        first, last = np.searchsorted(self.spans.target, [target, target + 1])
        rows = first + np.flatnonzero(self.spans.night[first:last] == night)
        ends = ((self.spans.opens_s[row], self.spans.closes_s[row]) for row in rows)
        return tuple(Window(*(self.start + timedelta(seconds=float(each)) for each in pair)) for pair in ends)

    @property
    def hours(self) -> Floats:
        """How long each target may be taken in each night; (targets, nights)."""
        cell = self.spans.target * self.shape[1] + self.spans.night
        lengths_h = (self.spans.closes_s - self.spans.opens_s) / 3600
        hours = np.bincount(cell, lengths_h, minlength=self.shape[0] * self.shape[1])
        return np.asarray(hours, dtype=np.float64).reshape(self.shape)


def season(stars: Sequence[Fixed], limits: Sequence[Limit], sky: Nights) -> SeasonWindows:
    """Return the windows of all targets in all nights, each edge good to a second, as `openings` of one night has it.

    Windows and gaps of less than three minutes may be left out.
    Raises ValueError for a phase: what recurs is each target's own.
    """
    by_clock, standing = ([each for each in limits if each.rests_on == what] for what in ("time", "place"))
    moons = [each for each in limits if isinstance(each, Moon)]
    if len(by_clock) + len(moons) + len(standing) < len(limits):
        raise ValueError("a season knows what rests on the place or the time alone, and the Moon")
    clock = _by_clock(by_clock, sky)
    overhead = Overhead(standing, float(np.radians(sky.place.latitude_deg)))
    middle = sky.grid.at(sky.grid.count // 2)  # in half a year Barnard's star moves 5 arcsec, a third of a second
    ra, dec = np.radians([star.on(middle) for star in stars]).reshape(-1, 2).T
    towards = np.stack([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)], axis=1)
    moonlit = [_Moonlight(each, sky, clock) for each in moons]
    found = [Spans(clock.target[:0], clock.night[:0], clock.opens_s[:0], clock.closes_s[:0])]
    for first in range(0, len(stars), _AT_ONCE):
        part = slice(first, first + _AT_ONCE)
        as_seen = erfa.atciqz(ra[part, None], dec[part, None], sky.frames)
        spans = _overhead(overhead, as_seen, sky, clock)
        for each in moonlit:
            spans = _without(spans, each.spoilt(towards[part]), sky)
        found.append(replace(spans, target=spans.target + first))
    return SeasonWindows(sky.grid.start, (len(stars), sky.count), Spans.joined(found))


def _by_clock(limits: Sequence[Limit], sky: Nights) -> Spans:
    """Return when the limits that know no target are kept, cut at each noon, as of target 0."""
    suns = [each for each in limits if isinstance(each, Sun)]
    cut = []
    for opens, closes in _dark(suns, sky) if suns and len(suns) == len(limits) else _open(limits, sky):
        for night in range(int(opens // NIGHT_S), ceil(closes / NIGHT_S)):
            cut.append((night, max(opens, night * NIGHT_S), min(closes, (night + 1) * NIGHT_S)))
    nights, opens_s, closes_s = np.array(cut).reshape(-1, 3).T
    return Spans(np.zeros(len(cut), np.int64), nights.astype(np.int64), opens_s, closes_s)


def _open(limits: Sequence[Limit], sky: Nights) -> Iterator[tuple[float, float]]:
    """Yield from when to when they are kept, in seconds from the first noon."""
    track = replace(
        Track.partly(sky.grid, sun_altitude_deg=sky.sun_altitude_deg), longitude_deg=sky.place.longitude_deg
    )
    for each in openings(limits, track):
        opens, closes = ((at - sky.grid.start).total_seconds() for at in (each.opens.when, each.closes.when))
        yield opens, closes


def _dark(limits: Sequence[Sun], sky: Nights) -> list[tuple[float, float]]:
    """The same of the Sun's limits alone, all edges narrowed together."""
    sines = np.sin(np.radians(sky.sun_altitude_deg))[:, None]

    def kept(at_s: Floats) -> Mask:
        down_deg = np.degrees(np.arcsin(np.clip(between(sines, STEP_S, at_s)[:, 0], -1.0, 1.0)))
        return _all_kept(limits, down_deg, sky)

    changes = np.flatnonzero(np.diff(np.concatenate(([False], _all_kept(limits, sky.sun_altitude_deg, sky), [False]))))
    first, past = changes.reshape(-1, 2).T.astype(np.float64)
    last = sky.grid.count - 1
    opens = narrowed(kept, first * STEP_S, np.maximum(first - 1, 0) * STEP_S)
    closes = narrowed(kept, (past - 1) * STEP_S, np.minimum(past, last) * STEP_S)
    return list(zip(opens.tolist(), closes.tolist(), strict=True))


def _all_kept(limits: Sequence[Sun], sun_altitude_deg: Floats, sky: Nights) -> Mask:
    track = Track.partly(sky.grid, sun_altitude_deg=sun_altitude_deg)
    return np.asarray(np.all([allows(each, track) for each in limits], axis=0))


def _overhead(overhead: Overhead, as_seen: tuple[Floats, Floats], sky: Nights, clock: Spans) -> Spans:
    """Return when the targets are also free overhead.

    as_seen: right ascension (from the CIO) and declination in each night, radians; (targets, nights).
    """
    ra, dec = as_seen
    begins, ends = overhead.spans(dec)
    middle_s = (clock.night + 0.5) * NIGHT_S
    with np.errstate(invalid="ignore"):
        ahead = begins - (sky.frames["eral"] - ra)[:, :, None]
        always, length = np.isinf(ahead), ends - begins
        ahead = np.where(always, -np.inf, ahead % TURN)
        # From the middle of a night on, and once or twice a turn earlier; nothing longer than a turn is a span.
        turns = np.arange(-2.0, 1.0)[:, None] * TURN
        from_middle = np.where(always[:, :, None] & (turns < 0), np.nan, ahead[:, :, None] + turns)[:, clock.night]
        till = np.where(always[:, :, None], np.inf, ahead[:, :, None] + length[:, :, None] + turns)[:, clock.night]
        opens = np.maximum(clock.opens_s[:, None, None], middle_s[:, None, None] + from_middle / TURN_S)
        closes = np.minimum(clock.closes_s[:, None, None], middle_s[:, None, None] + till / TURN_S)
        kept = closes > opens
    target, span, _, _ = np.nonzero(kept)
    return Spans.joined([Spans(target, clock.night[span], opens[kept], closes[kept])])


class _Moonlight:
    """When the Moon spoils targets."""

    def __init__(self, limit: Moon, sky: Nights, clock: Spans) -> None:
        self._limit, self._sky = limit, sky
        self._table = np.column_stack(
            [sky.moon, np.sin(np.radians(sky.moon_altitude_deg)), sky.moon_illuminated_percent]
        )
        self._enough = limit.enough_deg(_moonlit(sky, sky.moon_altitude_deg, sky.moon_illuminated_percent))
        begins = np.arange(0, sky.grid.count - 1, _STEPS)
        dark = np.searchsorted(clock.closes_s, begins * STEP_S) < np.searchsorted(
            clock.opens_s, (begins + _STEPS) * STEP_S
        )
        samples = begins[:, None] + np.arange(_STEPS + 1)
        matters = dark & (self._enough[samples].max(axis=1) > -np.inf)
        self._samples = samples[matters]
        self._least, self._most = (each(self._enough[self._samples], axis=1) for each in (np.min, np.max))

    def spoilt(self, towards: Floats) -> Spans:
        """Return when the Moon is too near. towards: (targets, 3)."""
        middle = self._sky.moon[self._samples[:, _STEPS // 2]]
        apart = apart_deg(towards @ middle.T)
        too_near = apart + _REACH_DEG < self._least
        target, block = np.nonzero(too_near)
        whole = _spoilt(target, self._samples[block][:, [0, -1]].T * STEP_S)
        target, block = np.nonzero(~too_near & (apart - _REACH_DEG < self._most))
        samples = self._samples[block]
        well = apart_deg(np.einsum("pk,psk->ps", towards[target], self._sky.moon[samples])) >= self._enough[samples]
        pair, step = np.nonzero(~well[:, :-1] & ~well[:, 1:])
        parts = _spoilt(target[pair], (samples[pair, step] + [[0], [1]]) * STEP_S)
        pair, step = np.nonzero(well[:, :-1] != well[:, 1:])
        ends = (samples[pair, step] + [[0], [1]]) * STEP_S
        inside, outside = np.where(well[pair, step], ends, ends[::-1])
        edge = narrowed(lambda at_s: self._keeps(towards[target[pair]], at_s), inside, outside)
        return Spans.joined([whole, parts, _spoilt(target[pair], np.sort([edge, outside], axis=0))])

    def _keeps(self, towards: Floats, at_s: Floats) -> Mask:
        """Whether the limit is kept by each target at its own moment; (targets,)."""
        *moon, height, lit = between(self._table, STEP_S, at_s).T
        track = _moonlit(self._sky, np.degrees(np.arcsin(height)), lit)
        return np.asarray(apart_deg(np.einsum("pk,kp->p", towards, np.stack(moon))) >= self._limit.enough_deg(track))


def _moonlit(sky: Nights, altitude_deg: Floats, lit_percent: Floats) -> Track:
    return Track.partly(sky.grid, moon_altitude_deg=altitude_deg, moon_illuminated_percent=lit_percent)


def _spoilt(target: Ints, ends_s: Floats) -> Spans:
    return Spans(target, np.zeros_like(target), *ends_s)


def _without(spans: Spans, spoilt: Spans, sky: Nights) -> Spans:
    """Return what is left of spans, laid end to end with those of all targets on one line."""
    length_s = 2 * sky.count * NIGHT_S
    begins, ends = spoilt.opens_s + spoilt.target * length_s, spoilt.closes_s + spoilt.target * length_s
    apart = begins[1:] > ends[:-1] + _TOUCH_S
    free_s = np.concatenate([[-np.inf], ends[np.append(apart, True)]] if len(ends) else [[-np.inf]])
    until_s = np.concatenate([begins[np.insert(apart, 0, True)], [np.inf]] if len(ends) else [[np.inf]])
    opens, closes = spans.opens_s + spans.target * length_s, spans.closes_s + spans.target * length_s
    first, last = np.searchsorted(until_s, opens, "right"), np.searchsorted(free_s, closes, "left")
    count = np.maximum(last - first, 0)
    row = np.repeat(np.arange(len(opens)), count)
    nth = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count) + np.repeat(first, count)
    offset = spans.target[row] * length_s
    opens, closes = np.maximum(opens[row], free_s[nth]) - offset, np.minimum(closes[row], until_s[nth]) - offset
    kept = closes > opens
    return Spans(spans.target[row][kept], spans.night[row][kept], opens[kept], closes[kept])
