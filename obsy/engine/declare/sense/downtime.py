"""Plans whose dates are downtime from their first night to their last, and downtime that leaves no night to come."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared
from obsy.engine.declare.instrument import Standing, standing
from obsy.schemas.plan import Plan

if TYPE_CHECKING:
    from obsy.schemas.constraints.dates import Dates
    from obsy.schemas.constraints.downtime import Downtime

_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)

_LIFETIME = timedelta(days=36_525)
"""What is down so long is down for ever, whatever end was written."""


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Warn of the dates of a goal that lie in the downtime of everything that could take it."""
    every = list(standing(declared))
    if not any(each.site.downtime or each.mount.downtime for each in every):
        return
    for entry in declared.of(Plan):
        served = [each for each in every if entry.document.served_by(each.train.document)]
        said = dict.fromkeys(_dated(entry.document))
        for loc, dates in said:
            if served and all(_covers(_down(each), dates, each.site.longitude) for each in served):
                one = served[0]
                whose = f"site '{one.site.name}'" if one.site.downtime else f"mount '{one.mount.name}'"
                words = "all of them are downtime of " + whose, "a night in which it is at work"
                yield entry.complain("in-downtime", (*words, "write other dates, or end the 'downtime' sooner"), *loc)


def endless(declared: Declared) -> Iterator[Diagnostic]:
    """Warn once a site or a mount of downtime that leaves nothing, from today on, of plans without dates."""
    every, told = list(standing(declared)), set[str]()
    if not any(each.site.downtime or each.mount.downtime for each in every):
        return
    from obsy.schemas.constraints.dates import Dates  # noqa: PLC0415 - only downtime needs it

    ever = Dates.model_construct(after=declared.today, before=declared.today + _LIFETIME)
    down = [each for each in every if _covers(_down(each), ever, each.site.longitude)]
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


def _dated(plan: Plan) -> Iterator[tuple[tuple[str | int, ...], "Dates"]]:
    """Yield the dates of each goal, and where they stand."""
    for number, goal in enumerate(plan.want):
        if goal.when.dates is not None:
            yield ("want", number, "when", "dates"), goal.when.dates
        elif plan.when.dates is not None:
            yield ("when", "dates"), plan.when.dates


def _down(each: Standing) -> "tuple[Downtime, ...]":
    return (*each.site.downtime, *each.mount.downtime)


def _covers(down: "Iterable[Downtime]", dates: "Dates", longitude_deg: float) -> bool:
    """Return whether no moment of the dates is left."""
    first, last = _ends(dates, longitude_deg)
    for begins, ends in sorted(_ends(each, longitude_deg) for each in down):
        if begins <= first <= ends:
            first = ends
    return first >= last


def _ends(dates: "Dates", longitude_deg: float) -> tuple[datetime, datetime]:
    first, last = dates.span(longitude_deg)
    return first or _FIRST, last or _LAST
