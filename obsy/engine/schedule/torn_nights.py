"""What counts only together, and was torn by a cloud or a fault: frames of such a night count for none of its goals.

A night is whole that has of each goal its share: of none less than half of what it has of another, as shares of what
each still wanted. So a frame that is rejected costs no night, and a colour of which the V is missing is none.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import replace
from datetime import date, datetime

from obsy.engine.progress import GoalKey, Progress, ProgressByGoal
from obsy.engine.schedule.goal_line import GoalLine, lines
from obsy.schemas.plan import Plan

LEAST = 0.5
"""Of the share that a night has of another goal; Las Cumbres takes a request for had with nine tenths of its time."""
NightOf = Callable[[datetime], date]


def credited(
    done: ProgressByGoal, plans: Iterable[Plan], night_of: NightOf, going_on: date | None = None
) -> dict[GoalKey, Progress]:
    """Return what accepted frames prove, without those of nights that tore what counts only together.

    going_on: the night whose frames count as long as it may be completed. Visits count by themselves: the next of all
    goals of a cadence is due when that of the last of them is.
    """
    found = dict(done)
    for members in _bonds(plans).values():
        for key, nights in _torn(members, done, night_of, going_on).items():
            if nights:
                torn = {at for at in done[key].accepted_at if night_of(at) in nights}
                found[key] = _without(done[key], members[key], torn)
    return found


def _bonds(plans: Iterable[Plan]) -> dict[str, dict[GoalKey, GoalLine]]:
    found: defaultdict[str, dict[GoalKey, GoalLine]] = defaultdict(dict)
    for plan in plans:
        if plan.bond is not None:
            counted = (each for each in lines(plan) if each.goal.every is None)
            found[plan.bond] |= {(each.plan, each.key): each for each in counted}
    return found


def _torn(
    members: Mapping[GoalKey, GoalLine], done: ProgressByGoal, night_of: NightOf, going_on: date | None
) -> dict[GoalKey, set[date]]:
    """Return the nights that count for nothing, by the goal that has frames of them."""
    taken = {
        key: Counter(night_of(at) for at in done[key].accepted_at) if key in done else Counter() for key in members
    }
    left = {key: float(line.wanted or 0) for key, line in members.items()}
    found: dict[GoalKey, set[date]] = {key: set() for key in members}
    for night in sorted(set().union(*taken.values())):
        if going_on is not None and night >= going_on:
            break
        shares = {key: taken[key][night] / most for key, most in left.items() if most > 0}
        if shares and min(shares.values()) < LEAST * max(shares.values()):
            for key in members:
                found[key] |= {night} if taken[key][night] else set()
        else:
            left = {key: most - taken[key][night] for key, most in left.items()}
    return found


def _without(progress: Progress, line: GoalLine, torn: Set[datetime]) -> Progress:
    """Return what is left of a goal's progress; a frame counts as long as one of the goal is now."""
    lost = sum(at in torn for at in progress.accepted_at)  # of two trains in step two begin at one moment
    return replace(
        progress,
        accepted=max(0, progress.accepted - lost),
        done_s=max(0.0, progress.done_s - lost * line.goal.exposure),
        accepted_at=tuple(at for at in progress.accepted_at if at not in torn),
        torn=lost,
    )
