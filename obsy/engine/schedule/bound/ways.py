"""How the visits of a mount may follow one another, and what that takes at the very least, for a bound.

What lies between two visits is what `Overheads.between` says, but for the way: to the nearest of all other targets.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import floor, inf
from typing import NamedTuple

import numpy as np

from obsy.engine.schedule.fit import Timeline
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.pier import RISING, SETTING
from obsy.engine.schedule.request import Candidate
from obsy.engine.sky.grid import Floats, Mask
from obsy.engine.sky.heights import apart_deg
from obsy.schemas.value import Value

ROUNDING = 1e-6
CLOSE_DEG = 1e-4
"""By which a distance may be wrong."""
FIRST = 0
"""Where the mount is at the beginning."""


class VisitSeen(NamedTuple):
    """A visit before it is in numbers: of a candidate, in a half of the sky; 0 where that does not matter."""

    number: int
    seen: Candidate
    half: int
    free: Mask


class WayIn(NamedTuple):
    """How a visit may begin: after what, how many moments later, and what its first frame is not paid."""

    origin: int
    moments: int
    loss: float


class _Move(NamedTuple):
    """A way in seconds."""

    origin: int
    seconds: float
    loss: float


@dataclass(frozen=True, slots=True)
class _Nearest:
    """How far the nearest other target is, degrees: of all, and of those that are taken through the same filter."""

    of_all: float
    of_filter: float


class WaysIn:
    """The ways into every visit of a mount, and the places at which they begin."""

    def __init__(self, timeline: Timeline, parts: Sequence[VisitSeen], weights: Value, german: bool) -> None:
        """Number the places: where all visits end that have half, picture and filter in common, or some of it."""
        self._timeline, self._parts, self._weights, self._german = timeline, parts, weights, german
        named: dict[Hashable, list[int]] = {"first": []}
        for number, part in enumerate(parts):
            for half in (RISING, SETTING) if german and not part.half else (part.half,):
                for name in _names(part):
                    named.setdefault((half, *name), []).append(number)
        self._numbers: Mapping[Hashable, int] = {name: number for number, name in enumerate(named)}
        self.origins: list[list[int]] = list(named.values())
        self._anything = {
            FIRST,
            *(self._numbers[half, "any"] for half in (RISING, 0, SETTING) if (half, "any") in named),
        }
        near = _nearest(parts)
        self._moves = [list(self._into(*each)) for each in zip(parts, near, strict=True)]

    @property
    def soonest_s(self) -> float:
        """No way and frame are over in fewer seconds."""
        each_s = (self._timeline.each_s(part.seen.request) for part in self._parts)
        return min(
            (move.seconds + s for s, moves in zip(each_s, self._moves, strict=True) for move in moves), default=inf
        )

    def into(self, apart_s: float) -> list[list[WayIn]]:
        """Return the ways into each visit, in moments; the last again where others have more."""
        most = max(map(len, self._moves), default=0)
        return [[_way(move, apart_s) for move in moves + moves[-1:] * (most - len(moves))] for moves in self._moves]

    def _into(self, part: VisitSeen, near: _Nearest) -> Iterator[_Move]:
        request, costs = part.seen.request, self._timeline.costs[part.seen.request.train]
        if part.seen.fixed is not None:  # two with a time of their own may follow each other at once
            yield from (_Move(place, 0.0, 0.0) for place in range(len(self.origins)) if place in self._anything)
            return
        exposure_h = request.line.goal.exposure / 3600
        staying, same = self._weights.staying * exposure_h, self._weights.filter * exposure_h
        yield self._first(request.train, staying + same)
        moved, moved_alike = (way_s(deg, costs) for deg in (near.of_all, near.of_filter))
        anything, filters, pictures, itself = _names(part)
        for half in (part.half, -part.half) if part.half else (0,):
            flip_s = costs.flip_s + costs.settle_s if half != part.half else 0.0
            seconds = (
                (anything, (flip_s or moved) + costs.filter_s, staying + same),
                (filters, (flip_s or moved_alike), staying),
                (pictures, flip_s + costs.filter_s, same),
                (itself, flip_s, 0.0),
            )
            for name, lasts_s, loss in seconds:
                origin = self._numbers.get((half, *name))
                alone = name == itself and half == part.half and origin is not None and len(self.origins[origin]) == 1
                if origin is not None and not alone:
                    yield _Move(origin, lasts_s, loss)

    def _first(self, train: str, loss: float) -> _Move:
        """Return the way into what a train takes first: none where it is known how the mount stands."""
        costs, stands = self._timeline.costs[train], self._timeline.stands
        focus_s = costs.focus_s if train not in stands.focused else 0.0
        if stands.aim is not None:
            return _Move(FIRST, focus_s, 0.0)
        return _Move(FIRST, costs.settle_s + costs.filter_s + focus_s, loss)


def _names(part: VisitSeen) -> tuple[tuple[Hashable, ...], ...]:
    """Return what a visit has in common with others."""
    return ("any",), ("filter", _filter(part)), ("picture", _picture(part)), ("both", _picture(part), _filter(part))


def way_s(degrees: float, costs: Overheads) -> float:
    """Return how long another target takes at least, in the same half of the sky as it was when the way began."""
    slew_s = degrees / costs.slew_deg_s
    return (slew_s if costs.past_meridian_s is None else min(slew_s, costs.flip_s)) + costs.settle_s


def _way(move: _Move, apart_s: float) -> WayIn:
    """Return a way in moments."""
    return WayIn(move.origin, floor(move.seconds / apart_s + ROUNDING), move.loss)


def nearest_deg(parts: Sequence[VisitSeen]) -> list[float]:
    """Return how near others come to the target of each visit, degrees; those of its own picture apart."""
    return [each.of_all for each in _nearest(parts)]


def _nearest(parts: Sequence[VisitSeen]) -> list[_Nearest]:
    """Return how near others come to the target of each visit: those that move, as near as both ever are."""
    if not parts:
        return []
    tracks = [_direction(part.seen) for part in parts]
    middle = np.array([track[int(np.argmax(part.free))] for part, track in zip(parts, tracks, strict=True)])
    reach = np.array([apart_deg(track @ each).max() for each, track in zip(middle, tracks, strict=True)])
    apart = np.maximum(apart_deg(middle @ middle.T) - reach - reach[:, None] - CLOSE_DEG, 0.0)
    numbers = (np.unique([str(name(part)) for part in parts], return_inverse=True)[1] for name in (_picture, _filter))
    pictures, filters = (each[:, None] == each for each in numbers)
    of_all = np.where(pictures, 360.0, apart)
    return [
        _Nearest(*pair) for pair in zip(of_all.min(axis=1), np.where(filters, of_all, 360.0).min(axis=1), strict=True)
    ]


def _picture(part: VisitSeen) -> str:
    return part.seen.request.line.picture


def _filter(part: VisitSeen) -> tuple[str, str]:
    return part.seen.request.train, part.seen.request.line.filter


def _direction(candidate: Candidate) -> Floats:
    """Return where a target is, as unit vectors; (times, 3)."""
    ra, dec = np.radians(candidate.ra_deg), np.radians(candidate.dec_deg)
    return np.stack([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)], axis=1)
