"""The best mixture of paths that were found, a linear programme: the prices at which no mixture of them gains.

What mixtures are worth is an estimate from below of the least bound there is; nothing that is proven rests on it.
Source: Dantzig and Wolfe, Operations Research 8 (1960) 101.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from obsy.engine.schedule.bound.stakes import PictureStake, Stakes
from obsy.engine.sky.grid import Floats


class Column(NamedTuple):
    """A path of a mount: what its frames are worth, and how many of each candidate it takes."""

    mount: int
    value: float
    frames: Floats


class Mixture(NamedTuple):
    """What the best mixture is worth, and what a frame of each candidate costs in it."""

    value: float
    prices: Floats


class _Rows:
    """Constraints of a linear programme: each at most something."""

    def __init__(self, many: int) -> None:
        self._many = many
        self.left: list[Floats] = []
        self.right: list[float] = []

    def add(self, right: float, *terms: tuple[int, float]) -> None:
        row = np.zeros(self._many)
        for number, factor in terms:
            row[number] += factor
        self.left.append(row)
        self.right.append(right)


class Mixing:
    """The linear programme of a night; paths come in one by one."""

    def __init__(self, stakes: Stakes, many: int, mounts: int) -> None:
        """Begin with a night in which nothing is taken; many: candidates.

        The variables are the frames of each candidate, what is left of each picture, how far each plan goes with each
        train, and then how much there is of each path.
        """
        pairs = [(plan, pictures) for plan in stakes.plans for pictures in plan.trains]
        first_left, first_plan = many, many + len(stakes.pictures)
        self._rows = _Rows(first_plan + len(pairs))
        self._gain, self._upper = np.zeros(first_plan + len(pairs)), np.full(first_plan + len(pairs), np.inf)
        self._upper[:many] = 0.0
        left = first_left
        for train, (_, pictures) in enumerate(pairs, start=first_plan):
            for picture in pictures:
                self._picture(picture, left, train)
                left += 1
        begun: dict[object, list[tuple[int, float]]] = {}
        for number, (plan, _) in enumerate(pairs, start=first_plan):
            begun.setdefault(id(plan), []).append((number, 1.0))
            if plan.choice is not None:
                begun.setdefault(plan.choice, []).append((number, 1.0))
        for of, terms in begun.items():
            self._rows.add(float(of[1]) if isinstance(of, tuple) else 1.0, *terms)
        self._many, self._mounts = many, mounts
        self._columns: list[Column] = [Column(mount, 0.0, np.zeros(many)) for mount in range(mounts)]

    def _picture(self, picture: PictureStake, left: int, train: int) -> None:
        self._gain[left], self._gain[train] = -picture.whole, self._gain[train] + picture.whole * picture.lag
        self._rows.add(0.0, (train, picture.stuck), (left, -1.0))
        goals = zip(picture.numbers, picture.counts, picture.sizes, picture.caps, picture.finished, strict=True)
        for number, count, size, cap, finished in goals:
            self._upper[number] = cap
            self._gain[number] = finished / count if cap >= count else 0.0
            self._rows.add(0.0, (number, 1.0), (train, -cap))
            self._rows.add(0.0, (train, count), (number, -1.0), (left, -size))

    def add(self, columns: Sequence[Column]) -> None:
        """Let paths be mixed in."""
        self._columns += columns

    def mixture(self) -> Mixture:
        """Return the best mixture of all paths so far."""
        from scipy.optimize import linprog  # noqa: PLC0415  a third of a second, where a bound is asked for

        paths, known = len(self._columns), len(self._gain)
        equal = np.zeros((self._many + self._mounts, known + paths))
        equal[: self._many, : self._many] = -np.eye(self._many)
        equal[: self._many, known:] = np.array([each.frames for each in self._columns]).T
        equal[self._many + np.array([each.mount for each in self._columns]), known + np.arange(paths)] = 1.0
        found = linprog(
            -np.concatenate([self._gain, [each.value for each in self._columns]]),
            np.array([np.append(row, np.zeros(paths)) for row in self._rows.left]).reshape(-1, known + paths),
            self._rows.right,
            equal,
            np.repeat([0.0, 1.0], [self._many, self._mounts]),
            np.stack([np.zeros(known + paths), np.concatenate([self._upper, np.full(paths, np.inf)])], axis=1),
            "highs",
        )
        return Mixture(-float(found.fun), -found.eqlin.marginals[: self._many])
