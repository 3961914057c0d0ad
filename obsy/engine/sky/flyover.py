"""When what circles the Earth can be taken: all limits are kept, and the Sun shines on it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from obsy.engine.sky.constraints import Limit
from obsy.engine.sky.grid import Grid, Window
from obsy.engine.sky.openings import openings
from obsy.engine.sky.shadow import Shadow, shadow
from obsy.engine.sky.track import Track
from obsy.engine.sky.tracks import tracks
from obsy.schemas.site import Location
from obsy.schemas.target import Satellite

STEP_S = 10.0
"""So closely it is followed: one that is close by crosses the sky in minutes."""


@dataclass(frozen=True)
class Flyover:
    """A time in which it can be taken, from edge to edge good to a tenth of a second, and when it is highest in it."""

    window: Window
    highest: datetime
    altitude_deg: float
    """Then."""


@dataclass(frozen=True)
class Flyovers:
    """Those of a night, in order."""

    track: Track
    """By which it was followed."""
    lit: tuple[Flyover, ...]
    hidden: bool
    """Whether it keeps the limits at times only when it is in the Earth's shadow."""


def flyovers(satellite: Satellite, limits: Sequence[Limit], span: Window, place: Location) -> Flyovers:
    """Return when a satellite can be taken between two times."""
    (track,) = tracks([satellite], Grid.over(span.start, span.end, STEP_S), place)
    open_ = [each.window for each in openings(limits, track)]
    lit = _lit(open_, shadow(satellite, track, place), track.grid)
    found = tuple(_flyover(satellite, each, track, place) for each in lit)
    return Flyovers(track, found, bool(open_) and not found)


def _lit(open_: Iterable[Window], passes: Shadow, grid: Grid) -> Iterator[Window]:
    """Yield the parts of some times in which it is not in the shadow."""
    begins = [*([grid.start] if passes.begins_lit else []), *(each.when for each in passes.leaves)]
    ends = [each.when for each in passes.enters]
    ends += [grid.end] if len(ends) < len(begins) else []
    for each in open_:
        for begin, end in zip(begins, ends, strict=True):
            if (start := max(begin, each.start)) < (over := min(end, each.end)):
                yield Window(start, over)


def _flyover(satellite: Satellite, window: Window, track: Track, place: Location) -> Flyover:
    """Return when it is highest in a time, and how high then: by an edge the nearest instant may lie outside."""
    grid = track.grid
    first, last = grid.index(window.start), grid.index(window.end)
    best = first + int(np.argmax(track.altitude_deg[first : last + 1]))
    highest = min(max(grid.at(best), window.start), window.end)
    (then,) = tracks([satellite], Grid(highest, 1.0, 1), place)
    return Flyover(window, highest, float(then.altitude_deg[0]))
