"""Where site, horizon and mount let a goal be taken, from its declination alone: no clock, ephemeris or astropy."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from math import acos, asin, atan2, cos, degrees, inf, radians, sin
from typing import Any, NamedTuple

from obsy.engine.declare.declared import Declared, Entry
from obsy.engine.declare.instrument import standing
from obsy.engine.declare.names import resolve
from obsy.engine.declare.target import FixedTarget
from obsy.engine.sidereal import DAY_H
from obsy.schemas.constraints.constraint import Bounds
from obsy.schemas.constraints.sun import DARK
from obsy.schemas.horizon import Horizon
from obsy.schemas.mount import Mount
from obsy.schemas.plan import Plan
from obsy.schemas.site import Site
from obsy.schemas.when import When

SAMPLES = 288
"""Of one turn of the sky: five minutes each."""
STEP_H = 24.0 / SAMPLES
STEP_DEG = 1.5
"""No altitude changes by more from one sample to the next."""
HOURS = tuple(24.0 * step / SAMPLES - 12.0 for step in range(SAMPLES))
"""Each hour angle."""
RISING = tuple(cos(radians(15.0 * hour)) for hour in HOURS[: SAMPLES // 2 + 1])
"""The cosines of those up to the meridian; it sinks as it rose."""
_CLOSER = 10
"""Parts of five minutes in which it is sought below a ceiling."""
TINY = 1e-12
"""Less than any altitude that is told from another."""
OBLIQUITY_DEG = 23.44
"""How far north and south the Sun goes."""


class Reach(NamedTuple):
    """Where a target may be taken."""

    lowest_deg: float = 0.0
    highest_deg: float = 90.0
    hours: tuple[float, float] = (-12.0, 12.0)
    """The least and the largest hour angle."""
    skyline: tuple[tuple[float, float], ...] = ()
    """(azimuth, altitude) in degrees, by growing azimuth."""
    ceiling: tuple[tuple[float, float], ...] = ()
    """The same of what hangs over it; empty where the sky is open up to the zenith."""
    zone: tuple[float, float] | None = None
    """Between which hour angles the mount must not track."""

    def allows(self, hour_angle_h: float, dec_deg: float, latitude_deg: float) -> bool:
        """Return whether a target may be taken at an hour angle."""
        altitude, azimuth = horizontal(hour_angle_h, dec_deg, latitude_deg)
        hides = self.zone is not None and self.zone[0] < hour_angle_h < self.zone[1]
        return (
            not hides
            and self.hours[0] <= hour_angle_h <= self.hours[1]
            and max(self.lowest_deg, skyline_deg(self.skyline, azimuth)) <= altitude + TINY
            and altitude - TINY <= (skyline_deg(self.ceiling, azimuth) if self.ceiling else 90.0)
            and altitude - TINY <= self.highest_deg
        )


@cache
def free(dec_deg: float, latitude_deg: float, bounds: Reach) -> int:
    """At which hour angles of one turn of the sky the bounds allow it: a bit each, the lowest for -12 h.

    Altitudes are compared by their sines, which grow up to the meridian; an azimuth is asked for only where the skyline
    may be in the way.
    """
    pole, swing = sin(radians(latitude_deg)) * sin(radians(dec_deg)), cos(radians(latitude_deg)) * cos(radians(dec_deg))
    tallest_deg = max((low for _, low in bounds.skyline), default=-90.0)
    low, high, clear = map(_sine, (bounds.lowest_deg, bounds.highest_deg, tallest_deg))
    up = [bisect_left(RISING, sine, key=lambda cosine: pole + swing * cosine) for sine in (low - TINY, clear)]
    end = bisect_right(RISING, high + TINY, key=lambda cosine: pole + swing * cosine)
    over = min(max(up), end)
    seen = _both_sides(over, end) if over < end else 0
    for number in (each for rising in range(up[0], over) for each in {rising, -rising % SAMPLES}):
        if _is_over(bounds.skyline, *horizontal(HOURS[number], dec_deg, latitude_deg)):
            seen |= 1 << number
    first, last = bisect_left(HOURS, bounds.hours[0]), bisect_right(HOURS, bounds.hours[1])
    seen &= (1 << max(first, last)) - (1 << first)
    return _less(seen, dec_deg, latitude_deg, bounds) if seen and (bounds.ceiling or bounds.zone) else seen


def _less(seen: int, dec_deg: float, latitude_deg: float, bounds: Reach) -> int:
    """Return what ceiling and zone leave; where that is no sample, what lies between two, by the nearest sample."""
    left = sum(1 << n for n in range(SAMPLES) if seen >> n & 1 and bounds.allows(HOURS[n], dec_deg, latitude_deg))
    ends = bounds.zone or ()
    between = () if left else (*ends, *(each + part * STEP_H / _CLOSER for each in HOURS for part in range(1, _CLOSER)))
    for hour in between:
        if bounds.allows(hour, dec_deg, latitude_deg):
            left |= 1 << round((hour + 12.0) / STEP_H) % SAMPLES
    return left


def _both_sides(first: int, end: int) -> int:
    """The samples from one to before another, both up to the meridian, and those beyond it that are as high."""
    rising, sinking = (1 << end) - (1 << first), (1 << SAMPLES - first + 1) - (1 << SAMPLES - end + 1)
    return (rising | sinking) & (1 << SAMPLES) - 1 | (first == 0)


def _sine(altitude_deg: float) -> float:
    return sin(radians(min(max(altitude_deg, -90.0), 90.0)))


def _is_over(skyline: Sequence[tuple[float, float]], altitude_deg: float, azimuth_deg: float) -> bool:
    return altitude_deg >= skyline_deg(skyline, azimuth_deg)


@cache
def longest_h(dec_deg: float, latitude_deg: float, bounds: Reach) -> float:
    """The longest unbroken time in one turn of the sky in which the bounds allow it, hours.

    Never too short: up to a sample longer at both ends, and 0 only if no sample and not the culmination is free.
    """
    runs = f"{free(dec_deg, latitude_deg, bounds):0{SAMPLES}b}".split("0")
    if len(runs) == 1:
        return inf
    longest = max(len(runs[0]) + len(runs[-1]), *map(len, runs))  # the turn has no end
    return (longest + 1) * DAY_H / SAMPLES if longest else 0.0


def horizontal(hour_angle_h: float, dec_deg: float, latitude_deg: float) -> tuple[float, float]:
    """Altitude and azimuth (from north through east), degrees.

    Source: Meeus, Astronomical Algorithms, 2nd edition, eq. 13.5 and 13.6, azimuth turned to north.
    """
    hour, dec, latitude = radians(hour_angle_h * 15.0), radians(dec_deg), radians(latitude_deg)
    up = sin(latitude) * sin(dec) + cos(latitude) * cos(dec) * cos(hour)
    north = cos(latitude) * sin(dec) - sin(latitude) * cos(dec) * cos(hour)
    altitude = degrees(asin(max(-1.0, min(1.0, up))))
    return altitude, degrees(atan2(-cos(dec) * sin(hour), north)) % 360.0


def culmination_deg(dec_deg: float, latitude_deg: float) -> float:
    """The highest altitude it ever has."""
    return 90.0 - abs(latitude_deg - dec_deg)


def skyline_deg(points: Sequence[tuple[float, float]], azimuth_deg: float) -> float:
    """The lowest free altitude at an azimuth; straight between the points, closed round the circle."""
    if not points:
        return -90.0
    round_the_circle = [(points[-1][0] - 360.0, points[-1][1]), *points, (points[0][0] + 360.0, points[0][1])]
    for (left, low), (right, high) in zip(round_the_circle, round_the_circle[1:], strict=False):
        if left <= azimuth_deg <= right:
            return low + (high - low) * (azimuth_deg - left) / max(right - left, 1e-9)
    return -90.0


def longest_night_h(latitude_deg: float, sun_deg: float) -> float:
    """How long the Sun stays below an altitude in the longest night of the year there, hours; 0 if it never does."""
    latitude, dec = radians(latitude_deg), -radians(OBLIQUITY_DEG) * (1 if latitude_deg >= 0 else -1)
    depth = (sin(radians(sun_deg)) - sin(latitude) * sin(dec)) / max(cos(latitude) * cos(dec), 1e-9)
    if depth >= 1.0:
        return 24.0
    return 24.0 - 2.0 * degrees(acos(max(-1.0, depth))) / 15.0


class Visibility(NamedTuple):
    """One goal of one plan, and how long its target can be had in the longest night of the year."""

    entry: Entry[Plan]
    number: int
    when: When
    sky: FixedTarget
    site: Site
    mount: Mount
    bounds: Reach

    @property
    def up_h(self) -> float:
        """The longest unbroken time in a day in which it is where it may be taken, hours."""
        return longest_h(self.sky.dec_deg, self.site.latitude, self.bounds)

    def under(self, limits: Mapping[str, Any] | None = None) -> "Visibility":
        """The same under these limits alone; under the plan's own if left out."""
        when = self.when if limits is None else When.model_construct(**limits)
        return self._replace(when=when, bounds=_bounds(when, self.mount, self.bounds))

    @property
    def dark_h(self) -> float:
        """The longest night of the year, as dark as the goal asks, hours."""
        return longest_night_h(self.site.latitude, (self.when.sun or DARK).below)


