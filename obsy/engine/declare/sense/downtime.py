"""Plans whose dates are downtime from their first night to their last."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared
from obsy.engine.declare.instrument import Standing, standing
from obsy.schemas.plan import Plan

if TYPE_CHECKING:
    from obsy.schemas.constraints.dates import Dates
    from obsy.schemas.constraints.downtime import Downtime

_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Warn of the dates of a goal that lie in the downtime of everything that could take it."""
    every = list(standing(declared))
    if not any(each.site.downtime or each.mount.downtime for each in every):
        return
    for entry in declared.of(Plan):
        served = [each for each in every if entry.document.served_by(each.train.document)]
        said = dict.fromkeys(_dated(entry.document))
        for loc, dates in said:
            if served and all(covers(down_of(each), dates, each.site.longitude) for each in served):
                one = served[0]
                whose = f"site '{one.site.name}'" if one.site.downtime else f"mount '{one.mount.name}'"
                words = "all of them are downtime of " + whose, "a night in which it is at work"
                yield entry.complain("in-downtime", (*words, "write other dates, or end the 'downtime' sooner"), *loc)


def _dated(plan: Plan) -> Iterator[tuple[tuple[str | int, ...], "Dates"]]:
    """Yield the dates of each goal, and where they stand."""
    for number, goal in enumerate(plan.want):
        if goal.when.dates is not None:
            yield ("want", number, "when", "dates"), goal.when.dates
        elif plan.when.dates is not None:
            yield ("when", "dates"), plan.when.dates


def down_of(each: Standing) -> "tuple[Downtime, ...]":
    """Return when its site or its mount is down."""
    return (*each.site.downtime, *each.mount.downtime)


def covers(down: "Iterable[Downtime]", dates: "Dates", longitude_deg: float) -> bool:
    """Return whether no moment of the dates is left."""
    first, last = _ends(dates, longitude_deg)
    for begins, ends in sorted(_ends(each, longitude_deg) for each in down):
        if begins <= first <= ends:
            first = ends
    return first >= last


def _ends(dates: "Dates", longitude_deg: float) -> tuple[datetime, datetime]:
    first, last = dates.span(longitude_deg)
    return first or _FIRST, last or _LAST
