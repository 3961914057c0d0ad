"""Downtime that leaves no night to come."""

from collections.abc import Iterator
from datetime import timedelta

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared
from obsy.engine.declare.instrument import standing
from obsy.engine.declare.sense.downtime import covers, down_of
from obsy.schemas.plan import Plan

_LIFETIME = timedelta(days=36_525)
"""What is down so long is down for ever, whatever end was written."""


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Warn once a site or a mount of downtime that leaves nothing, from today on, of plans without dates."""
    every, told = list(standing(declared)), set[str]()
    if not any(each.site.downtime or each.mount.downtime for each in every):
        return
    from obsy.schemas.constraints.dates import Dates  # noqa: PLC0415 - only downtime needs it

    ever = Dates.model_construct(after=declared.today, before=declared.today + _LIFETIME)
    down = [each for each in every if covers(down_of(each), ever, each.site.longitude)]
    for entry in declared.of(Plan):
        served = [each for each in every if entry.document.served_by(each.train.document)]
        if served and _undated(entry.document) and all(each in down for each in served):
            of = served[0].site if served[0].site.downtime else served[0].mount
            if of.name not in told:
                told.add(of.name)
                owner = next(each for each in declared.of(type(of)) if each.document is of)
                expected = f"a night to come, for plans without dates such as '{entry.document.name}'"
                mend = "end it by 'before' once it is known when, or remove it"
                words = "this downtime leaves no night from today on", expected, mend
                yield owner.complain("in-downtime", words, "downtime")


def _undated(plan: Plan) -> bool:
    """Return whether a goal may be taken on any date."""
    return any(goal.when.dates is None and plan.when.dates is None for goal in plan.want)
