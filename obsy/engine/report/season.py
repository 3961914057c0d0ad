"""The season of a target: how long it stands high enough in the dark through a year, and how much of it is moonless."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from obsy.engine.report.axes import AxisScale, line, runs
from obsy.engine.report.picture import picture
from obsy.engine.sky.body import Fixed
from obsy.engine.sky.grid import Floats
from obsy.engine.sky.horizon import Skyline
from obsy.engine.sky.nights import PER_NIGHT, STEP_S, many_nights, standing
from obsy.engine.sky.orbit import Orbit
from obsy.schemas.constraints.sun import DARK
from obsy.schemas.site import Location
from obsy.schemas.target import Planet

NIGHTS, EVERY = 365, 5
TOP, BOTTOM, MOST_H, MOST_DEG = 8, 268, 16, 96
"""16 hours are as high as 96 degrees: both have the same lines."""
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_BAR = 40


@dataclass(frozen=True, slots=True)
class SeasonNight:
    """One night, in hours."""

    day: date
    dark_h: float
    up_h: float
    """In the dark and above the limit."""
    moonless_h: float
    """The same while the Moon is down."""
    highest_deg: float | None = None
    """How high it ever stands in the dark; None if that is below the horizon, or it is never dark."""


@dataclass(frozen=True, slots=True)
class Clear:
    """What a target must clear."""

    above_deg: float
    skyline: Skyline | None = None
    """The measured horizon, if there is one."""

    def margin(self, altitude_deg: Floats, azimuth_deg: Floats) -> Floats:
        """How far it stands clear of both, degrees."""
        room = altitude_deg - self.above_deg
        return room if self.skyline is None else np.minimum(room, self.skyline.room_deg(altitude_deg, azimuth_deg))

    def said(self, degrees: str) -> str:
        """Return it in words."""
        return f"above {self.above_deg:g}{degrees}{' and clear of the horizon' if self.skyline else ''}"


def season(body: Fixed | Orbit | Planet, place: Location, clear: Clear, first: date) -> tuple[SeasonNight, ...]:
    """Return every fifth night of a year, from `first` on; good to a minute."""
    return _nights(body, place, clear, first, NIGHTS + 1)


def _nights(
    body: Fixed | Orbit | Planet, place: Location, clear: Clear, first: date, count: int
) -> tuple[SeasonNight, ...]:
    sky = many_nights(first, count + 1, place)  # one more, with whose noon the last ends
    dark, (altitude, azimuth) = DARK.below - sky.sun_altitude_deg[:-1], standing(body, sky)
    up = np.minimum(dark, clear.margin(altitude, azimuth))
    moonless = np.minimum(up, -sky.moon_altitude_deg[:-1])
    in_dark = np.where(dark >= 0, altitude, -90.0)
    found = []
    for day in range(0, count, EVERY):
        span = slice(day * PER_NIGHT, (day + 1) * PER_NIGHT + 1)
        dark_h, up_h, moonless_h = (_above_h(margin[span]) for margin in (dark, up, moonless))
        highest = float(in_dark[span].max())
        seen_deg = highest if highest > 0 else None
        found.append(SeasonNight(first + timedelta(days=day), dark_h, up_h, moonless_h, seen_deg))
    return tuple(found)


def _above_h(margin: Floats) -> float:
    """Return for how many hours a margin is positive, on straight lines between the instants."""
    low, high = np.minimum(margin[:-1], margin[1:]), np.maximum(margin[:-1], margin[1:])
    share = np.clip(high / np.where(high > low, high - low, 1.0), 0.0, 1.0)
    return float(np.where(low >= 0, 1.0, share).sum()) * STEP_S / 3600


def svg(name: str, nights: Sequence[SeasonNight], clear: Clear, site: str) -> str:
    """Return a year as a picture."""
    first, last = nights[0].day, nights[-1].day
    x = AxisScale(0.0, (last - first).days, 0.0, 100.0)
    y, high = AxisScale(0.0, MOST_H, BOTTOM, TOP), AxisScale(0.0, MOST_DEG, BOTTOM, TOP)

    def area(hours: Iterable[float]) -> str:
        points = [(x.at((each.day - first).days), y.at(value)) for each, value in zip(nights, hours, strict=True)]
        return line([(0.0, y.start), *points, (100.0, y.start)]) + "Z"

    return picture(
        "report/season.svg.j2",
        f"{name} from {site}, {first} to {last}",
        f"Hours in the dark and {clear.said('°')}: dark blue without the Moon. Grey: all of the dark. "
        "Line: how high it gets in it.",
        BOTTOM + 26,
        top=TOP,
        bottom=BOTTOM,
        dark=area(each.dark_h for each in nights),
        up=area(each.up_h for each in nights),
        moonless=area(each.moonless_h for each in nights),
        hours=[(round(y.at(value), 1), value) for value in range(0, MOST_H + 1, 4)],
        highest="".join(
            line((x.at((each.day - first).days), high.at(each.highest_deg or 0.0)) for each in nights[begin:end])
            for begin, end in runs([each.highest_deg is not None for each in nights])
        ),
        heights=[(round(high.at(value), 1), value) for value in (30, 60, 90)],
        months=[(round(x.at((day - first).days), 2), _MONTHS[day.month - 1]) for day in _firsts(first, last)],
    )


def _firsts(first: date, last: date) -> Iterable[date]:
    """Yield the first day of each month in between."""
    return (day for days in range((last - first).days) if (day := first + timedelta(days=days)).day == 1)


def text(nights: Sequence[SeasonNight], clear: Clear) -> str:
    """Return a line a month: its mean hours, how high it gets in the dark, and a bar of the hours."""
    lines = [
        f"hours of a night in the dark and {clear.said(' deg')}; █ without the Moon, ▒ with it;",
        "beside them how high it gets in the dark",
    ]
    for year, month in dict.fromkeys((each.day.year, each.day.month) for each in nights):
        own = [each for each in nights if (each.day.year, each.day.month) == (year, month)]
        up, moonless = (sum(values) / len(own) for values in zip(*((e.up_h, e.moonless_h) for e in own), strict=True))
        full, rest = round(moonless / MOST_H * _BAR), round(up / MOST_H * _BAR)
        highest = max((each.highest_deg for each in own if each.highest_deg is not None), default=None)
        top = "   -    " if highest is None else f"{highest:3.0f} deg "
        lines.append((f"{_MONTHS[month - 1]} {year}  {up:4.1f} h {top} " + "█" * full + "▒" * (rest - full)).rstrip())
    return "\n".join(lines)
