"""What the rules make of an alert: the plans that it asks for, or why nothing is done with it."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from obsy.engine.alerts.notice import OBSERVATION, AlertNotice
from obsy.engine.alerts.record import AlertRecord, RuleWish
from obsy.engine.declare.declared import Declared
from obsy.engine.declare.sense.rules import plans_of
from obsy.schemas.plan import Plan
from obsy.schemas.rule import Rule
from obsy.units import DURATION, duration

AHEAD = timedelta(minutes=5)
"""Clocks differ by less."""


def answer(notice: AlertNotice, declared: Declared, now: datetime) -> AlertRecord:
    """Return what is to be kept of an alert that comes `now`."""
    told = (notice.id, notice.source, notice.role, notice.called, notice.at, now)
    place = notice.ra_deg, notice.dec_deg, notice.magnitude
    refused = _not_at_all(notice, now)
    rules = [each for each in declared.of(Rule) if _asked(each.document, notice)]
    if not refused and not rules:
        refused = f"no rule is triggered by an alert of {notice.source}"
    wishes, reasons = list[RuleWish](), list[str]()
    for each in rules if not refused else ():
        rule, until = each.document, notice.at + timedelta(hours=each.document.lasts)
        if until <= now:
            ago = duration((now - notice.at).total_seconds() // 60 * 60)
            lasts = duration(rule.lasts * DURATION["h"])
            reasons.append(f"it happened {ago} ago, and rule '{rule.name}' lasts {lasts} from then on")
        elif isinstance(rule.plan, str):
            wishes.append(RuleWish(rule.name, until, named=rule.plan.strip()))
        else:
            made = plans_of(each.written, declared, notice.tells)
            wrong = [*(str(fault) for fault in made.complaints), *_twice(made.entries, declared)]
            reasons += [f"the plan of rule '{rule.name}' is none with what it tells: {fault}" for fault in wrong]
            if not wrong:
                wishes.append(RuleWish(rule.name, until, tuple(dict(plan.written.value) for plan in made.entries)))
    return AlertRecord(*told, *place, tuple(wishes), refused or ("" if wishes else "; ".join(reasons)))


def _not_at_all(notice: AlertNotice, now: datetime) -> str:
    if notice.role != OBSERVATION:
        return f"it is no observation, but '{notice.role}'"
    ahead = max(notice.at, notice.sent) - now
    return f"it is of a time that is {duration(ahead.total_seconds() // 60 * 60)} ahead" if ahead > AHEAD else ""


def _asked(rule: Rule, notice: AlertNotice) -> bool:
    return rule.trigger.alert is not None and notice.is_of(rule.trigger.alert)


def _twice(entries: Collection[object], declared: Declared) -> Iterator[str]:
    names = {each.document.name for each in declared.of(Plan)}
    for each in entries:
        name = each.document.name  # type: ignore[attr-defined]
        if name in names:
            yield f"a plan is named '{name}' already"
