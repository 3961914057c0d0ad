"""What a night is worth: its hours of exposure, by what their goals, their time and their neighbours make of them.

The manual says the same in words ("How a night is worked out"), from which the tests judge schedules anew.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from math import ceil

import numpy as np

from obsy.engine.schedule.bearings import Aim
from obsy.engine.schedule.chances import hours, scarcity
from obsy.engine.schedule.conditions import Limits, ObservingConditions
from obsy.engine.schedule.fit import Timeline, aim_of
from obsy.engine.schedule.goal_line import GoalLine
from obsy.engine.schedule.request import Block, Candidate, Claim, Request
from obsy.schemas.constraints.sun import DARK
from obsy.schemas.plan import Plan
from obsy.schemas.value import Value
from obsy.schemas.when import When

IMMEDIATE = 1000.0
"""Of an hour that is wanted at once: more than all weights together can say."""
FINISHED_H = 1.0
"""What is finished is worth the `completion` of so long, or of all its time if that is less."""
IN_STEP_H = 1.0
"""What several goals bring on together is worth the `balance` of so long, or of all their time if that is more."""
YEAR = 365
"""Nights."""
Terms = dict[str, float]
"""Points by reason; a point is an hour of exposure, a step of priority."""


def claim(plan: Plan, line: GoalLine, reach: Limits, count: int, conditions: ObservingConditions) -> Claim:
    """Return what an hour of a goal is worth tonight, whenever it is taken.

    count: the frames that it still wants; reach: what the mount keeps.
    """
    needed_h, weights, nights = count * _each_h(line), conditions.value, _nights(_when(plan, line), conditions)
    return Claim(
        priority=weights.priority * plan.priority,
        deadline=0.0 if nights is None else weights.deadline / nights,
        season=0.0
        if line.goal.cover or line.unfollowed
        else weights.season * float(scarcity(needed_h, *chances_h(plan, line, reach, conditions))),
        immediate=IMMEDIATE if plan.urgency == "immediate" else 0.0,
    )


def chances_h(plan: Plan, line: GoalLine, reach: Limits, conditions: ObservingConditions) -> tuple[float, float]:
    """Return for how many hours a goal can be had in the nights that `season` and its dates leave, and in a year."""
    most = int(conditions.value.ahead)
    ahead = min(_nights(_when(plan, line), conditions) or most, most)
    soon, year = (_within_h(plan, line, reach, conditions, nights) for nights in (ahead, YEAR))
    return soon, max(soon, year)


def had_h(plan: Plan, line: GoalLine, reach: Limits, conditions: ObservingConditions) -> float:
    """Return for how many hours a goal can be had until its dates end, or in a year if they leave more."""
    nights = min(_nights(_when(plan, line), conditions) or YEAR, YEAR)
    return _within_h(plan, line, reach, conditions, nights)


def _within_h(plan: Plan, line: GoalLine, reach: Limits, conditions: ObservingConditions, nights: int) -> float:
    when, track = _when(plan, line), conditions.tracks[plan.name]
    dark_deg = min((when.sun or DARK).below, conditions.roof.below)
    where = float(track.ra_deg[0]), float(track.dec_deg[0])
    return hours(where, _lowest_deg(when, reach), dark_deg, conditions.place, (conditions.grid.start, nights))


def _when(plan: Plan, line: GoalLine) -> When:
    return line.goal.when.over(plan.when)


def _nights(when: When, conditions: ObservingConditions) -> int | None:
    """Return how many nights the dates of a goal leave, tonight's included; None without an end."""
    last = when.dates.span(conditions.place.longitude_deg)[1] if when.dates is not None else None
    return None if last is None else max(1, ceil((last - conditions.grid.start) / timedelta(days=1)))


def _lowest_deg(when: When, reach: Limits) -> float:
    """Return the altitude above which a goal may be taken: of what it asks, and of where the mount reaches."""
    through = when.airmass.below if when.airmass is not None else None
    asked = [each.bounds().lowest_deg for each in (when.altitude, *reach) if each is not None]
    return max([0.0, *asked, *([] if through is None else [float(np.degrees(np.arcsin(1 / through)))])])


def of_block(candidate: Candidate, block: Block, timeline: Timeline, last: Aim | None, weights: Value) -> Terms:
    """Return what a block is worth by itself, each frame by the instant of the grid at which it begins."""
    exposure_h = _each_h(block.request.line)
    first_s = (block.start - timeline.grid.start).total_seconds()
    begins = first_s + np.arange(block.count) * timeline.each_s(block.request)
    at = np.minimum((begins / timeline.grid.step_s + 1e-3).astype(int), timeline.grid.count - 1)
    hourly = {each.name: getattr(block.request.claim, each.name) * block.count for each in fields(Claim)}
    hourly["quality"] = weights.quality * float(candidate.quality[at].sum())
    hourly["moon"] = weights.moon * float(candidate.moonless[at].sum())
    staying, filtered = _stays(block.request, last)
    hourly["staying"] = weights.staying * (block.count - 1 + staying)
    hourly["filter"] = weights.filter * (block.count - 1 + filtered)
    return {name: exposure_h * points for name, points in hourly.items()}


