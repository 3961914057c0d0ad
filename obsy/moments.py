"""Days, moments with their zone, and times of the clock, as people write them."""

import re
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Final

from pydantic_core import PydanticCustomError

from obsy.diagnostics import unfit
from obsy.units import DEGREES_PER_HOUR, Before, told

_MOMENT: Final = (
    r"\s*(\d{4}-\d\d-\d\d)(\.\d+)?(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?))?\s*(UTC|TT|TDB|Z|[+-]\d\d:\d\d)\s*\Z"
)
_DAY: Final = r"\s*\d{4}-\d\d-\d\d\s*"
_CLOCK: Final = r"\s*(\d{1,2}):(\d{2})(?::(\d{2}))?\s*"
TT_AHEAD: Final = timedelta(seconds=69.184)
"""Terrestrial time less UTC since 2017. Source: IERS Bulletin C 52 (37 leap seconds) and TT = TAI + 32.184 s."""


def _moment(value: object) -> datetime:
    match = re.match(_MOMENT, value, re.ASCII) if isinstance(value, str) else None
    if match is None or (match.group(2) and match.group(3)):
        raise _unread(value)
    day, fraction, clock, zone = match.groups()
    try:
        local = datetime.fromisoformat(f"{day} {clock or '00:00'}{zone if zone[0] in '+-' else '+00:00'}")
        moment = (local + timedelta(days=float(fraction or 0))).astimezone(UTC)
        return moment - TT_AHEAD if zone in {"TT", "TDB"} else moment
    except (ValueError, OverflowError):
        raise _unread(value) from None


def _unread(value: object, example: str = "") -> PydanticCustomError:
    from obsy.reworded import no_moment  # noqa: PLC0415 - only what is amiss needs it

    return no_moment(value, example)


def _night_or_moment(value: object) -> date | datetime:
    """A day alone, which names the night that begins on its evening, or a moment."""
    is_day = isinstance(value, str) and re.fullmatch(_DAY, value, re.ASCII)
    try:
        return date.fromisoformat(str(value).strip()) if is_day else _moment(value)
    except (ValueError, PydanticCustomError):
        raise _unread(value, "2026-11-21") from None


def _day(value: object) -> date:
    with suppress(ValueError):
        if isinstance(value, str) and re.fullmatch(_DAY, value, re.ASCII):
            return date.fromisoformat(value.strip())
    from obsy.reworded import no_day  # noqa: PLC0415 - only what is amiss needs it

    raise no_day(value)


def noon(day: date, longitude_deg: float) -> datetime:
    """Return mean solar noon of a day, UTC: when the night of the day before ends, and its own begins."""
    return datetime.combine(day, time(12), UTC) - _ahead(longitude_deg)


def solar(when: datetime, longitude_deg: float) -> datetime:
    """Return mean solar time, without a zone, at a longitude (east positive) when it is `when` (aware)."""
    return when.astimezone(UTC).replace(tzinfo=None) + _ahead(longitude_deg)


def night_of(when: datetime, longitude_deg: float) -> date:
    """Return the night that `when` (aware) belongs to, by its evening's date: from noon to noon of the longitude.

    No clock has a say in it: a site that keeps UTC, summer time and the date line cut no night in two.
    """
    return (solar(when, longitude_deg) - timedelta(hours=12)).date()


def _ahead(longitude_deg: float) -> timedelta:
    """How far solar time is ahead of UTC, in whole seconds, which a night's clock and every header can say."""
    return timedelta(seconds=round(longitude_deg / DEGREES_PER_HOUR * 3600))


def _clock_time(value: object) -> time:
    match = re.fullmatch(_CLOCK, value, re.ASCII) if isinstance(value, str) else None
    parts = [int(part or 0) for part in match.groups()] if match else []
    if not parts or parts[0] > 23 or max(parts[1:]) > 59:
        raise unfit("not-a-clock-time", expected="a time of the night at the site", mend="write '02:00' or '23:30:00'")
    return time(parts[0], parts[1], parts[2])


Moment = Annotated[datetime, Before(_moment), told("a date and time with its zone", "2026-11-21 20:30 UTC", _MOMENT)]
NightOrMoment = Annotated[
    date | datetime,
    Before(_night_or_moment),
    told("a night by its day, or a moment", "2026-12-24", _MOMENT, _DAY),
]
Day = Annotated[date, Before(_day), told("a day", "2026-11-21", _DAY)]
ClockTime = Annotated[time, Before(_clock_time), told("a time of the night at the site", "02:00", _CLOCK)]
