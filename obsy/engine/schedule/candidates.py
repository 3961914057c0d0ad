"""Declared less done: every line of every plan under tonight's sky, or the reason it has nothing to ask."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np

from obsy.engine.schedule.conditions import ObservingConditions, free, refusal
from obsy.engine.schedule.cover import covering, crossing
from obsy.engine.schedule.goal_line import GoalLine, lines
from obsy.engine.schedule.progress import NOTHING, Progress, ProgressByGoal, wanted
from obsy.engine.schedule.request import Candidate, Reason, Request
from obsy.engine.schedule.serve import serving
from obsy.engine.schedule.tile import middle
from obsy.engine.sky.arrays import Floats
from obsy.engine.sky.track import Track
from obsy.engine.sky.window import windows
from obsy.schemas.plan import Plan
from obsy.schemas.train import Train

NO_TRAIN = Reason("no-train", "no train has the filters, the field and the scale that it needs")


def candidates(
    plans: Sequence[Plan],
    trains: Sequence[Train],
    conditions: ObservingConditions,
    ledger: ProgressByGoal,
    now: datetime,
) -> list[Candidate]:
    """One request for each line that still wants something; those that cannot be had tonight say why."""
    found = []
    for plan in plans:
        train = serving(plan, trains)
        for line in lines(plan):
            progress = ledger.get((plan.name, line.key), NOTHING)
            found.append(_request(line, (plan, train), conditions, progress, now))
    return [candidate for candidate in found if candidate is not None]


def _request(
    line: GoalLine, whose: tuple[Plan, Train | None], conditions: ObservingConditions, progress: Progress, now: datetime
) -> Candidate | None:
    """A line under tonight's sky; None if it wants nothing."""
    plan, train = whose
    count, due = (1, None) if line.goal.cover else wanted(line, progress, now)
    if not count:
        return None
    view, when = conditions.views[plan.name], line.goal.when.over(plan.when)
    ra, dec = _tile(plan, line, train, view)
    request = Request(
        plan.name,
        line.key,
        line.object,
        train.name if train else "",
        line.filter,
        line.goal.exposure,
        count,
        plan.priority,
    )
    asked = Candidate(request, ra, dec, view.altitude_deg, view.hour_angle_h, free(when, view, conditions))
    if train is None:
        return replace(asked, refused=NO_TRAIN)
    if not asked.free.any():
        return replace(asked, refused=refusal(when, view, conditions))
    if line.goal.cover is not None:
        each_s = line.goal.exposure + train.camera.download
        return covering(asked, crossing(plan.name, line.goal.cover, conditions, each_s), conditions, progress, now)
    return _from(due, asked, conditions)


def _from(due: datetime | None, asked: Candidate, conditions: ObservingConditions) -> Candidate:
    """The request, not before its cadence makes it due, and refused if no exposure fits anywhere."""
    if due is not None and due > conditions.grid.end:
        return replace(
            asked, refused=Reason("not-due", f"its cadence makes it due on {due:%Y-%m-%d} at {due:%H:%M} UTC")
        )
    if due is not None and due > conditions.grid.start:
        asked = replace(asked, free=asked.free & (np.arange(conditions.grid.count) > conditions.grid.index(due)))
    longest_s = max((window.length.total_seconds() for window in windows(asked.free, conditions.grid)), default=0.0)
    if longest_s < asked.request.exposure_s:
        words = f"no window tonight is as long as one exposure of {asked.request.exposure_s:g} s"
        return replace(asked, refused=Reason("window-too-short", words))
    return asked


def _tile(plan: Plan, line: GoalLine, train: Train | None, view: Track) -> tuple[Floats, Floats]:
    """Where the line's tile is at each instant, degrees: as far from the target as at the first."""
    if plan.mosaic is None or train is None:
        return view.ra_deg, view.dec_deg
    ra, dec = middle(line, plan, train, (float(view.ra_deg[0]), float(view.dec_deg[0])))
    return (view.ra_deg + ra - view.ra_deg[0]) % 360.0, np.asarray(view.dec_deg + dec - view.dec_deg[0])
