"""How `obsy why` puts what it found."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from obsy.units import duration

if TYPE_CHECKING:
    from obsy.engine.runtime.why.answer import GoalWhy, Why
    from obsy.engine.runtime.why.changes import PlanChange
    from obsy.engine.runtime.why.next_event import NextEvent
    from obsy.engine.runtime.why.past import PastNight
    from obsy.engine.runtime.why.remedies import Remedy
    from obsy.schemas.plan import Plan

WHATEVER = {"night-over", "never-dark", "paused", "not-chosen", "not-built-yet", "no-train", "no-transit-tonight"}
"""Codes of reasons that no limit and no priority takes away."""
BEGINS = {"season": "its season begins", "dates": "its dates begin"}
"""What is told of a limit that holds of itself some day, where it is not all that is in the way."""
NAMED = 3
"""Of those who have the time, so many are named; the rest are counted."""
NOTHING = "Nothing that was tried would get it time"
NO_SORT = "Nothing was tried: its priority is the highest, and it has no limit of a sort that is loosened"
NOT_ALL = f"{NOTHING}: of so many plans not every change was"
OTHERWISE = "by another version of obsy, or by verdicts that came later"


def page(told: "Why", anew: str = "planned anew") -> Iterator[str]:
    """Yield the lines about one plan."""
    if not told.goals:
        yield "  Nothing is left to do: all that it wants is done."
    alike: dict[str, list[str]] = {}
    for each in told.goals:
        alike.setdefault("\n".join(_goal(each)), []).append(each.goal)
    yield from (f"  {', '.join(goals)}: {said}" for said, goals in alike.items())
    left = [each for each in told.goals if each.reason and each.reason.code not in WHATEVER]
    if left and not all(each.forbidden for each in left):
        yield f"What would get it time, each {anew}:" if told.remedies else _nothing(told)
        yield from map(_remedy, told.remedies)


def planned_then(plan: "Plan", past: "PastNight", wanted: Mapping[str, Any]) -> tuple[str, dict[str, Any], list[str]]:
    """Return a plan's name, and the facts and the lines about it of a night that is over.

    wanted: what its journal says was planned when it began.
    """
    from obsy.engine.runtime.why.answer import why
    from obsy.engine.runtime.why.past import differing, named_in

    mine = {each["goal"]: each for each in wanted["unplaced"] if each["plan"] == plan.name}
    taken = Counter[str]()
    for each in wanted["blocks"]:
        taken[each["plan"]] += _lasts_s(each)
    others = {name: float(seconds) for name, seconds in taken.most_common() if name != plan.name}
    facts = {"unplaced": [*mine.values()], "taken_s": others, "commit": past.sha or None, "dirty": past.is_dirty}
    lines = [*_by_the_journal(plan.name, wanted, mine, others)]
    if past.stands is not None and plan.name not in named_in(wanted):
        return plan.name, {**facts, "lost": "its journal does not name it", "anew": None}, lines
    if past.stands is None:
        return plan.name, {**facts, "lost": past.lost, "anew": None}, [*lines, f"Nothing is planned anew: {past.lost}."]
    planner, known, begin, _ = past.stands
    found, unlike = why(planner, known, begin, plan), differing(planner.schedule(known, begin), wanted["blocks"])
    facts |= {"lost": None, "anew": asdict(found) | {"blocks_unlike": unlike}}
    anew = f"planned anew with the files of commit {past.sha[:12]}"
    if {each.goal for each in found.goals if each.reason} != mine.keys():
        lines.append(f"{anew.capitalize()}, it comes out otherwise for this plan: {OTHERWISE}.")
    elif not unlike:
        lines = [*page(found, anew)]
    if unlike:
        lines.append(f"Of that night's blocks {unlike} come out otherwise than its journal has them: {OTHERWISE}.")
    if past.is_dirty:
        lines.append("Some files had changes then that were not committed: these are not in what is planned anew.")
    return plan.name, facts, lines


def _lasts_s(block: Mapping[str, Any]) -> int:
    from obsy.engine.journal import moment

    return int((moment(block["end"]) - moment(block["start"])).total_seconds())


def _by_the_journal(
    plan: str, wanted: Mapping[str, Any], mine: Mapping[str, Any], others: Mapping[str, float]
) -> Iterator[str]:
    blocks = [each for each in wanted["blocks"] if each["plan"] == plan]
    yield from (f"  {goal}: nothing: {each['reason']} ({each['code']})" for goal, each in mine.items())
    yield from (f"  {each['goal']}: {each['count']} frames were planned" for each in blocks)
    if not mine and not blocks:
        yield "  Nothing was left to do, or the night was not begun with it: its journal does not name it."
    if mine and others:
        yield f"  The night was planned for {_shares(others)}"


def _goal(each: "GoalWhy") -> Iterator[str]:
    if each.reason is None:
        yield f"{each.placed} of the {each.wanted} frames that it still wants"
        return
    yield f"nothing: {each.reason.words} ({each.reason.code})"
    for miss in each.misses:
        near = "never holds"
        if miss.margin is not None:
            near = f"misses by {_amount(-miss.margin)} {miss.unit}".rstrip() + f", at best at {miss.at:%H:%M} UTC"
        whose = "" if miss.whose == "plan" else f"the {miss.whose}'s "
        yield f"    where all else holds, {whose}'{miss.limit}' {near}: {miss.words}"
    if each.forbidden and each.reason.code != "not-built-yet":  # of what is not followed nobody knows
        *some, last = each.forbidden
        who = f"{', '.join(some)} and {last} together leave" if some else f"{last} leaves"
        yield f"    whatever the plan says: {who} it no moment of what is left of the night"
    if each.following is not None:
        yield f"    {_following(each.following)}"
    if each.rivals:
        yield f"    while it could be had, the mount takes {_shares(each.rivals)}"


def _following(event: "NextEvent") -> str:
    had = f"can be had {event.how}".rstrip()
    if event.start is None or event.end is None:
        return f"no {event.name} {had} in the next three months"
    return (
        f"the next {event.name} that {had} is on {event.start:%Y-%m-%d}, {event.start:%H:%M} to {event.end:%H:%M} UTC"
    )


def _amount(number: float) -> str:
    return f"{number:.0f}" if number >= 10 else f"{max(number, 0.01):.2g}"  # noqa: PLR2004  two digits


def _nothing(told: "Why") -> str:
    """Return that no remedy was found, and among which changes none was."""
    both = ", nor all of them at once" if len({each.key for each in told.tried}) > 1 else ""
    said = f"{NOTHING}: {', '.join(f'not {_change(each)}' for each in told.tried)}{both}" if told.tried else NO_SORT
    others = f" Other limits of it were not tried: {', '.join(told.untried)}." if told.untried else ""
    return f"{said if told.complete else NOT_ALL}.{others}"


def _change(each: "PlanChange") -> str:
    return f"{', '.join(each.goals)}: " * bool(each.goals) + f"'{each.key} {each.old}' → '{each.new}'"


def _remedy(each: "Remedy") -> str:
    costs = f", and {'takes' if len(each.changes) == 1 else 'take'} from {_shares(each.costs)}" if each.costs else ""
    changes = " and ".join(map(_change, each.changes))
    verb = "gets" if len(each.changes) == 1 else "get"
    less = "" if each.smallest else "; not every smaller change was tried"
    begun = [(change.key.partition(":")[0], change.begins) for change in each.changes if change.begins]
    waits = "".join(
        f"; or wait until {day}" if len(each.changes) == 1 else f"; {BEGINS[word]} {day}" for word, day in begun
    )
    return f"  {changes} {verb} it {duration(each.gained_s)}{costs}{less}{waits}"


def _shares(seconds: Mapping[str, float]) -> str:
    first, rest = list(seconds.items())[:NAMED], list(seconds.values())[NAMED:]
    told = [f"{plan} {duration(each)}" for plan, each in first]
    return ", ".join(told) + (f" and {len(rest)} other{'s' * (len(rest) > 1)} {duration(sum(rest))}" if rest else "")
