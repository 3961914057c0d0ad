"""Amounts as people say them."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from obsy.engine.signal import Signal, more
from obsy.schemas.goal import Goal
from obsy.schemas.proof import Proof
from obsy.units import DURATION, duration

_MINUTE, _HOUR = 60, 3600
_UTC = re.compile(r"(?:(\d{4}-\d\d-\d\d) (at )?)?\b(\d\d:\d\d(:\d\d)?) UTC(?![+-])")
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_MONTHS = "January February March April May June July August September October November December".split()


def hours(seconds: float) -> str:
    """'9.6 h', or minutes for less than an hour."""
    return f"{seconds / _HOUR:.1f} h" if seconds >= _HOUR else duration(seconds)


def amount(value: float) -> str:
    """A measured value to three figures, never with an exponent: '0.41', '12.5', '16800'."""
    return f"{value:.3g}" if abs(value) < 999.5 else f"{float(f'{value:.3g}'):.0f}"  # noqa: PLR2004


def several(count: int, one: str, more: str = "") -> str:
    """'1 light', '142 lights'."""
    return f"{count} {one if count == 1 else more or one + 's'}"


def bar(width: int, done: float, before: float = 0.0) -> str:
    """'▓▓██░░░░': before, since, missing; shares from 0 to 1, the second a part of the first."""
    full, old = min(width, int(width * done + 1e-9)), int(width * before)
    return "▓" * old + "█" * (full - old) + "░" * (width - full)


def so_far(frames: int, seconds: float, count: int | None, wanted_s: float) -> str:
    """'1 h 12 min of 3 h'; '4 of 6 frames' where `count` frames are wanted."""
    return f"{duration(seconds)} of {duration(wanted_s)}" if count is None else f"{frames} of {several(count, 'frame')}"


def proven(signal: Signal, proof: Proof, exposure_s: float) -> str:
    """'S/N 62 of 100, about 1.3 h more'."""
    left = more(signal, proof)
    reached = f"S/N {amount(signal.to_noise)} of {proof.snr:g}" if signal.frames else f"S/N {proof.snr:g} asked"
    if signal.frames and signal.untold:
        reached += f" ({several(signal.untold, 'frame')} could not be measured)"
    if signal.coloured:
        reached += f" ({several(signal.coloured, 'frame')} of a one-shot-colour camera left out)"
    if left is None:
        return reached + (", nothing shows yet" if signal.frames else ", none measured yet")
    return reached + (f", about {hours(left * exposure_s)} more" if left else "")


def asked(goal: Goal) -> str:
    """'3 h', '20 frames', '3 frames every 4 d', 'transit b with 45 min before and after'."""
    if goal.cover is not None:
        before, after = map(duration, goal.cover.sides_s)
        what = f"transit {goal.cover.transit}" if goal.cover.transit else goal.cover.of
        return f"{what} with {before} before and {'' if before == after else f'{after} '}after"
    if goal.every is not None:
        pause = f"{goal.every:g} d" if goal.every >= 1 else duration(goal.every * DURATION["d"])
        return f"{several(goal.count or 1, 'frame')} every {pause}"
    if goal.until is not None:
        return goal.until.words
    return duration(goal.total) if goal.total is not None else several(goal.count or 0, "frame")


def listed(names: list[str], last: str = "and") -> str:
    """'a', 'a and b', 'a, b and c'."""
    return f" {last} ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def clock(when: datetime, timezone: str, seconds: bool = False) -> str:
    """Return the time by the clocks of the site: '22:15', or '22:15:07'."""
    return f"{when.astimezone(ZoneInfo(timezone)):{'%H:%M:%S' if seconds else '%H:%M'}}"


def day(night: str) -> str:
    """'Saturday, 21 November 2026', in English whatever the machine speaks."""
    when = date.fromisoformat(night)
    return f"{_DAYS[when.weekday()]}, {when.day} {_MONTHS[when.month - 1]} {when.year}"


def stamped(when: datetime, timezone: str) -> str:
    """Return the time by the clocks of the site, marked: '22:15 UTC+1'."""
    return f"{clock(when, timezone)} {zone(when, timezone)}"


def by_local_clocks(words: str, timezone: str, near: datetime) -> str:
    """Return words, as journals hold them, with every time of UTC in them by the clocks of the site, marked.

    near: aware; a time without a date is the one that comes nearest.
    """

    def local(found: re.Match[str]) -> str:
        written, at, time, seconds = found.groups()
        day = near.astimezone(UTC).date().isoformat() if written is None else written
        when = datetime.fromisoformat(f"{day}T{time}+00:00")
        if written is None:
            when += timedelta(days=round((near - when) / timedelta(days=1)))
        there = f"{when.astimezone(ZoneInfo(timezone)):%Y-%m-%d} {at or ''}" if written else ""
        return f"{there}{clock(when, timezone, bool(seconds))} {zone(when, timezone)}"

    return _UTC.sub(local, words)


def zone(when: datetime, timezone: str) -> str:
    """Return how the clocks of the site differ from UTC at that time: 'UTC+1', 'UTC-3:30', 'UTC'."""
    offset = when.astimezone(ZoneInfo(timezone)).utcoffset() or timedelta()
    hours, minutes = divmod(abs(round(offset.total_seconds() / _MINUTE)), 60)
    sign = "-" if offset < timedelta() else "+"
    return "UTC" + (f"{sign}{hours}" + (f":{minutes:02}" if minutes else "") if hours or minutes else "")


def zones(first: datetime, last: datetime, timezone: str) -> str:
    """Return the mark of all times between the two: 'UTC+1', or 'UTC+2, later UTC+1' where the clocks change."""
    return ", later ".join(dict.fromkeys(zone(when, timezone) for when in (first, last)))
