"""What a schedule is worth, from the manual's words ("How a night is worked out") and astropy, and no scheduler."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import acos, ceil, cos, degrees, exp, radians, sin, sqrt
from typing import NamedTuple

import astropy.units as u
import numpy as np
from astropy.coordinates import get_sun
from astropy.time import Time

from obsy.engine.declare.observatory import Observatory
from obsy.engine.declare.target import FixedTarget
from obsy.engine.progress import tile
from obsy.engine.schedule.request import Schedule
from obsy.engine.sky.grid import Mask
from obsy.schemas.constraints.altitude import Altitude
from obsy.schemas.plan import Goal, Plan
from obsy.schemas.site import Location
from obsy.schemas.when import When
from tests.support.almanac import Almanac, Floats, Seen, dark_deg, margins
from tests.support.turning import turning


class Taken(NamedTuple):
    """So many frames of one filter of one goal, in one go."""

    mount: str
    train: str
    plan: str
    goal: int
    """Which of the plan's `want`, from 0."""
    filter: str
    start: datetime
    count: int
    each_s: float
    """From the start of one exposure to the next."""
    tile: str = ""
    """Of a mosaic."""


Key = tuple[str, int, str]


def total_frames(goal: Goal) -> int:
    """Return how many frames a goal wants in each filter, or at a visit."""
    return goal.count or ceil((goal.total or 0.0) / goal.exposure - 1e-9)


@dataclass(frozen=True)
class Wanted:
    """One goal through one filter, on the evening before."""

    plan: Plan
    goal: Goal

    @property
    def frames(self) -> int:
        """Frames in all, none of which is taken yet."""
        return total_frames(self.goal)

    @property
    def hours(self) -> float:
        """Exposure in all."""
        return self.frames * self.goal.exposure / 3600


class Had(NamedTuple):
    """An accepted frame of before."""

    plan: str
    hours: float
    when: datetime