def _stays(of: Request, last: Aim | None) -> tuple[bool, bool]:
    """Whether a block goes on with the picture, and with the train and filter, of what was taken before it."""
    if last is None:
        return False, False
    return last.picture == of.line.picture, (last.train, last.filter) == (of.train, of.line.filter)


def of_night(
    blocks: Sequence[Block], candidates: Iterable[Candidate], timelines: Iterable[Timeline], weights: Value
) -> Terms:
    """Return what a schedule is worth: its blocks, what it finishes, and how far each picture has come on as a whole.

    candidates: all of the night, those that find no time too.
    """
    possible = {(_goal(each), each.request.train): each for each in candidates if each.refused is None}
    terms: defaultdict[str, float] = defaultdict(float)
    for timeline in timelines:
        last = timeline.stands.aim
        for block in sorted((each for each in blocks if each.request.train in timeline.costs), key=lambda b: b.start):
            candidate = possible[(block.request.line.plan, block.request.line.key), block.request.train]
            for name, points in of_block(candidate, block, timeline, last, weights).items():
                terms[name] += points
            last = aim_of(block)
    taken: defaultdict[tuple[str, str], int] = defaultdict(int)
    for block in blocks:
        taken[block.request.line.plan, block.request.line.key] += block.count
    begun = {plan for plan, _ in taken}
    some = [each for each in possible.values() if each.request.line.plan in begun or not each.request.count]
    terms["completion"] = weights.completion * _finished_h(some, taken)
    terms["balance"] = weights.balance * _in_step_h(some, taken)  # of all others nothing is finished, or comes on
    return dict(terms)


def finishing(candidate: Candidate) -> float:
    """Return what finishing a goal counts as, hours: all of its time, but an hour at most."""
    return min(FINISHED_H, candidate.size * _each_h(candidate.request.line))


def _finished_h(candidates: Iterable[Candidate], taken: Mapping[tuple[str, str], int]) -> float:
    each = {_goal(one): one for one in candidates}
    done = (one for goal, one in each.items() if taken[goal] >= (1 if one.fixed else one.request.count))
    return sum(finishing(one) for one in done)


def _in_step_h(candidates: Iterable[Candidate], taken: Mapping[tuple[str, str], int]) -> float:
    """Return by how many hours all pictures have come on, each by the share of its goal that lags most."""
    pictures: defaultdict[str, dict[tuple[str, str], Candidate]] = defaultdict(dict)
    for each in candidates:
        pictures[each.request.line.picture][_goal(each)] = each
    total = 0.0
    for goals in pictures.values():
        wants = {goal: each.request.count / each.size for goal, each in goals.items()}
        left = max(max(0, each.request.count - taken[goal]) / each.size for goal, each in goals.items())
        total += (max(wants.values()) - left) * in_step_h(list(goals.values()))
    return total


def in_step_h(goals: Sequence[Candidate]) -> float:
    """Return what a picture counts as that comes on with all of its goals, hours: their time; of several, at least one.

    So what is left of a visit of minutes is worth the way, and its filters are not taken on different nights.
    """
    whole_h = sum(each.size * _each_h(each.request.line) for each in goals)
    several = len(goals) > 1 or any(each.request.line.together > 1 for each in goals)
    return max(whole_h, IN_STEP_H) if several else whole_h


def _each_h(line: GoalLine) -> float:
    return line.goal.exposure / 3600


def _goal(candidate: Candidate) -> tuple[str, str]:
    return candidate.request.line.plan, candidate.request.line.key


def merit(candidate: Candidate, start: datetime, timeline: Timeline, last: Aim | None, weights: Value) -> float:
    """Return how much a block deserves its start: what an hour of it is worth then, and how soon it must be taken."""
    request, grid = candidate.request, timeline.grid
    index = grid.index(start)
    rest_s = float(candidate.rest[index]) * grid.step_s
    needed_s = request.count * timeline.each_s(request)
    staying, filtered = _stays(request, last)
    return (
        request.claim.total
        + weights.urgency * needed_s / max(rest_s, needed_s)
        + weights.quality * float(candidate.quality[index])
        + weights.moon * float(candidate.moonless[index])
        + weights.staying * staying
        + weights.filter * filtered
    )
