"""What recurs at a star, by its epoch and the light's way: what of an event is taken, and which phase it is."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import hypot

import astropy.units as u
import numpy as np
from astropy.coordinates import EarthLocation, SkyCoord
from astropy.time import Time

from obsy.engine.declare.observatory import Observatory
from obsy.engine.declare.target import Ephemeris, FixedTarget
from obsy.schemas.plan import Goal, Plan
from tests.support.judge import Taken
from tests.support.turning import turning

SLACK = timedelta(seconds=5)


def covered(stands: Observatory, schedule: Sequence[Taken]) -> list[str]:
    """What is taken of an event outside of it, or lacks of it where the whole, or a half, is asked for."""
    found, plans = [], {each.name: each for each in stands.plans}
    for name, number in dict.fromkeys((each.plan, each.goal) for each in schedule):
        goal = plans[name].want[number]
        if goal.cover is None:
            continue
        mine = sorted((t for t in schedule if (t.plan, t.goal) == (name, number)), key=lambda each: each.start)
        ends = [each.start + timedelta(seconds=each.count * each.each_s) for each in mine]
        first, last = mine[0].start, ends[-1]
        start, middle, end = _event(stands, plans[name], goal, first + (last - first) / 2)
        if first < start - SLACK or last > end + SLACK:
            found.append(f"{name} is taken from {first} to {last}, and its event is from {start} to {end}")
        frame = timedelta(seconds=mine[0].each_s)
        german = [each.mount for each in stands.instruments if each.mount.meridian is not None]
        flips = [each.meridian.flip + each.settle for each in german if each.meridian is not None]
        flip = timedelta(seconds=max(flips, default=0.0))  # after one at the end no frame may be left
        will_do = {"whole": [(start, end)], "ingress": [(start, middle)], "egress": [(middle, end)]}
        will_do["either"] = [*will_do["ingress"], *will_do["egress"]]
        late = frame + flip + SLACK
        if not any(first <= a + SLACK and last >= b - late for a, b in [(start, end), *will_do[goal.cover.accept]]):
            found.append(f"{name} is to be covered from {start} to {end}, and is from {first} to {last}")
        lost = sum(((b.start - a) for a, b in zip(ends, mine[1:], strict=False)), timedelta())
        if lost > flip + frame + SLACK:
            found.append(f"{name} loses {lost} of its event")
    return found


def _event(stands: Observatory, plan: Plan, goal: Goal, near: datetime) -> tuple[datetime, datetime, datetime]:
    """When the event nearest to a moment begins with its baseline, its middle, and when it ends with the other.

    No baseline is shorter than the ephemeris may be wrong, unless that is longer than the event.
    """
    target = stands.targets[plan.name]
    assert isinstance(target, FixedTarget)
    assert goal.cover is not None
    event = dict(target.events)[goal.cover.of]
    turns, seconds = _turns(stands, target, event, [near])
    middle = near + timedelta(seconds=float((round(turns[0]) - turns[0]) * seconds))
    half = timedelta(hours=event.duration_h / 2)
    error = timedelta(days=hypot(event.epoch_error_d, round(turns[0]) * event.period_error_d))
    before, after = (max(timedelta(seconds=side), min(error, 2 * half)) for side in goal.cover.sides_s)
    return middle - half - before, middle, middle + half + after


def phase_margin_s(stands: Observatory, plan: Plan, goal: Goal, when: Sequence[datetime]) -> np.ndarray | None:
    """By how many seconds the phase is kept that a goal asks for, at each moment; None if it asks for none."""
    asked, target = goal.when.over(plan.when).phase, stands.targets[plan.name]
    if asked is None:
        return None
    assert isinstance(target, FixedTarget)
    event = target.events[asked.of] if asked.of is not None else next(iter(target.events.values()))
    turns, seconds = _turns(stands, target, event, when)
    length = (asked.before - asked.after) % 1 or 1.0
    inside = (turns - asked.after) % 1  # since the part began
    short = np.where(inside <= length, np.minimum(inside, length - inside), -np.minimum(inside - length, 1 - inside))
    return np.asarray(short * seconds)


def _turns(
    stands: Observatory, target: FixedTarget, event: Ephemeris, when: Sequence[datetime]
) -> tuple[np.ndarray, float]:
    """How many turns it is since the epoch, as seen from here, and the seconds of one."""
    place, star = stands.site.location, SkyCoord(target.ra_deg * u.deg, target.dec_deg * u.deg)
    here = EarthLocation.from_geodetic(place.longitude_deg, place.latitude_deg, place.elevation_m)
    assert event.scale == "BJD_TDB"
    with turning(when[0]):
        then = Time(list(when))
        light = then.light_travel_time(star, "barycentric", location=here)
        since = (then.tdb - Time(event.epoch_jd, format="jd", scale="tdb") + light).jd
    return np.asarray(since / event.period_d), event.period_d * 86400
