"""What a schedule breaks of what is declared, by astropy and the plans' own words: never by obsy's windows."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from math import ceil

import numpy as np

from obsy.engine.declare.observatory import Observatory
from obsy.engine.sequencer.setting_up import FOCUS_EXPOSURE_S, FOCUS_MEASURED_S, FOCUS_MOVE_S, FOCUS_SAMPLES
from obsy.schemas.mount import Mount
from obsy.schemas.plan import Goal, Plan
from tests.support.almanac import Almanac, Floats, dark_deg, margins
from tests.support.bonds import torn
from tests.support.judge import Taken, total_frames
from tests.support.places import places
from tests.support.recurring import covered, phase_margin_s
from tests.support.visits import out_of_step, unserved

EDGE_DEG = 0.02
"""An edge is good to some seconds, in which the sky turns by so much."""
LOOSE = {
    "dates": 1.0,
    "pause": 1.0,
    "phase": 1.0,
    "downtime": 1.0,
    "season": 1.0,
    "airmass": 0.03,
    "moon": 0.15,
    "skyline": 0.2,
}
"""What is steeper, or moves, or is told to the second."""
Look = Callable[[Observatory, Sequence[Taken]], list[str]]
STEP_S = 300.0
"""A block is looked at so often, and at both ends."""


def violations(stands: Observatory, schedule: Sequence[Taken], *, played: bool = False) -> list[str]:
    """What a schedule breaks of what is declared, in words.

    played: each block was planned when the one before it had ended; a slew then delays it, and is not counted here.
    """
    looks: list[Look] = [_overfilled, _outside, covered, _in_one_go, out_of_step, unserved, torn]
    looks += [] if played else [_too_hasty, _in_turns]
    return [each for look in looks for each in look(stands, schedule)]


def goes_on(schedule: Iterable[Taken]) -> list[Taken]:
    """Return the schedule, with what follows without a gap as one."""
    joined: list[Taken] = []
    for each in sorted(schedule, key=lambda t: (t.mount, t.start)):
        last = joined[-1] if joined else None
        if last and last._replace(start=each.start, count=each.count) == each and abs(_gap_s(last, each)) < 1.0:
            joined[-1] = last._replace(count=last.count + each.count)
        else:
            joined.append(each)
    return joined


def _span(each: Taken) -> tuple[datetime, datetime]:
    return each.start, each.start + timedelta(seconds=each.count * each.each_s)


def _gap_s(before: Taken, after: Taken) -> float:
    return (after.start - _span(before)[1]).total_seconds()


def _goal(stands: Observatory, each: Taken) -> tuple[Plan, Goal]:
    plan = next(plan for plan in stands.plans if plan.name == each.plan)
    return plan, plan.want[each.goal]


def _overfilled(stands: Observatory, schedule: Sequence[Taken]) -> list[str]:
    plans, lists = {each.name: each for each in stands.plans}, defaultdict[tuple[str, int], set[str]](set)
    counts = Counter[tuple[str, int, str, str]]()
    trains = defaultdict[str, set[str]](set)
    for each in schedule:
        counts[each.plan, each.goal, each.filter, each.tile] += each.count
        trains[each.plan].add(each.train)
        if (choose := plans[each.plan].choose) is not None:
            lists[str(choose.of), choose.most].add(each.plan)
    goals = {key: plans[key[0]].want[key[1]] for key in counts}
    most = {key: total_frames(goal) for key, goal in goals.items() if goal.cover is None and goal.every is None}
    found = [f"{key} has {counts[key]} of {most[key]} frames" for key in most if counts[key] > most[key]]
    found += [f"of '{of}' {sorted(names)} are chosen" for (of, limit), names in lists.items() if len(names) > limit]
    return found + [f"{plan} goes to {sorted(names)}" for plan, names in trains.items() if len(names) > 1]


def _outside(stands: Observatory, schedule: Sequence[Taken]) -> list[str]:
    """What is taken when something that is declared forbids it: at both ends of a block, and every so often between."""
    moments = [(each, when) for each in schedule for when in _looked_at(each)]
    if not moments:
        return []
    sky = Almanac(stands.site.location, [when for _, when in moments])
    where = places(stands, moments)
    seen = sky.seen(where.ra.deg, where.dec.deg)
    mounts, found = {each.name: each.mount for each in stands.instruments}, []
    room = _room_deg(stands, seen.altitude_deg, seen.azimuth_deg)
    first = 0
    for n, (each, when) in enumerate(moments):
        plan, goal = _goal(stands, each)
        dark = dark_deg(plan, goal, stands.safety.sun.roof.below)
        kept = [("Sun", dark - sky.sun_deg[n]), ("skyline", room[n])]
        kept += [(word, margin[n]) for word, margin in margins(plan, goal, mounts[each.train].altitude, sky, seen)]
        kept += _equipment(stands, mounts[each.train], when, seen.hour_angle_h[n])
        if (phase := phase_margin_s(stands, plan, goal, [when])) is not None:
            kept.append(("phase", float(phase[0])))
        found += [f"{each.plan} at {when}: {w} is broken by {-m:.3f}" for w, m in kept if m < -LOOSE.get(w, EDGE_DEG)]
        first = first if moments[first][0] is each else n
        german, (was, now) = mounts[each.train].meridian, (seen.hour_angle_h[k] for k in (first, n))
        if german is not None and was < 0 < now < 6.0 and now > german.past / 3600 + 1e-3:
            found.append(f"{each.plan} at {when}: tracked {now:.3f} h past the meridian")
    return found


def _equipment(stands: Observatory, mount: Mount, when: datetime, hour_angle_h: float) -> list[tuple[str, float]]:
    """By how much the mount's zone about the meridian is kept, degrees, and downtime, seconds."""
    zone, found = mount.meridian_zone, []
    if zone is not None:
        found.append(("zone", 15 * max(zone.above - hour_angle_h, hour_angle_h - zone.below)))
    for down in (*stands.site.downtime, *mount.downtime):
        assert isinstance(down.after, datetime)
        assert isinstance(down.before, datetime)
        apart = (down.after - when), (when - down.before)
        found.append(("downtime", max(apart).total_seconds()))
    return found


