"""How each limit of a plan may be said otherwise, ever wider: by which steps, how far at most, and in which words."""

from calendar import isleap
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import takewhile
from math import ceil, floor
from typing import Any, NamedTuple

from obsy.schemas.constraints.phase import Phase
from obsy.schemas.constraints.season import Season

Limit = Any
"""A constraint of `when`."""


class Wider(NamedTuple):
    """How one part of a constraint is widened."""

    values: Callable[[Any, Limit], list[Any]]
    """Of what it says, in the constraint that says it: ever wider values."""
    said: Callable[[Any], str]
    """How a person writes one."""
    begins: Callable[[Any, date], str | None] = lambda _old, _night: None
    """From when on it holds of itself after a night, as a person writes it; None if waiting is of no use."""
    near: Callable[[Any, date], Any] = lambda old, _night: old
    """The value from which on ever wider ones can hold on a night: those before it never do."""


def looser(old: float, step: float, most: float) -> list[float]:
    """Return the round values beyond the old one, the last of them `most`; none if it says as much already."""
    if (most - old) / step <= 0:
        return []
    first, last = floor(round(old / step, 6)) + 1, ceil(round(most / step, 6))
    return [*(round(step * number, 3) for number in range(first, last)), most]


LOOSER: dict[tuple[str, str], tuple[float, float, str]] = {
    ("altitude", "above"): (-1.0, 0.0, " deg"),
    ("altitude", "below"): (1.0, 90.0, " deg"),
    ("airmass", "below"): (0.05, 5.0, ""),
    ("moon", "farther_than"): (-1.0, 0.0, " deg"),
    ("moon", "fainter_than"): (1.0, 100.0, " %"),
    ("moon", "below"): (1.0, 90.0, " deg"),
    ("hour_angle", "above"): (-0.5, -12.0, " h"),
    ("hour_angle", "below"): (0.5, 12.0, " h"),
    ("meridian", "within"): (0.5, 12.0, " h"),
}
"""Limits that are numbers: by which step, how far at most, and the unit."""
LONGEST = timedelta(days=183)
"""So much earlier or later a season or a date is tried, a day each."""
PHASE_STEP = 0.01
_LEAP_YEAR, _DAYS, _LEAP_DAY = 2000, 366, (2, 29)


def _number(step: float, most: float, sign: str) -> Wider:
    return Wider(lambda old, _: looser(old, step, most), lambda value: f"{value:g}{sign}")


def _seasons(days: int, ends: str) -> Callable[[tuple[int, int], Season], list[tuple[int, int]]]:
    """Return what begins, or ends, a season ever so many days earlier or later, until it goes on all the year."""

    def values(old: tuple[int, int], limit: Season) -> list[tuple[int, int]]:
        first, other = date(_LEAP_YEAR, 1, 1), getattr(limit, ends)
        begin = (date(_LEAP_YEAR, *old) - first).days
        moved = ((begin + days * number) % _DAYS for number in range(1, LONGEST.days + 1))
        dates = ((day.month, day.day) for day in (first + timedelta(days=number) for number in moved))
        return [*takewhile(lambda day: day != other, dates)]

    return values


def _dates(days: int) -> Callable[[date, Limit], list[date]]:
    def values(old: date, _: Limit) -> list[date]:
        room = (old.toordinal() - 2) if days < 0 else (date.max.toordinal() - old.toordinal() - 3)
        return [old + timedelta(days=days * number) for number in range(1, min(LONGEST.days, room) + 1)]

    return values


def _from_the_night(old: date, night: date) -> date:
    """Return the date beyond which none that begins later has anything of the night."""
    soon = date.fromordinal(min(night.toordinal() + 3, date.max.toordinal()))
    if isinstance(old, datetime):
        return min(old, datetime.combine(soon, old.timetz()))
    return min(old, soon)


def _until_the_night(old: date, night: date) -> date:
    """Return the date before which none that ends earlier has anything of the night."""
    late = date.fromordinal(max(night.toordinal() - 3, 1))
    if isinstance(old, datetime):
        return max(old, datetime.combine(late, old.timetz()))
    return max(old, late)


def _season_begins(old: tuple[int, int], night: date) -> str:
    """Return the next first night of a season; of 02-29, in a year without one, the day after it."""
    years = (night.year, night.year + 1)
    firsts = (date(year, *old) if old != _LEAP_DAY or isleap(year) else date(year, 3, 1) for year in years)
    return f"{next(each for each in firsts if each > night)}"


def _dates_begin(old: date, _night: date) -> str:
    return _moment(old)


def _phases(step: float) -> Callable[[float, Phase], list[float]]:
    """Return what begins, or ends, the part of a turn ever earlier or later, until it is the whole turn."""

    def values(old: float, limit: Phase) -> list[float]:
        if limit.after <= limit.before:
            return looser(old, step, 0.0 if step < 0 else 1.0)
        return looser(old, step, limit.before if step < 0 else limit.after)[:-1]  # there nothing of the turn is left

    return values


def _moment(value: date) -> str:
    return f"{value:%Y-%m-%d %H:%M} UTC" if isinstance(value, datetime) else f"{value}"


def _day(value: tuple[int, int]) -> str:
    return "{:02}-{:02}".format(*value)


WIDER: dict[tuple[str, str], Wider] = {
    **{part: _number(*how) for part, how in LOOSER.items()},
    ("season", "after"): Wider(_seasons(-1, "before"), _day, _season_begins),
    ("season", "before"): Wider(_seasons(1, "after"), _day),
    ("dates", "after"): Wider(_dates(-1), _moment, _dates_begin, _from_the_night),
    ("dates", "before"): Wider(_dates(1), _moment, near=_until_the_night),
    ("phase", "after"): Wider(_phases(-PHASE_STEP), "{:g}".format),
    ("phase", "before"): Wider(_phases(PHASE_STEP), "{:g}".format),
}
"""What is widened, by word and part."""