@lru_cache(1)
def visibilities(declared: Declared) -> tuple[Visibility, ...]:
    """Every goal with a fixed target, from where it can be had longest by a train that serves its plan."""
    return tuple(_visibilities(declared))


def _visibilities(declared: Declared) -> Iterator[Visibility]:
    if not all(map(declared.all_well, ("train", "mount", "enclosure", "site", "horizon"))):
        return  # where it could be taken is not known
    instruments = [(each.train.document, each.mount, each.site) for each in standing(declared)]
    screens = {each.document.name: screen(each.document) for each in declared.of(Horizon)}
    over = {site.name: screens.get(site.horizon or "", Reach()) for _, _, site in instruments}
    for entry in declared.of(Plan):
        plan, sky = entry.document, resolve(entry.document)
        if not isinstance(sky, FixedTarget) or not instruments:
            continue
        served = [instrument for instrument in instruments if plan.served_by(instrument[0])] or instruments
        places = list(dict.fromkeys((mount, site) for _, mount, site in served))
        for number, goal in enumerate(plan.want):
            when = goal.when.over(plan.when)
            had = [Visibility(entry, number, when, sky, s, m, _bounds(when, m, over[s.name])) for m, s in places]
            yield max(had, key=lambda each: min(each.up_h, each.dark_h)) if len(had) > 1 else had[0]


