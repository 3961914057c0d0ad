"""When a target may be taken: from which moment to which, and what ends it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from obsy.engine.sky.constraints import Limit, allowed, edge, margin
from obsy.engine.sky.grid import Window
from obsy.engine.sky.knots import FEWEST
from obsy.engine.sky.track import Track

Ints = NDArray[np.int64]
_WITH_A_GAP = 2
"""As many openings as a gap leaves."""
_PARTS, _TIMES = 30, 2
"""Between two instants one looks closer: a minute in parts of two seconds, and those in parts of 0.07 s."""


@dataclass(frozen=True)
class Edge:
    """One end of the time in which all limits are kept."""

    when: datetime
    limit: Limit | None = None
    """Which is not kept beyond it; None where the track begins or ends."""
    words: str = ""
    """What happens there, in words that follow 'when': 'it sets below 30 deg'."""


@dataclass(frozen=True)
class Opening:
    """A time in which all limits are kept."""

    opens: Edge
    closes: Edge

    @property
    def window(self) -> Window:
        """From its first moment to its last."""
        return Window(self.opens.when, self.closes.when)


def openings(limits: Sequence[Limit], track: Track) -> tuple[Opening, ...]:
    """Return the times in which all limits are kept, in order, each edge good to 0.1 s.

    One shorter than a step of the grid, and a gap like that, is found too, where margins bend evenly there: not what
    a spike of a skyline hides that is narrower than the way of a step.
    """
    found = _openings(limits, track)
    for first in _worth_a_look(limits, track).tolist():
        within = _openings(limits, track.closer(first, _PARTS))
        found = _joined(found, within, track.grid.at(first), track.grid.at(first + 1))
    return found


def _openings(limits: Sequence[Limit], track: Track) -> tuple[Opening, ...]:
    changes = np.flatnonzero(np.diff(np.concatenate(([False], allowed(limits, track), [False]))))
    return tuple(
        Opening(_edge(limits, track, first, first - 1), _edge(limits, track, past - 1, past))
        for first, past in changes.reshape(-1, 2).tolist()
    )


def _worth_a_look(limits: Sequence[Limit], track: Track) -> Ints:
    """After which instants something may open and close again, or close and open, before the next.

    What bends one way alone stays between its values and the straight lines that go on from either side.
    """
    if track.grid.count < FEWEST or not limits:
        return np.empty(0, np.int64)
    kept = allowed(limits, track)
    may_open, may_close = np.ones(len(kept) - 1, np.bool_), np.zeros(len(kept) - 1, np.bool_)
    with np.errstate(invalid="ignore"):
        for each in limits:
            room = np.broadcast_to(margin(each, track), kept.shape)
            on, back = 2 * room[:-1] - np.roll(room, 1)[:-1], 2 * room[1:] - np.roll(room, -1)[1:]
            may_open &= (np.minimum(on, back) >= 0) | (room[:-1] >= 0) | (room[1:] >= 0)
            may_close |= np.maximum(on, back) < 0
    inner = np.zeros(len(may_open), np.bool_)
    inner[1:-1] = True
    return np.flatnonzero(inner & np.where(kept[:-1], kept[1:] & may_close, ~kept[1:] & may_open))


def _joined(
    found: tuple[Opening, ...], within: tuple[Opening, ...], start: datetime, end: datetime
) -> tuple[Opening, ...]:
    """Return what is found with what is found closer, between two instants that are alike."""
    around = next((each for each in found if each.opens.when <= start and end <= each.closes.when), None)
    if around is None:
        return tuple(sorted((*found, *within), key=lambda each: each.opens.when))
    if len(within) < _WITH_A_GAP:
        return found
    parts = list(within)
    parts[0], parts[-1] = replace(parts[0], opens=around.opens), replace(parts[-1], closes=around.closes)
    return tuple(each for one in found for each in (parts if one is around else [one]))


def _edge(limits: Sequence[Limit], track: Track, inside: int, outside: int) -> Edge:
    """Return where between two instants that follow each other, either before the other, the limits cease to hold."""
    if outside in {-1, track.grid.count}:
        return Edge(track.grid.at(inside))
    step = outside - inside
    for _ in range(_TIMES):
        track = track.closer(min(inside, outside), _PARTS)
        kept = allowed(limits, track)[::step]
        kept[0], kept[-1] = True, False  # as was found there; a joined value may differ in its last digit
        inside = int(np.argmin(kept)) - 1
        inside = inside if step > 0 else _PARTS - inside
        outside = inside + step
    share, limit = min(((_share(each, track, inside, outside), each) for each in limits), key=itemgetter(0))
    at_s = (inside + step * min(share, 1.0)) * track.grid.step_s
    return Edge(track.grid.start + timedelta(seconds=at_s), limit, edge(limit, track, inside, outside))


def _share(limit: Limit, track: Track, inside: int, outside: int) -> float:
    """Return after which share of the way a limit ceases to be kept, on a straight line; more than 1 if it does not."""
    had, has = margin(limit, track)[[inside, outside]].tolist()
    if has >= 0:
        return 1.0 + float(has)
    return max(0.0, had) / (max(0.0, had) - has) if np.isfinite(had - has) else 0.0
