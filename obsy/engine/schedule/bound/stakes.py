"""What goals add to a night by how far they come on, where each frame has a price: the other side of a bound.

A plan goes to one train, and of a list so many plans are begun; a goal is finished or not, and a picture comes on with
the goal that lags most. What each mount pays for its frames is paid out here, so that both sides agree on how many.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor

import numpy as np

from obsy.engine.schedule.bound.visits import taken
from obsy.engine.schedule.fit import Timeline
from obsy.engine.schedule.request import Candidate
from obsy.engine.schedule.value import finishing, in_step_h
from obsy.engine.sky.grid import Floats, Mask
from obsy.schemas.value import Value


def caps_of(candidates: Sequence[Candidate], timelines: Sequence[Timeline]) -> list[int]:
    """Return how many frames can be had of each candidate: what it wants, or as many as its sky has room for."""
    found = []
    for each in candidates:
        mounts = [timeline for timeline in timelines if each.request.train in timeline.costs]
        room = sum(_room(taken(each, mount), mount.grid.step_s, mount.each_s(each.request)) for mount in mounts)
        found.append(min(each.request.count, room) if each.fixed is None else room)
    return found


def _room(free: Mask, step_s: float, each_s: float) -> int:
    """Return how many frames the runs of free instants hold; a block may begin a moment before."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], free, [False]]).astype(np.int8)))
    lengths_s = (edges[1::2] - edges[::2] - 1) * step_s + step_s / 500
    return sum(floor(each / each_s + 1e-6) for each in lengths_s)


@dataclass(frozen=True, slots=True, eq=False)
class PictureStake:
    """What the goals of a picture add that one train takes; those with a time of their own never lag."""

    numbers: list[int]
    """Its candidates."""
    counts: Floats
    sizes: Floats
    caps: Floats
    finished: Floats
    """What each adds that is finished; 0 of those that cannot be."""
    whole: float
    """What the picture adds that comes on as a whole."""
    lag: float
    """What is left at first of the goal that lags most, as a share of it."""
    stuck: float
    """What will be left at the end, as far as that is certain."""

    def best(self, prices: Floats) -> tuple[float, Floats]:
        """Return what it adds at most, with what is paid for its frames, and with how many of each that is.

        Between two of the shares that are looked at, what it adds is bent upwards: so the most is at one of them.
        """
        shares = self.counts / self.sizes
        found = 0.0, np.zeros(len(self.counts))
        full = np.where(self.caps >= self.counts, prices * self.counts + self.finished, -np.inf)
        for left in {self.stuck, *shares[shares > self.stuck].tolist()}:
            least = np.maximum(0.0, self.counts - left * self.sizes)
            few = np.where(prices > 0, self.caps, np.minimum(least, self.caps))
            most = np.maximum(full, prices * few)
            added = float(most.sum()) + self.whole * (self.lag - left)
            if added > found[0]:
                found = added, np.where(full >= prices * few, self.counts, few)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class PlanStake:
    """What a plan adds with one train or another."""

    trains: list[list[PictureStake]]
    choice: tuple[str, int] | None
    """The list that it is on, and how many of it may be begun."""

    def best(self, prices: Floats) -> float:
        """Return what it adds at most, with what is paid for its frames."""
        return max(sum(each.best(prices[each.numbers])[0] for each in pictures) for pictures in self.trains)


@dataclass(frozen=True, slots=True, eq=False)
class Stakes:
    """What all goals of a night add."""

    plans: list[PlanStake]
    surely: float
    """What is taken to be added whatever is done: by what has a time of its own."""

    @property
    def pictures(self) -> list[PictureStake]:
        """Return those of all plans with all trains."""
        return [picture for plan in self.plans for pictures in plan.trains for picture in pictures]

    def best(self, prices: Floats) -> float:
        """Return what is added at most, with what is paid for all frames."""
        by_list: defaultdict[tuple[str, int] | None, list[float]] = defaultdict(list)
        for each in self.plans:
            by_list[each.choice].append(each.best(prices))
        chosen = (sorted(adds)[-of[1] :] if of is not None else adds for of, adds in by_list.items())
        return self.surely + sum(sum(adds) for adds in chosen)


def stakes_of(candidates: Sequence[Candidate], caps: Sequence[int], weights: Value) -> Stakes:
    """Return what goals add; caps: how many frames can be had of each candidate."""
    goals: defaultdict[str, dict[str, Candidate]] = defaultdict(dict)
    plans: defaultdict[str, defaultdict[tuple[str, str], list[int]]] = defaultdict(lambda: defaultdict(list))
    for number, each in enumerate(candidates):
        line = each.request.line
        goals[line.picture][line.key] = each
        if each.fixed is None:
            plans[line.plan][each.request.train, line.picture].append(number)
    found = []
    for by_train in plans.values():
        trains: defaultdict[str, list[PictureStake]] = defaultdict(list)
        for (train, picture), mine in by_train.items():
            trains[train].append(_stake(mine, [candidates[n] for n in mine], caps, goals[picture].values(), weights))
        first = candidates[next(iter(by_train.values()))[0]]
        found.append(PlanStake(list(trains.values()), first.request.choice))
    return Stakes(found, sum(_surely(list(each.values()), weights) for each in goals.values()))


def _surely(goals: Sequence[Candidate], weights: Value) -> float:
    """Return what those goals of a picture add, at most, that have a time of their own."""
    fixed = [each for each in goals if each.fixed is not None]
    leads = max(map(_share, goals)) - max((_share(each) for each in goals if each.fixed is None), default=0.0)
    return weights.completion * sum(map(finishing, fixed)) + weights.balance * in_step_h(goals) * leads


def _stake(
    numbers: list[int], mine: Sequence[Candidate], caps: Sequence[int], goals: Iterable[Candidate], weights: Value
) -> PictureStake:
    """Return what goals add that a train takes of a picture; goals: all that the picture has tonight."""
    all_goals = list(goals)
    counts = np.array([each.request.count for each in mine], np.float64)
    sizes = np.array([each.size for each in mine], np.float64)
    cap = np.array([caps[number] for number in numbers], np.float64)
    keys = {each.request.line.key for each in mine}
    missed = [_share(each) for each in all_goals if each.fixed is None and each.request.line.key not in keys]
    return PictureStake(
        numbers,
        counts,
        sizes,
        cap,
        np.array([weights.completion * finishing(each) for each in mine]),
        weights.balance * in_step_h(all_goals),
        max([*missed, *map(_share, mine)]),
        max([0.0, *missed, *((counts - cap) / sizes).tolist()]),
    )


def _share(candidate: Candidate) -> float:
    return candidate.request.count / candidate.size
