"""What is declared, with the plans that alerts ask for."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from pydantic import ValidationError

from obsy.engine.alerts.record import AlertRecord, RuleWish
from obsy.engine.declare.names import resolve
from obsy.engine.declare.observatory import Observatory, Wanted
from obsy.schemas.plan import Plan


class Joined(NamedTuple):
    """What became of alerts."""

    observatory: Observatory
    """With the plans of rules that are live."""
    wanted: dict[str, Wanted]
    """What was added, by plan."""
    rehearsed: dict[str, Wanted]
    """What rules in rehearsal would have added."""
    refused: tuple[str, ...] = ()
    """Why others add nothing, in words."""


def joined(observatory: Observatory, records: Iterable[AlertRecord]) -> Joined:
    """Return the observatory with what alerts ask for; a rule that is gone asks for nothing."""
    live, rehearsed, refused = dict[str, Wanted](), dict[str, Wanted](), list[str]()
    for record in records:
        for wish in record.wishes:
            rule = observatory.rules.get(wish.rule)
            if rule is None:
                refused.append(f"rule '{wish.rule}' is not declared any more")
                continue
            added = _added(observatory, wish)
            if isinstance(added, str):
                refused.append(added)
                continue
            below = rule.preempts.below if rule.preempts is not None else 0
            names = [each.name for each in added] or _named(observatory, wish)
            each = Wanted(wish.until, below, record.id)
            (live if rule.mode == "live" else rehearsed).update({name: _longer(live.get(name), each) for name in names})
            if rule.mode == "live":
                targets = {plan.name: target for plan in added if (target := resolve(plan)) is not None}
                plans, known = (*observatory.plans, *added), {**observatory.targets, **targets}
                observatory = replace(observatory, plans=plans, targets=known)
    wanted = {name: _longer(observatory.wanted.get(name), each) for name, each in live.items()}
    now = replace(observatory, wanted={**observatory.wanted, **wanted}) if wanted else observatory
    return Joined(now, live, rehearsed, tuple(refused))


def in_force(records: Iterable[AlertRecord], now: datetime) -> list[AlertRecord]:
    """Return the alerts that have come and last, each with the wishes that do."""
    here = (each for each in records if each.came <= now)
    lasting = (replace(each, wishes=tuple(wish for wish in each.wishes if wish.until > now)) for each in here)
    return [each for each in lasting if each.wishes]


def _added(observatory: Observatory, wish: RuleWish) -> tuple[Plan, ...] | str:
    """Return the plans of a wish that are not there yet, or why they can be none any more."""
    there, found = {plan.name for plan in observatory.plans}, list[Plan]()
    for said in wish.plans:
        try:
            plan = Plan.model_validate(said).written_out()[0]
        except ValidationError:
            return f"what rule '{wish.rule}' asked for is no plan to this version of obsy"
        if plan.pipeline not in observatory.pipelines:
            return f"there is no pipeline '{plan.pipeline}' any more, which rule '{wish.rule}' asks for"
        if resolve(plan) is None:
            return f"'{plan.name}' has no place on the sky"
        if plan.name in there and plan.name not in observatory.wanted:
            return f"a plan that is declared is named '{plan.name}' too"
        found += [plan] if plan.name not in there else []
    if wish.named and not _named(observatory, wish):
        return f"there is no plan '{wish.named}' any more, which rule '{wish.rule}' asks for"
    return tuple(found)


def _named(observatory: Observatory, wish: RuleWish) -> list[str]:
    if not wish.named:
        return [str(said["name"]) for said in wish.plans]
    return [plan for plan, rule in observatory.asked_by.items() if rule == wish.rule]


def _longer(one: Wanted | None, other: Wanted) -> Wanted:
    return other if one is None or other.until >= one.until else one
