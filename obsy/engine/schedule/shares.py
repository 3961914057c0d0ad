"""Whose share of the time is owed: what the plans of a group's people have had, against what is declared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self

from obsy.engine.declare.observatory import Observatory
from obsy.engine.progress import GoalKey, Progress, ProgressByGoal
from obsy.engine.schedule.goal_line import lines
from obsy.schemas.people import Share


@dataclass(frozen=True, slots=True)
class Debt:
    """How one share stands; hours of accepted exposure in its span."""

    share: Share
    due_h: float
    had_h: float

    @property
    def owed_h(self) -> float:
        """Return what is missing, if anything is."""
        return max(0.0, self.due_h - self.had_h)

    @property
    def lacking(self) -> float:
        """Return which part of what is due is missing, from 0 to 1."""
        return self.owed_h / self.due_h if self.due_h > 0 else 0.0

    @property
    def words(self) -> str:
        """Return it for people."""
        span = f"{self.due_h:.1f} h ({self.share.time:g} % of {self.share.over:g} d)"
        told = f"{self.share.group} has had {self.had_h:.1f} h of {span}"
        return f"{told}, and is owed {self.owed_h:.1f} h" if round(self.owed_h, 1) else told

    def as_json(self) -> dict[str, Any]:
        """Return it for machines."""
        share, hours = self.share, {"due_h": self.due_h, "had_h": self.had_h, "owed_h": self.owed_h}
        said = {"share": share.name, "group": share.group, "time_percent": share.time, "over_d": share.over}
        return said | {name: round(each, 3) for name, each in hours.items()}


@dataclass(frozen=True, slots=True)
class Shares:
    """What is declared of people and groups, as the scheduler needs it; nothing, where no share is."""

    declared: tuple[Share, ...] = ()
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By plan, those of its owner."""
    exposures: Mapping[GoalKey, float] = field(default_factory=dict)
    """Seconds, of goals of which no frame has its verdict yet."""

    @classmethod
    def of(cls, observatory: Observatory) -> Self:
        """Return the shares of an observatory."""
        if not observatory.shares:
            return cls()
        people = {each.name: each.groups for each in observatory.people}
        exposures = {(plan.name, line.key): line.goal.exposure for plan in observatory.plans for line in lines(plan)}
        groups = {plan.name: people.get(plan.owner or "", ()) for plan in observatory.plans}
        return cls(observatory.shares, groups, exposures)

    def debts(self, progress: ProgressByGoal, now: datetime) -> tuple[Debt, ...]:
        """Return how each share stands: frames that wait for their verdict count, those of plans that are gone do not.

        Whose a plan was that is gone nobody knows: it would count in what is due, and for none in what was had.
        """
        return tuple(self._debt(each, progress, now - timedelta(days=each.over)) for each in self.declared)

    def lacking(self, plan: str, debts: Sequence[Debt]) -> float:
        """Return the part that the group of a plan's owner lacks most, from 0 to 1."""
        return max((each.lacking for each in debts if each.share.group in self.groups.get(plan, ())), default=0.0)

    def _debt(self, share: Share, progress: ProgressByGoal, since: datetime) -> Debt:
        had = {goal: self._hours(goal, each, since) for goal, each in progress.items() if goal[0] in self.groups}
        mine = sum(hours for (plan, _), hours in had.items() if share.group in self.groups.get(plan, ()))
        return Debt(share, share.time / 100 * sum(had.values()), mine)

    def _hours(self, goal: GoalKey, progress: Progress, since: datetime) -> float:
        """Return the accepted exposure since a moment; each frame as long as they are in the mean."""
        count = sum(at >= since for at in progress.accepted_at)
        each_s = progress.done_s / progress.accepted if progress.accepted else self.exposures.get(goal, 0.0)
        return count * each_s / 3600
