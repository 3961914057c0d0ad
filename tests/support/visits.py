"""What a night does against cadences, and against what a train must offer."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from math import degrees

from obsy.engine.declare.observatory import Observatory
from obsy.schemas.plan import Plan
from obsy.schemas.train import Train
from tests.support.judge import Taken

EARLY = timedelta(seconds=1)
Line = tuple[str, int, str, str]


def out_of_step(stands: Observatory, schedule: Sequence[Taken]) -> list[str]:
    """What visits of a cadence are too large, too near to one another, or too many in the night."""
    plans, begun = {each.name: each for each in stands.plans}, defaultdict[Line, list[datetime]](list)
    for each in sorted(schedule, key=lambda taken: taken.start):
        frames = [each.start + n * timedelta(seconds=each.each_s) for n in range(each.count)]
        begun[each.plan, each.goal, each.filter, each.tile] += frames
    found = []
    for key, frames in begun.items():
        goal = plans[key[0]].want[key[1]]
        if goal.every is None or goal.count is None:
            continue
        every, visits = timedelta(days=goal.every), _visits(frames, timedelta(days=goal.every / 2))
        found += [f"{key}: a visit of {len(each)} frames of {goal.count}" for each in visits if len(each) > goal.count]
        pairs = zip(visits, visits[1:], strict=False)
        found += [f"{key}: visits at {a[0]} and {b[0]}" for a, b in pairs if b[0] < a[0] + every - EARLY]
        if goal.nightly is not None and len(visits) > goal.nightly.at_most:
            found.append(f"{key}: {len(visits)} visits in a night of {goal.nightly.at_most}")
    return found


def _visits(frames: list[datetime], half: timedelta) -> list[list[datetime]]:
    """Frames by the visit that they are of: it may be completed within half of its cadence."""
    visits: list[list[datetime]] = []
    for at in frames:
        if visits and at < visits[-1][0] + half:
            visits[-1].append(at)
        else:
            visits.append([at])
    return visits


def unserved(stands: Observatory, schedule: Sequence[Taken]) -> list[str]:
    """What goes to a train that has not all of its filters, or not the field or the scale."""
    plans, trains = {each.name: each for each in stands.plans}, {each.name: each.train for each in stands.instruments}
    pairs = {(each.plan, each.train) for each in schedule}
    return [f"{plan} goes to {train}" for plan, train in sorted(pairs) if not _serves(trains[train], plans[plan])]


def _serves(train: Train, plan: Plan) -> bool:
    wheel = train.filters.slots if train.filters is not None else train.slots
    roles = {slot.role for slot in wheel}
    scale = degrees(train.camera.pixel * train.camera.binning / 1000 / train.telescope.focal_length) * 3600
    edge = min(train.camera.size) // train.camera.binning * scale
    for said, has in ((plan.needs.field, edge), (plan.needs.scale, scale)):
        if said is not None and not (has < said[1] if said[0] == "<" else has > said[1]):
            return False
    return all(set(goal.filter) <= roles for goal in plan.want)