def screen(horizon: Horizon) -> Reach:
    """Return what a measured skyline leaves."""
    points = sorted(horizon.points, key=lambda each: each.azimuth % 360.0)
    skyline = tuple((each.azimuth % 360.0, each.altitude) for each in points)
    hangs = any(each.ceiling is not None for each in points)
    over = ((each.azimuth % 360.0, 90.0 if each.ceiling is None else each.ceiling) for each in points)
    return Reach(skyline=skyline, ceiling=tuple(over) if hangs else ())


def _bounds(when: When, mount: Mount, screen: Reach) -> Reach:
    """Return what constraints, mount and skyline leave, a little wider where it might pass between two samples."""
    asked = [Bounds(), mount.altitude.bounds(), *(each.bounds() for _, each in when.constraints())]
    lowest, highest = max(0.0, *(each.lowest_deg for each in asked)), min(each.highest_deg for each in asked)
    first, last = max(each.hours[0] for each in asked), min(each.hours[1] for each in asked)
    wider_deg = STEP_DEG if 0.0 < highest - lowest < 2 * STEP_DEG else 0.0
    wider_h = STEP_H if 0.0 <= last - first < STEP_H else 0.0
    zone = None if mount.meridian_zone is None else (mount.meridian_zone.above, mount.meridian_zone.below)
    hours = first - wider_h, last + wider_h
    return Reach(lowest - wider_deg, highest + wider_deg, hours, screen.skyline, screen.ceiling, zone)
