"""Targets that are up by day only, in the months that a plan allows."""

from collections.abc import Container, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from math import asin, atan2, cos, degrees, radians, sin

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.declared import Declared
from obsy.engine.declare.sense.visibility import OBLIQUITY_DEG, SAMPLES, Visibility, free, horizontal, visibilities
from obsy.schemas.constraints.sun import DARK
from obsy.schemas.when import When

DAYS = (5, 15, 25)
"""Of each month that are looked at."""
ANY_YEAR = 2027
J2000, J2000_JD = datetime(2000, 1, 1, 12, tzinfo=UTC), 2451545.0
"""The moment from which days are counted here, UTC for TT: a minute moves no warning."""
MONTHS = "January February March April May June July August September October November December".split()
EVERY = frozenset(range(1, 13))


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Warn once a plan that it gets nothing in any month that it allows, and say which would do.

    What depends on today's date is not told here, but by the dry run of a night.
    """
    warned = set[str]()
    for each in visibilities(declared):
        name = each.entry.document.name
        if name not in warned and each.up_h and each.dark_h and not any(dark_months(each, _asked(each.when))):
            warned.add(name)
            yield each.entry.complain("out-of-season", _words(each), *_blame(each))


def _words(each: Visibility) -> tuple[str, str, str]:
    up = ", ".join(MONTHS[month - 1] for month in dark_months(each))
    when = "in the months that it asks for " if up else ""
    found = f"while it is dark at {each.site.name}, it never stands {when}where it may be taken"
    return found, f"a month in which it does: {up}" if up else "a target that is up at night", "widen its limits"


def _blame(each: Visibility) -> tuple[str | int, ...]:
    """The months that were asked for, if any were; else the target."""
    for key in ("season", "dates"):
        if getattr(each.when, key) is not None:
            own = getattr(each.entry.document.want[each.number].when, key) is not None
            return ("want", each.number, "when", key) if own else ("when", key)
    return ("target",)


def _asked(when: When) -> frozenset[int]:
    """The months that season and dates leave; all, where dates have no end or last a year."""
    months = EVERY if when.season is None else _from(when.season.after, when.season.before)
    first, last = when.dates.span() if when.dates is not None else (None, None)
    if first is None or last is None or last - first > timedelta(days=360):
        return months
    return months & _from((first.month, first.day), (last.month, last.day))


def dark_months(each: Visibility, among: Container[int] = EVERY) -> Iterator[int]:
    """Yield the months of a year, from 1 to 12, in which it stands in the dark where it may be taken."""
    seen = free(each.sky.dec_deg, each.site.latitude, each.bounds)
    # From hour angles, which begin at -12 h, to sidereal times, which begin at 0 h.
    turn = round((each.sky.ra_deg / 15.0 - 12.0) * SAMPLES / 24.0) % SAMPLES
    up = (seen << turn | seen >> (SAMPLES - turn)) & (1 << SAMPLES) - 1
    limit_deg = (each.when.sun or DARK).below
    for month in range(1, 13):
        days = (date(ANY_YEAR, month, day) for day in DAYS)
        if month in among and any(up & _dark(day, each.site.latitude, limit_deg) for day in days):
            yield month


@cache
def _dark(day: date, latitude_deg: float, limit_deg: float) -> int:
    """The sidereal times of a day at which the Sun is down so far, a bit each."""
    ra_h, dec_deg = sun((day - J2000.date()).days)
    hours = ((number, 24.0 * number / SAMPLES - ra_h) for number in range(SAMPLES))
    return sum(1 << number for number, hour in hours if horizontal(hour, dec_deg, latitude_deg)[0] <= limit_deg)


def days(moment: datetime) -> float:
    """Return the days from J2000 to a moment."""
    return (moment - J2000) / timedelta(days=1)


def sun(since_d: float) -> tuple[float, float]:
    """Right ascension, hours, and declination, degrees, of the Sun so many days after J2000.

    Source: Astronomical Almanac, low precision, 0.01 deg.
    """
    anomaly = radians(357.529 + 0.98560028 * since_d)
    longitude = radians(280.459 + 0.98564736 * since_d + 1.915 * sin(anomaly) + 0.020 * sin(2 * anomaly))
    tilt = radians(OBLIQUITY_DEG)
    ra_h = degrees(atan2(cos(tilt) * sin(longitude), cos(longitude))) / 15.0
    return ra_h, degrees(asin(sin(tilt) * sin(longitude)))


def _from(first: tuple[int, int], last: tuple[int, int]) -> frozenset[int]:
    """The months that a part of the year touches, from one month and day to another."""
    length = 12 if first > last and first[0] == last[0] else (last[0] - first[0]) % 12 + 1
    return frozenset((first[0] + n - 1) % 12 + 1 for n in range(length))
