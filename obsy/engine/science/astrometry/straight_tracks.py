"""What moves straight on at one pace through the frames of a field, and by what chance strays would look like it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import comb, pi

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from obsy.engine.mad_std import mad_std
from obsy.engine.science.astrometry.position import SkyPosition, position
from obsy.engine.science.astrometry.strays import StrayFrame

FEWEST = 3
ENDS = 4
"""A track is begun in one of the first frames and ends in one of the last so many."""
NEAR_PX, LEAST_PX = 1.0, 3.0
"""How near to its line a detection lies, and how far a track leads at least."""
WORST_CHI2, WORST_MAG = 9.0, 0.5
"""Reduced chi squared and scatter in brightness above which detections are not one body's."""
MOST_CHANCE = 1e-3
"""Expected tracks of chance in these frames from which one is not told."""
MOST_TRIED = 400_000
"""Lines that are tried at most, some 20 s of work."""


@dataclass(frozen=True, slots=True)
class StraightTrack:
    """A body that nobody asked for: its positions, and how it moves."""

    positions: tuple[SkyPosition, ...]
    """By time; observed less computed is against the straight line."""
    east_arcsec_min: float
    north_arcsec_min: float
    chance: float
    """How many tracks like it strays would make in such frames."""

    @property
    def rate_arcsec_min(self) -> float:
        """Return how fast it moves."""
        return float(np.hypot(self.east_arcsec_min, self.north_arcsec_min))

    @property
    def angle_deg(self) -> float:
        """Return where to, from north through east."""
        return float(np.degrees(np.arctan2(self.east_arcsec_min, self.north_arcsec_min)) % 360)

    @property
    def middle(self) -> SkyPosition:
        """Return the position in the middle of the track."""
        return self.positions[len(self.positions) // 2]

    @property
    def vt_magnitude(self) -> float:
        """Return the median of its magnitudes against the catalogue's VT."""
        return float(np.median([each.vt_magnitude for each in self.positions]))


@dataclass(frozen=True, slots=True, eq=False)
class _Tries:
    """Lines through two strays each: which stray of each frame lies on them, -1 for none, (lines, frames)."""

    on: NDArray[np.int64]
    left: int
    """Lines that were too many to be tried."""

    @property
    def tried(self) -> int:
        """How many lines were."""
        return len(self.on)

    @property
    def hits(self) -> NDArray[np.int64]:
        """In how many frames something lies on each line."""
        return np.asarray((self.on >= 0).sum(axis=1))


def straight_tracks(frames: Sequence[StrayFrame], fastest_arcsec_min: float) -> tuple[list[StraightTrack], int]:
    """Return the tracks in the strays of some frames, the surest first, and how many lines were not tried.

    Of fewer than three frames there is none; beyond `MOST_TRIED` no line is tried.

    Lines are drawn through two strays, one of the first frames and one of the last, no faster than is said; a track has
    a stray on its line in at least half of all frames, alike in brightness, and so many that strays alone would make it
    fewer than `MOST_CHANCE` times: the lines tried times the binomial chance that others lie on one.
    """
    if len(frames) < FEWEST or frames[-1].minute <= frames[0].minute:
        return [], 0
    tries = _tried(frames, fastest_arcsec_min)
    chance = [_chance(frames, tries.tried, hits) for hits in range(len(frames) + 1)]
    least = max(FEWEST, (len(frames) + 1) // 2)
    sure = np.flatnonzero((tries.hits >= least) & (np.array(chance)[tries.hits] < MOST_CHANCE))
    used: list[set[int]] = [set() for _ in frames]
    found = []
    for at in sure[np.argsort(-tries.hits[sure], kind="stable")]:
        on = {frame: int(row) for frame, row in enumerate(tries.on[at]) if row >= 0 and row not in used[frame]}
        if len(on) < least:
            continue
        track = _track(frames, on, chance[len(on)])
        if track is not None:
            found.append(track)
            for frame, row in on.items():
                used[frame].add(row)
    return [each for each in found if each.chance < MOST_CHANCE], tries.left


def _tried(frames: Sequence[StrayFrame], fastest: float) -> _Tries:
    """Every line from a stray in one of the first frames to one in one of the last."""
    scale = float(np.median([each.fit.scale for each in frames]))
    trees = [cKDTree(each.off) if len(each.off) else None for each in frames]
    ends = min(ENDS, max(1, len(frames) // 2))
    lines, tried, left = [np.zeros((0, len(frames)), dtype=np.int64)], 0, 0
    for first in frames[:ends]:
        for last in frames[-ends:]:
            apart = last.minute - first.minute
            if not len(first.off) or not len(last.off) or apart <= 0:
                continue
            near = cKDTree(last.off).query_ball_point(first.off, fastest * apart)
            pairs = np.array([(a, b) for a, several in enumerate(near) for b in several], dtype=np.int64).reshape(-1, 2)
            way = last.off[pairs[:, 1]] - first.off[pairs[:, 0]]
            far = np.hypot(*way.T) >= LEAST_PX * scale
            begin, pace = first.off[pairs[far, 0]], way[far] / apart
            if tried + len(begin) > MOST_TRIED:
                left += len(begin)
                continue
            tried += len(begin)
            on = np.full((len(begin), len(frames)), -1, dtype=np.int64)
            for column, (each, tree) in enumerate(zip(frames, trees, strict=True)):
                if tree is not None:
                    away, row = tree.query(begin + pace * (each.minute - first.minute))
                    on[:, column] = np.where(away <= NEAR_PX * scale, row, -1)
            lines.append(on)
    return _Tries(np.concatenate(lines), left)


def _chance(frames: Sequence[StrayFrame], tried: int, hits: int) -> float:
    """How many of the lines that were tried would have so many strays on them, were these strewn at random.

    Source: the binomial distribution; two strays are on each line by its making.
    """
    others, wanted = len(frames) - 2, hits - 2
    if wanted <= 0:
        return float(tried)
    share = [1 - np.exp(-len(each.rows) * pi * NEAR_PX**2 / _area_px2(each)) for each in frames]
    one = float(np.mean(share))
    tail = sum(comb(others, some) * one**some * (1 - one) ** (others - some) for some in range(wanted, others + 1))
    return tried * float(tail)


def _area_px2(frame: StrayFrame) -> float:
    """The part of the detector in which anything was detected, square pixels."""
    return max(1.0, float(np.ptp(frame.table.x) * np.ptp(frame.table.y)))


def _track(frames: Sequence[StrayFrame], on: dict[int, int], chance: float) -> StraightTrack | None:
    """The track of some strays, by least squares; None where they do not lie on a line, or differ in brightness."""
    minutes = np.array([frames[frame].minute for frame in on])
    off = np.array([frames[frame].off[row] for frame, row in on.items()])
    weight = np.array([frames[frame].error[row] for frame, row in on.items()]) ** -2
    matrix = np.column_stack([np.ones(len(on)), minutes - minutes.mean()])
    normal = matrix.T @ (matrix * weight[:, None])
    terms = np.linalg.solve(normal, matrix.T @ (off * weight[:, None]))
    left = off - matrix @ terms
    chi2 = float(weight @ (left**2).sum(axis=1)) / max(2 * len(on) - 4, 1)
    scale = frames[0].fit.scale
    if chi2 > WORST_CHI2 or np.hypot(*terms[1]) * np.ptp(minutes) < LEAST_PX * scale:
        return None
    here = []
    for (frame, row), (east, north) in zip(on.items(), left, strict=True):
        one = frames[frame]
        seen = position(one.table, int(one.rows[row]), one.fit)
        here.append(replace(seen, east_arcsec=float(east), north_arcsec=float(north)))
    spread = mad_std([each.vt_magnitude for each in here])
    if spread > max(WORST_MAG, 4 * float(np.median([each.magnitude_error for each in here]))):
        return None
    return StraightTrack(tuple(here), float(terms[1, 0]), float(terms[1, 1]), chance)
