"""What a change of names would lose: accepted frames that no declared goal claims any more."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from obsy.engine.progress import GoalKey
from obsy.engine.schedule.goal_line import current, lines
from obsy.schemas.plan import Plan


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Accepted frames of a goal that is not declared, and the declared plan that they were probably taken for."""

    plan: str
    goal: str
    frames: int
    heir: str

    @property
    def words(self) -> str:
        """What would be lost, and how to keep it."""
        many = f"{self.frames} accepted frame{'s count' if self.frames > 1 else ' counts'}"
        if self.heir == self.plan:
            name = self.goal.partition("_")[0]  # the same goal on every tile
            cure = f"if a goal has another name or exposure now, write 'formerly: {name}' in it"
        else:
            cure = f"if '{self.heir}' is its new name, write 'formerly: {self.plan}' in it"
        return f"{many} for no goal any more, taken for {self.goal} of '{self.plan}': {cure}"


def forgotten(plans: Collection[Plan], accepted: Mapping[GoalKey, int]) -> Iterator[Forgotten]:
    """Yield what the plans do not claim: goals that a plan no longer has, and plans that seem to have another name.

    accepted: frames by plan and goal, as the frames call them. A plan that is simply not there claims nothing.
    """
    names = current(plans)
    heirs = {old: new for (old, _), (new, _) in names.items()}
    begun = {names[key][0] for key in accepted if key in names}
    unbegun = [plan for plan in plans if plan.name not in begun]
    for (plan, goal), frames in sorted(accepted.items()):
        if not frames or (plan, goal) in names:
            continue
        alike = (each.name for each in unbegun if goal in {line.key for line in lines(each)})
        heir = heirs.get(plan) or next(alike, None)
        if heir is not None:
            yield Forgotten(plan, goal, frames, heir)
