"""When a target may be taken: from which moment to which, and what ends it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter

import numpy as np

from obsy.engine.sky.constraints import Limit, allowed, edge, margin
from obsy.engine.sky.grid import Window
from obsy.engine.sky.track import Track

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

    One shorter than a step of the grid, with no instant in it, is not found, nor is a gap like that.
    """
    changes = np.flatnonzero(np.diff(np.concatenate(([False], allowed(limits, track), [False]))))
    return tuple(
        Opening(_edge(limits, track, first, first - 1), _edge(limits, track, past - 1, past))
        for first, past in changes.reshape(-1, 2).tolist()
    )


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
