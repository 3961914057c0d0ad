"""When the next transit, or other event, of a plan can be had: no change of its limits brings it sooner."""

from dataclasses import dataclass, replace
from datetime import datetime

from obsy.engine.runtime.planner import Planner
from obsy.schemas.plan import Plan

NO_EVENT = "no-transit-tonight"
"""Why a goal that covers one gets nothing where none falls in the night."""


@dataclass(frozen=True, slots=True)
class NextEvent:
    """The first after a night that can be had; None as its times if there is none for three months."""

    name: str
    """What people call it."""
    start: datetime | None
    """Of its baseline."""
    end: datetime | None
    how: str
    """Whole, or by which half."""


def next_events(planner: Planner, plan: Plan) -> dict[str, NextEvent]:
    """Return the next event of each goal of a plan that covers one, by goal."""
    if all(goal.cover is None for goal in plan.want):
        return {}
    from obsy.engine.report.transits import transits_of  # noqa: PLC0415  few plans need it

    alone = replace(planner.observatory, plans=(plan,))
    found = transits_of(alone, planner.night.date, {}, planner.costs)
    return {
        goal: NextEvent(
            each.cover.name, getattr(each.following, "start", None), getattr(each.following, "end", None), each.how
        )
        for (_, goal), each in found.items()
    }