def _looked_at(each: Taken) -> list[datetime]:
    start, end = _span(each)
    parts = ceil((end - start).total_seconds() / STEP_S) + 1
    return [start + n / parts * (end - start) for n in range(parts + 1)]


def _room_deg(stands: Observatory, altitude_deg: Floats, azimuth_deg: Floats) -> Floats:
    """How far above the declared skyline, and below its ceiling, straight between its points and round the circle."""
    if stands.horizon is None:
        return altitude_deg
    at = [point.azimuth for point in stands.horizon.points]
    floor = np.interp(azimuth_deg, at, [p.altitude for p in stands.horizon.points], period=360)
    ceiling = [90.0 if p.ceiling is None else p.ceiling for p in stands.horizon.points]
    return np.minimum(altitude_deg - floor, np.interp(azimuth_deg, at, ceiling, period=360) - altitude_deg)


def _too_hasty(stands: Observatory, schedule: Sequence[Taken]) -> list[str]:
    """What begins before the mount can be there, the filter in its place, and the last file on the disk."""
    trains, found = {each.name: each for each in stands.instruments}, []
    for each in schedule:
        exposure = _goal(stands, each)[1].exposure
        if each.each_s < exposure + trains[each.train].train.camera.download - 1e-6:
            found.append(f"{each.plan}: frames follow within {each.each_s} s")
    for mount in {each.mount for each in schedule}:
        mine = sorted((each for each in schedule if each.mount == mount), key=lambda each: each.start)
        focused = {each.train: each.start for each in mine[:1]}
        for before, after in zip(mine, mine[1:], strict=False):
            gap, way = _gap_s(before, after), _way_s(stands, before, after)
            run, every = _focus_s(stands, after.train)
            since = (after.start - focused[after.train]).total_seconds() if after.train in focused else np.inf
            # Due whenever it got there: a gap is no excuse. A second piece of an event is gone on with as it is.
            must = since - gap + way >= every and not _same(before, after)
            needed = way + (run if must else 0.0)
            if gap < needed - 0.01 * max(1.0, needed):
                found.append(f"{after.plan} begins {gap:.1f} s after {before.plan}, which takes {needed:.1f} s")
            if must or (since - run >= every and gap >= way + run):
                focused[after.train] = after.start
    return found


