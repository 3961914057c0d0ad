"""What holds between a night's goals: a plan goes to one train, and of a list only so many plans are begun."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from obsy.engine.schedule.course import Step
from obsy.engine.schedule.request import Block, Candidate


@dataclass(frozen=True, slots=True, eq=False)
class Between:
    """Those rules, in numbers."""

    plans: tuple[str, ...]
    """Of each candidate."""
    trains: tuple[str, ...]
    fixed: dict[str, str]
    """The train of each plan that has a time of its own tonight."""
    lists: dict[str, tuple[str, int]]
    """Of each plan that is one of several to choose from."""
    has_many: bool
    """Whether any plan could go to more than one train."""

    @classmethod
    def of(cls, free: Sequence[Candidate], candidates: Iterable[Candidate], fixed: Iterable[Block]) -> "Between":
        """Return them; free: the candidates whose time is not their own; fixed: the blocks of those others."""
        plans = tuple(each.request.line.plan for each in free)
        trains = tuple(each.request.train for each in free)
        taken = {each.request.line.plan: each.request.train for each in fixed}
        lists = {each.request.line.plan: each.request.choice for each in candidates if each.request.choice is not None}
        has_many = len({*zip(plans, trains, strict=True), *taken.items()}) > len({*plans, *taken})
        return cls(plans, trains, taken, lists, has_many)

    def allows(self, orders: Iterable[Sequence[Step]]) -> bool:
        """Whether the orders of all mounts keep them."""
        if not self.has_many and not self.lists:
            return True
        begun = dict(self.fixed)
        for order in orders:
            for each in order:
                train = self.trains[each.number]
                if begun.setdefault(self.plans[each.number], train) != train:
                    return False
        return not self.lists or self._chosen(begun)

    def _chosen(self, begun: Iterable[str]) -> bool:
        taken: dict[str, int] = {}
        for plan in begun:
            if plan in self.lists:
                name, most = self.lists[plan]
                taken[name] = taken.get(name, 0) + 1
                if taken[name] > most:
                    return False
        return True
