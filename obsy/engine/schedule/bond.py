"""Bonds: goals that count only `together`, of which a night has all that they still want, or nothing.

What people write as `together` and read as `not-whole` is a *bond* everywhere in here, and in the exchange rooms what
others call it (LCO's AND).
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from obsy.engine.progress import GoalKey, ProgressByGoal
from obsy.engine.schedule.fit import Timeline
from obsy.engine.schedule.request import Block, Bond, Candidate, Reason
from obsy.schemas.plan import Plan
from obsy.units import duration

NOT_WHOLE = "not-whole"
"""The code of what is not taken for want of another."""


def bonds(plans: Iterable[Plan], progress: ProgressByGoal, dusk: datetime) -> dict[str, Bond]:
    """Return by plan what its goals count together as, and whether any of that has been tried since dusk."""
    named = {plan.name: plan.bond for plan in plans if plan.bond is not None}
    tried = {named[plan] for (plan, _), each in progress.items() if plan in named and each.tried_at[-1:] >= (dusk,)}
    return {plan: Bond(name, name in tried) for plan, name in named.items()}


def bonded(asked: Sequence[Candidate], by_plan: Mapping[str, Bond]) -> list[Candidate]:
    """Return all candidates of a night, each with what it counts together as, refused where that cannot be had whole.

    This is the only place where that is said: what comes later asks a request for its bond. It comes last, when all
    else that refuses has been asked; of several sites, the candidates of all.
    """
    if not by_plan:
        return list(asked)
    return _whole_or_refused(
        [
            each
            if (bond := by_plan.get(each.request.line.plan)) is None
            else replace(each, request=replace(each.request, bond=bond))
            for each in asked
        ]
    )


@dataclass(frozen=True, slots=True)
class _Lack:
    goal: GoalKey
    reason: Reason


def _whole_or_refused(asked: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates; where one of a bond cannot be had with any train, all others of it are refused for it.

    Of a bond that was begun tonight, what is due on another night has been had.
    """
    bound: defaultdict[str, dict[GoalKey, Candidate]] = defaultdict(dict)
    for each in asked:
        if each.request.bond is not None:
            goals, goal = bound[each.request.bond.name], _goal(each)
            if goal not in goals or goals[goal].refused is not None:
                goals[goal] = each
    lacks: dict[str, _Lack] = {}
    for name, goals in bound.items():
        lack = next(
            (_Lack(goal, each.refused) for goal, each in goals.items() if each.refused and not is_had(each)), None
        )
        if lack is not None:
            lacks[name] = lack
    return [_for_want_of(each, lacks) for each in asked] if lacks else list(asked)


def is_had(each: Candidate) -> bool:
    """Return whether a candidate is of a bond that was begun tonight, and is due again on another night alone."""
    bond, refused = each.request.bond, each.refused
    return bond is not None and bond.begun and refused is not None and refused.code == "not-due"


def _for_want_of(each: Candidate, lacks: Mapping[str, _Lack]) -> Candidate:
    lack = lacks.get(each.request.bond.name) if each.request.bond is not None else None
    if lack is None or each.refused is not None:
        return each
    words = f"it counts only together with {_named(lack.goal, each)}, of which there is nothing: {lack.reason.words}"
    return replace(each, refused=Reason(NOT_WHOLE, words))


def once_begun(each: Candidate) -> Candidate:
    """Return a candidate as it is once something of its bond has been tried."""
    bond = each.request.bond
    return each if bond is None else replace(each, request=replace(each.request, bond=replace(bond, begun=True)))


def bound_of(candidates: Iterable[Candidate]) -> list[tuple[Bond, Candidate]]:
    """Return the candidates that count only together with others, each with what they are called."""
    return [(each.request.bond, each) for each in candidates if each.request.bond is not None]


def torn(blocks: Iterable[Block], candidates: Iterable[Candidate]) -> set[str]:
    """Return the bonds of which the blocks have some, and not all that is still wanted."""
    begun, lacking = _had_and_lacking(blocks, candidates)
    return begun & lacking


def had(blocks: Iterable[Block], candidates: Iterable[Candidate]) -> set[str]:
    """Return the bonds of which the blocks have all."""
    begun, lacking = _had_and_lacking(blocks, candidates)
    return begun - lacking


def _had_and_lacking(blocks: Iterable[Block], candidates: Iterable[Candidate]) -> tuple[set[str], set[str]]:
    """Return the bonds of which the blocks have something, and those of which they have not all."""
    begun, lacking = set[str](), set[str]()
    if not (bound := bound_of(candidates)):
        return begun, lacking
    taken = Counter[GoalKey]()
    for block in blocks:
        taken[block.request.line.plan, block.request.line.key] += block.count
    for bond, each in bound:
        if taken[_goal(each)]:
            begun.add(bond.name)
        if taken[_goal(each)] < each.request.count:
            lacking.add(bond.name)
    return begun, lacking


def keeps_bonds(blocks: Sequence[Block], before: Sequence[Block], candidates: Sequence[Candidate]) -> bool:
    """Return whether blocks tear no bond, and have those that were begun tonight if the blocks before had them."""
    begun = {bond.name for bond, _ in bound_of(candidates) if bond.begun}
    return not torn(blocks, candidates) and begun & had(before, candidates) <= had(blocks, candidates)


def whose_bond_is_in(candidates: Sequence[Candidate], goals: Collection[GoalKey]) -> Sequence[Candidate]:
    """Return the candidates without those of bonds of which no goal is among these."""
    names = {bond.name for bond, each in bound_of(candidates) if _goal(each) in goals}
    return [each for each in candidates if each.request.bond is None or each.request.bond.name in names]


def no_time_for_all(
    candidate: Candidate, asked: Sequence[Candidate], timeline: Timeline, others_have: bool
) -> Reason | None:
    """Return why a candidate of a bond got nothing, though each of it could be had; None if it is the last of it.

    timeline: of the mount that carries its train. others_have: whether the night gave something to others.
    """
    others = {_goal(each): each for bond, each in bound_of(asked) if bond == candidate.request.bond}
    others.pop(_goal(candidate), None)
    if not others:
        return None
    first, *more = [_named(goal, candidate) for goal in others]
    with_ = f"{first} and {len(more)} more" if more else first
    own = candidate.request
    train = [each for bond, each in bound_of(asked) if (bond, each.request.train) == (own.bond, own.train)]
    whole_s = sum(each.request.count * timeline.each_s(each.request) for each in train)
    open_s = float(np.any([each.free for each in train], axis=0).sum()) * timeline.grid.step_s
    if whole_s > open_s:
        takes = f"all of them take {duration(whole_s)} with what lies between frames"
        why = f"{takes}, and may be had for {duration(open_s)}: ask for less"
    elif others_have:
        why = "what others of the night are worth leaves no time for all of them"
    else:
        why = "all of them, with slewing, focusing and what lies between frames, do not fit: ask for less"
    return Reason(NOT_WHOLE, f"it counts only together with {with_}: {why}")


def _named(goal: GoalKey, beside: Candidate) -> str:
    return goal[1] if goal[0] == beside.request.line.plan else " ".join(goal)


def _goal(candidate: Candidate) -> GoalKey:
    return candidate.request.line.plan, candidate.request.line.key
