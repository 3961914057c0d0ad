"""The parts of a flyover that a mount takes at a stretch: on one side of its pier, and beside what is taken already."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.pier import RISING, SETTING, half_of, sets
from obsy.engine.schedule.request import AHEAD_S, FlyoverTaken
from obsy.engine.sidereal import HOURS_PER_S
from obsy.engine.sky.flyover import Flyover
from obsy.engine.sky.grid import Window
from obsy.engine.sky.track import Track
from obsy.schemas.target import Satellite


@dataclass(frozen=True, slots=True)
class FlyoverPart:
    """A part of a flyover, and the half of the sky by which a German mount chooses its side for it."""

    flyover: Flyover
    half: int


def parts(flyover: Flyover, track: Track, costs: Overheads) -> Iterator[FlyoverPart]:
    """Yield a flyover whole, or what lies between the moments at which a German mount would change sides.

    Each frame is a slew of its own, so it changes where the satellite does. A step in which that happens is left out.
    """
    window, grid = flyover.window, track.grid
    first, last = grid.index(window.start), min(grid.index(window.end) + 1, grid.count - 1)
    angles = track.hour_angle_h[first : last + 1]
    if costs.past_meridian_s is None:
        yield FlyoverPart(flyover, half_of(float(angles[0])))
        return
    early_h = AHEAD_S * HOURS_PER_S  # it is sent to its first frame so long before that
    now, before = sets(angles), sets(angles - early_h)
    halves = np.where(now == before, np.where(now, SETTING, RISING), 0)
    edges = [0, *(np.flatnonzero(np.diff(halves)) + 1), len(halves)]
    for at, then in zip(edges, edges[1:], strict=False):
        start = max(window.start, grid.at(first + at))
        end = min(window.end, grid.at(first + then - 1))
        if halves[at] and start < end:
            yield FlyoverPart(replace(flyover, window=Window(start, end)), int(halves[at]))


def parts_beside(
    found: Iterable[FlyoverPart], satellite: Satellite, taken: Sequence[FlyoverTaken], costs: Overheads
) -> Iterator[FlyoverPart]:
    """Yield what is left of some parts beside times that are taken, and the ways from there and back."""
    for part in found:
        left = [part.flyover.window]
        for each in taken:
            apart = timedelta(seconds=_way_s(costs, each, satellite, part.half))
            left = [
                w for one in left for w in _without(one, Window(each.window.start - apart, each.window.end + apart))
            ]
        for window in left:
            yield replace(part, flyover=replace(part.flyover, window=window))


def _way_s(costs: Overheads, last: FlyoverTaken, satellite: Satellite, half: int) -> float:
    """Return the seconds from the last frame of one to the first of another, either way."""
    far_s = 0.0 if last.satellite == satellite else 180.0 / costs.slew_deg_s
    flip_s = costs.flip_s if costs.past_meridian_s is not None and last.half != half else 0.0
    return costs.filter_s + costs.aims_s + max(far_s, flip_s)


def _without(one: Window, other: Window) -> Iterator[Window]:
    if one.start < other.start:
        yield Window(one.start, min(one.end, other.start))
    if other.end < one.end:
        yield Window(max(one.start, other.end), one.end)
