"""Transits: a goal that must be taken at its own time, from the first baseline to the last."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from obsy.engine.schedule.conditions import ObservingConditions
from obsy.engine.schedule.request import Candidate, Reason
from obsy.engine.sky.transit import transits
from obsy.engine.sky.window import Window
from obsy.schemas.plan import Cover

_WHOLE = 0.8
"""A transit of which this share was taken has been covered."""
_LATE = timedelta(minutes=5)
"""A transit is not begun later than this after its baseline should have."""


def covering(
    asked: Candidate,
    cover: Cover,
    conditions: ObservingConditions,
    each_s: float,
    past: tuple[Sequence[datetime], datetime],
) -> Candidate | None:
    """The request for tonight's transit, fixed to its time; None once one has been covered.

    each_s: seconds from one exposure to the next. past: when the accepted exposures began, and the time now.
    """
    taken, now = past
    star, planets = conditions.planets[asked.request.plan]
    length_s = planets[cover.transit].duration_h * 3600 + 2 * cover.baseline
    if any(_covered(taken, first, each_s, length_s) for first in taken):
        return None
    baseline = timedelta(seconds=cover.baseline)
    for transit in transits(planets[cover.transit], star, conditions.place, conditions.grid.start, conditions.grid.end):
        window = Window(transit.ingress - baseline, transit.egress + baseline)
        if window.end > now:
            request = replace(asked.request, count=int(window.length.total_seconds() // each_s))
            return replace(
                asked, request=request, fixed=window, refused=asked.refused or _cut_off(asked, window, conditions, past)
            )
    return replace(
        asked, refused=asked.refused or Reason("no-transit-tonight", "no transit falls in what is left of the night")
    )


def _covered(taken: Sequence[datetime], first: datetime, each_s: float, length_s: float) -> bool:
    within = [at for at in taken if first <= at < first + timedelta(seconds=length_s)]
    return len(within) * each_s >= _WHOLE * length_s


def _cut_off(
    asked: Candidate, window: Window, conditions: ObservingConditions, past: tuple[Sequence[datetime], datetime]
) -> Reason | None:
    """Why a transit cannot be had whole; None if it can, or if it was begun in time and goes on."""
    (taken, now), grid = past, conditions.grid
    when = f"from {window.start:%H:%M} to {window.end:%H:%M} UTC"
    if window.start < grid.start or window.end > grid.end:
        return Reason("cut-off", f"the transit with its baseline, {when}, reaches out of the night")
    if not asked.free[grid.index(window.start) : grid.index(window.end) + 1].all():
        return Reason("cut-off", f"what it asks for does not hold throughout the transit with its baseline, {when}")
    begun = any(window.start <= at < window.end for at in taken)
    if now > window.start + _LATE and not begun:
        return Reason("cut-off", f"it is too late for the transit with its baseline, {when}")
    return None
