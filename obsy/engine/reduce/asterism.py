"""Recognising a field: which rotation and shift lay the catalogue's stars upon the detected ones.

Ours: astroalign, made for two pictures of one field, took 17 times as long and found 2 of 12 (decision 7).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

SCALE_SLACK = 0.03
"""How far the declared scale may be wrong: real headers were found 0.9 % off."""
BRIGHTEST = 36
"""Stars of either list whose pairs vote."""
SHIFT_PX = 12.0
"""Votes agree when their shifts differ by less."""
CANDIDATES = 40
"""Turns and shifts that are counted out in full."""
NEAR_PX = 4.0
WEIGHED = 120
"""Seen stars that a pose is judged by."""
SURE_MATCHES, SURE_SCORE = 15, 0.7
"""So many matches of so high a mean score end the search: stars that are near by chance score 0.33, so many of them
0.33 +- 0.06."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Pose:
    """A similarity: seen = matrix @ expected + shift."""

    matrix: Floats
    shift: Floats
    matches: int
    """Stars it lays within NEAR_PX of one of the brightest seen."""
    score: float
    """The same, each counted the less the farther off it is: in a crowd something is always near."""

    @property
    def is_sure(self) -> bool:
        """Whether chance cannot have made it."""
        return self.matches >= SURE_MATCHES and self.score >= SURE_SCORE * self.matches


def recognise(seen: Floats, expected: Floats) -> Pose | None:
    """The best pose of the expected stars (n, 2) among the seen (m, 2), mirrored or not; None if there are too few.

    Both lists brightest first, in pixels of about the same scale. Every pair of expected stars is laid on every
    seen pair of its length; the turn and shift that most pairs agree on win, and the first that is sure.
    """
    either = [_poses(seen, expected * (mirror, 1.0), mirror) for mirror in (1.0, -1.0)]
    best: Pose | None = None
    for number in range(2 * CANDIDATES):
        pose = next(either[number % 2], None)
        if pose is not None and (best is None or pose.score > best.score):
            best = pose
            if best.is_sure:
                break
    return best


def nearest(seen: Floats, placed: Floats, within: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Indices of seen and placed stars that are each other's nearest, no farther apart than `within` pixels."""
    if not len(seen) or not len(placed):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    gap, partner = cKDTree(seen).query(placed, distance_upper_bound=within)
    _, back = cKDTree(placed).query(seen)
    found = np.flatnonzero(np.isfinite(gap))
    mutual = found[back[partner[found]] == found]
    return partner[mutual].astype(np.int64), mutual.astype(np.int64)


def _poses(seen: Floats, expected: Floats, mirror: float) -> Iterator[Pose]:
    """The poses, without mirroring, of stars that were mirrored before; the mirror is folded into their matrices."""
    for angle, ratio, shift in _peaks(_votes(seen[:BRIGHTEST], expected[: 2 * BRIGHTEST])):
        cosine, sine = ratio * np.cos(angle), ratio * np.sin(angle)
        turn = np.array([[cosine, -sine], [sine, cosine]])
        placed = expected @ turn.T + shift
        mine, theirs = nearest(seen[:WEIGHED], placed, NEAR_PX)
        score = float((1 - np.hypot(*(seen[mine] - placed[theirs]).T) / NEAR_PX).sum())
        yield Pose(turn * (mirror, 1.0), shift, len(mine), score)


def _votes(seen: Floats, expected: Floats) -> Floats:
    """(n, 4): angle, shift and ratio of every expected pair laid upon a seen pair of its length, either way round."""
    first, second = np.triu_indices(len(seen), 1)
    begin, end = (np.array(ends) for ends in (np.triu_indices(len(expected), 1)))
    begin, end = np.concatenate([begin, end]), np.concatenate([end, begin])
    line, wanted = seen[second] - seen[first], expected[end] - expected[begin]
    length, reach = np.hypot(*line.T), np.hypot(*wanted.T)
    order = np.argsort(reach)
    low = np.searchsorted(reach[order], length * (1 - SCALE_SLACK) - 1.0)
    high = np.searchsorted(reach[order], length * (1 + SCALE_SLACK) + 1.0)
    high = np.where(length < 40.0, low, high)  # noqa: PLR2004 (a short pair says little about the angle)
    mine = np.repeat(np.arange(len(length)), high - low)
    theirs = order[np.arange(len(mine)) - np.repeat(np.cumsum(high - low) - (high - low), high - low) + low[mine]]
    angle = np.arctan2(line[mine, 1], line[mine, 0]) - np.arctan2(wanted[theirs, 1], wanted[theirs, 0])
    ratio = length[mine] / reach[theirs]
    cosine, sine = ratio * np.cos(angle), ratio * np.sin(angle)
    middle = (expected[begin[theirs]] + expected[end[theirs]]) / 2
    x, y = middle.T
    turned = np.stack([cosine * x - sine * y, sine * x + cosine * y], axis=1)
    shift = (seen[first[mine]] + seen[second[mine]]) / 2 - turned
    return np.column_stack([angle % (2 * np.pi), shift, ratio])


def _peaks(votes: Floats) -> Iterator[tuple[float, float, Floats]]:
    """The poses most pairs agree on, to a degree and 12 pixels, averaged over those that agree."""
    if not len(votes):
        return
    cells = np.floor(votes[:, :3] / (np.radians(1.0), SHIFT_PX, SHIFT_PX)).astype(np.int64) + (0, 1 << 19, 1 << 19)
    keys = (cells[:, 0] << 40) + (cells[:, 1] << 20) + cells[:, 2]
    _, where, counts = np.unique(keys, return_inverse=True, return_counts=True)
    for peak in np.argsort(-counts, kind="stable")[:CANDIDATES]:
        seed = votes[where == peak].mean(axis=0)
        near = votes[np.abs(votes[:, 1] - seed[1]) < SHIFT_PX]
        off = np.abs(near - seed)[:, :3]
        off[:, 0] = np.minimum(off[:, 0], 2 * np.pi - off[:, 0])
        close = near[(off < (np.radians(1.0), SHIFT_PX, SHIFT_PX)).all(axis=1)]
        turn = np.angle(np.exp(1j * close[:, 0]).mean())
        yield float(turn), float(np.median(close[:, 3])), np.median(close[:, 1:3], axis=0)