class Judge:
    """Scores schedules of one night, in which nothing has been taken yet of any goal that can be taken in it."""

    def __init__(self, stands: Observatory, day: date, begin: datetime, end: datetime, had: Sequence[Had] = ()) -> None:
        """Look up the sky of the night, a minute at a time; begin, end: its dark time; had: who got what before."""
        self._stands, self._day, self._begin, self._had = stands, day, begin, had
        minutes = int((end - begin).total_seconds() // 60) + 1
        self._sky = Almanac(stands.site.location, [begin + timedelta(minutes=n) for n in range(minutes)])
        self._seen: dict[str, Seen] = {}
        self.wanted: dict[Key, Wanted] = {}
        self._best: dict[Key, float] = {}
        for plan in stands.plans:
            trains = [each for each in stands.instruments if plan.served_by(each.train)]
            if not trains:
                continue
            target = stands.targets[plan.name]
            assert isinstance(target, FixedTarget)
            self._seen[plan.name] = self._sky.seen(target.ra_deg, target.dec_deg)
            for number, goal in enumerate(plan.want):
                may = self._may(plan, goal, [each.mount.altitude for each in trains])
                if not _lasts(may, goal.exposure):
                    continue
                for role in goal.filter:
                    self.wanted[plan.name, number, role] = Wanted(plan, goal)
                    self._best[plan.name, number, role] = float(self._seen[plan.name].altitude_deg[may].max())

    def _may(self, plan: Plan, goal: Goal, reaches: Iterable[Altitude]) -> Mask:
        may = np.zeros(len(self._sky.when), bool)
        for reach in reaches:
            kept = self._sky.sun_deg < dark_deg(plan, goal, self._stands.safety.sun.roof.below)
            for _, margin in margins(plan, goal, reach, self._sky, self._seen[plan.name]):
                kept &= margin >= 0
            may |= kept
        return may

    def score(self, schedule: Sequence[Taken]) -> dict[str, float]:
        """Return the points of a schedule by the weight that they come from; their sum is its value."""
        weights, points = self._stands.value, Counter[str]()
        frames: Counter[Key] = Counter()
        before: dict[str, tuple[tuple[str, str, str], tuple[str, str]]] = {}
        for taken in sorted(schedule, key=lambda each: each.start):
            key = (taken.plan, taken.goal, taken.filter)
            wanted = self.wanted[key]
            frames[key] += taken.count
            hour = wanted.goal.exposure / 3600
            rate = self._steady(key)
            for n in range(taken.count):
                at = self._minute(taken.start + timedelta(seconds=n * taken.each_s))
                rate["quality"] = self._stands.value.quality * self._quality(key, at)
                rate["moon"] = self._stands.value.moon * (1 - self._moonlight(key, at))
                for name, each in rate.items():
                    points[name] += hour * each
                here = (taken.plan, "", ""), (taken.train, taken.filter)
                last = before.get(taken.mount)
                points["staying"] += hour * weights.staying * (last is not None and last[0] == here[0])
                points["filter"] += hour * weights.filter * (last is not None and last[1] == here[1])
                before[taken.mount] = here
        points["completion"] = weights.completion * sum(
            min(1.0, each.hours) for key, each in self.wanted.items() if frames[key] >= each.frames
        )
        points["balance"] = weights.balance * self._in_step(frames)
        return dict(points)

    def _minute(self, when: datetime) -> int:
        return int((when - self._begin).total_seconds() / 60 + 1e-6)

    def _steady(self, key: Key) -> dict[str, float]:
        """What an hour of a goal is worth whenever it is taken."""
        wanted, weights = self.wanted[key], self._stands.value
        plan, when = wanted.plan, wanted.goal.when.over(wanted.plan.when)
        left = _nights(when, self._day)
        ahead = min(int(weights.ahead), left or int(weights.ahead))
        chance = self._chance_h(key, ahead)
        year = max(chance, self._chance_h(key, 365))
        return {
            "priority": weights.priority * plan.priority,
            "deadline": weights.deadline / left if left else 0.0,
            "share": weights.share * self._lacking(plan),
            "season": weights.season * min(wanted.hours, year) / max(wanted.hours, chance),
        }

    def _lacking(self, plan: Plan) -> float:
        """The part of its share that the owner's group lacks, of several the most."""
        groups = {each.name: each.groups for each in self._stands.people}
        lacking = [0.0]
        for share in self._stands.shares:
            owner = {each.name: each.owner for each in self._stands.plans}
            since = self._begin - timedelta(days=share.over)
            had = [each for each in self._had if each.plan in owner and each.when >= since]
            mine = sum(each.hours for each in had if share.group in groups.get(owner[each.plan] or "", ()))
            due = share.time / 100 * sum(each.hours for each in had)
            if share.group in groups.get(plan.owner or "", ()) and due > 0:
                lacking.append(1 - mine / due)
        return max(lacking)

    def _quality(self, key: Key, at: int) -> float:
        altitude = float(self._seen[key[0]].altitude_deg[at])
        return min(1.0, sin(radians(max(altitude, 0.0))) / sin(radians(self._best[key])))

    def _moonlight(self, key: Key, at: int) -> float:
        """The share of the sky's light that is the Moon's, as the manual has it from Krisciunas and Schaefer."""
        moon, seen = float(self._sky.moon_deg[at]), self._seen[key[0]]
        if moon <= 0:
            return 0.0
        through, of_moon = _path(float(seen.altitude_deg[at])), _path(moon)
        dark = 34.08 * exp(20.7233 - 0.92104 * self._stands.site.sky) * through * 10 ** (0.0688 * (1 - through))
        phase = degrees(acos(2 * float(self._sky.moon_lit[at]) - 1))
        apart = float(seen.moon_apart_deg[at])
        dust = 10 ** (6.15 - apart / 40) if apart >= 10 else 6.2e7 / max(apart, 0.25) ** 2
        glow = (10**5.36 * (1.06 + cos(radians(apart)) ** 2) + dust) * (1 - 10 ** (-0.0688 * through))
        glow *= 10 ** (-0.4 * (3.84 + 0.026 * phase + 4e-9 * phase**4) - 0.0688 * of_moon)
        glow *= 0.1 if key[2] in ("Ha", "OIII", "SII", "NII", "Hb") else 1.0
        return glow / (dark + glow)

    def _in_step(self, frames: Mapping[Key, int]) -> float:
        """By how many hours the pictures have come on, each by the share of the goal that lags most."""
        pictures: defaultdict[str, list[Key]] = defaultdict(list)
        for key in self.wanted:
            pictures[key[0]].append(key)
        return sum(
            min(min(1.0, frames[key] / self.wanted[key].frames) for key in keys)
            * max(sum(self.wanted[key].hours for key in keys), self._least_h(keys[0][0]))
            for keys in pictures.values()
        )

    def _least_h(self, plan: str) -> float:
        want = next(each.want for each in self._stands.plans if each.name == plan)
        return 1.0 if sum(len(goal.filter) for goal in want) > 1 else 0.0

    def _chance_h(self, key: Key, nights: int) -> float:
        """How long the goal can be had in so many nights, by height and darkness alone."""
        wanted = self.wanted[key]
        plan, goal = wanted.plan, wanted.goal
        when = goal.when.over(plan.when)
        lowest = [0.0]
        if when.altitude is not None and when.altitude.above is not None:
            lowest.append(when.altitude.above)
        if when.airmass is not None and when.airmass.below is not None:
            lowest.append(float(np.degrees(np.arcsin(1 / when.airmass.below))))
        reach = min(
            each.mount.altitude.above or -90.0 for each in self._stands.instruments if plan.served_by(each.train)
        )
        target = self._stands.targets[plan.name]
        assert isinstance(target, FixedTarget)
        every, at = max(365, int(self._stands.value.ahead)), slice(nights * 144)
        sun, sidereal = (each[at] for each in _coming(self._stands.site.location, self._day, every))
        altitude = _altitude(self._stands.site.location.latitude_deg, target.dec_deg, sidereal - target.ra_deg)
        dark = sun < dark_deg(plan, goal, self._stands.safety.sun.roof.below)
        return float((dark & (altitude > max(*lowest, reach))).sum()) / 6


_SKIES: dict[object, tuple[Floats, Floats]] = {}


def _coming(place: Location, day: date, nights: int) -> tuple[Floats, Floats]:
    """The Sun's altitude and the sidereal time, degrees, each ten minutes from noon on for so many days."""
    if (known := _SKIES.get((place, day, nights))) is None:
        noon = datetime.combine(day, datetime.min.time()) + timedelta(hours=12 - place.longitude_deg / 15)
        with turning(noon.replace(tzinfo=UTC)):
            when = Time(noon) + np.arange(nights * 144) / 144 * u.day
            days = Time(noon) + np.arange(nights + 1) * u.day
            bodies = get_sun(days)
            sidereal = (when.jd - 2451545.0) * 360.98564736629 + 280.46061837 + place.longitude_deg
        part = np.arange(nights * 144) / 144
        ra = np.interp(part, np.arange(nights + 1), np.unwrap(bodies.ra.rad))
        dec = np.interp(part, np.arange(nights + 1), bodies.dec.deg)
        known = _altitude(place.latitude_deg, dec, sidereal - np.degrees(ra)), sidereal
        _SKIES.clear()
        _SKIES[place, day, nights] = known
    return known


def _altitude(latitude_deg: float, dec_deg: float | Floats, hour_angle_deg: Floats) -> Floats:
    phi, delta, turn = np.radians(latitude_deg), np.radians(dec_deg), np.radians(hour_angle_deg)
    return np.degrees(np.arcsin(np.sin(phi) * np.sin(delta) + np.cos(phi) * np.cos(delta) * np.cos(turn)))


def _path(altitude_deg: float) -> float:
    return 1 / sqrt(1 - 0.96 * cos(radians(max(altitude_deg, 0.0))) ** 2)


def _nights(when: When, day: date) -> int | None:
    if when.dates is None or when.dates.before is None:
        return None
    last = when.dates.before.date() if isinstance(when.dates.before, datetime) else when.dates.before
    return max(1, (last - day).days + 1)


def _lasts(may: Mask, seconds: float) -> bool:
    """Whether it goes on for so long in one go; an instant stands for the minute after it."""
    longest = run = 0
    for each in may:
        run = run + 1 if each else 0
        longest = max(longest, run)
    return (longest - 1) * 60 >= seconds


def taken_by(schedule: Schedule, stands: Observatory) -> list[Taken]:
    """Return obsy's own blocks as what a judge can read."""
    mounts = {each.name: each.mount.name for each in stands.instruments}
    plans = {each.name: each for each in stands.plans}
    downloads = {each.name: each.train.camera.download for each in stands.instruments}
    found = []
    for block in schedule.blocks:
        line = block.request.line
        number = next(n for n, goal in enumerate(plans[line.plan].want) if goal is line.goal)
        each_s = line.goal.exposure + downloads[block.request.train]
        where = mounts[block.request.train], block.request.train
        found.append(Taken(*where, line.plan, number, line.filter, block.start, block.count, each_s, tile(line.key)))
    return found