def _same(before: Taken, after: Taken) -> bool:
    """Whether a mount goes on with what it has, through the same filter."""
    return (before.train, before.filter, before.plan, before.tile) == (
        after.train,
        after.filter,
        after.plan,
        after.tile,
    )


def _way_s(stands: Observatory, before: Taken, after: Taken) -> float:
    """The least that lies between two but for a focus run: a filter's change, a slew with its settling."""
    of = next(each for each in stands.instruments if each.name == after.train)
    changed = (before.train, before.filter) != (after.train, after.filter)
    needed = of.train.filters.change if changed and of.train.filters is not None else 0.0
    if (before.plan, before.tile) != (after.plan, after.tile):
        aims = places(stands, [(before, _span(before)[1]), (after, _span(before)[1])])
        way = max(0.0, float(aims[0].separation(aims[1]).deg) - EDGE_DEG)  # what moves has gone on meanwhile
        flips = of.mount.meridian.flip if of.mount.meridian is not None else np.inf
        needed += min(way / of.mount.slew, flips) + of.mount.settle
    return needed


def _focus_s(stands: Observatory, train: str) -> tuple[float, float]:
    """How long a focus run of the sequencer takes, and after how long the next is due."""
    of = next(each.train for each in stands.instruments if each.name == train)
    if of.focuser is None:
        return 0.0, np.inf
    return FOCUS_SAMPLES * (FOCUS_MOVE_S + FOCUS_EXPOSURE_S + of.camera.download + FOCUS_MEASURED_S), of.focuser.every


def _in_one_go(stands: Observatory, schedule: Sequence[Taken]) -> list[str]:
    """What is broken off before its run is as long as it must be, though more is wanted."""
    found, taken = [], Counter[tuple[str, int, str, str]]()
    for each in sorted(goes_on(schedule), key=lambda each: each.start):
        _, goal = _goal(stands, each)
        key = (each.plan, each.goal, each.filter, each.tile)
        if goal.run is not None:
            least = min(ceil(goal.run.at_least / each.each_s), total_frames(goal) - taken[key])
            if each.count < least:
                found.append(f"{key} is taken for {each.count} frames, and its run is of {least}")
        taken[key] += each.count
    return found


def _in_turns(stands: Observatory, schedule: Sequence[Taken]) -> list[str]:
    """What has more than its turn while another goal of its picture lags more and could be taken all the same."""
    found, taken = [], Counter[tuple[str, str, int, str]]()
    for each in sorted(goes_on(schedule), key=lambda each: each.start):
        plan, goal = _goal(stands, each)
        of_goal = (each.plan, each.tile, each.goal)
        if plan.turns is not None and goal.every is None and goal.cover is None:
            size, turn = total_frames(goal), int(plan.turns)
            for frame in range(turn, each.count):
                begun = frame - turn + 1  # no earlier can the turn of this frame have begun
                mine = 1 - (taken[*of_goal, each.filter] + begun) / size
                others = {of: 1 - taken[*of_goal, of] / size for of in goal.filter if of != each.filter}
                rest_s = (each.count - frame) * each.each_s
                if max(others.values(), default=0.0) > mine + 1e-9 and rest_s > 600 + 2 * each.each_s:
                    found.append(f"{each.plan} {each.filter} has {each.count} frames in one turn of {turn}")
                    break
        taken[*of_goal, each.filter] += each.count
    return found
