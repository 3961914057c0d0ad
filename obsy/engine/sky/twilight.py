"""The night: from noon to noon of the longitude, with its sunset, dusk, dawn and sunrise."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from numpy.polynomial import Chebyshev

from obsy.engine.sky.body import sun
from obsy.engine.sky.grid import Grid, Window
from obsy.moments import noon
from obsy.schemas.constraints.sun import DARK
from obsy.schemas.site import Location

SUNSET_DEG = -50 / 60
"""The Sun's centre at sunset: 34' of refraction and its radius of 16', no dip of the horizon. Source: USNO."""

_STEP_S, _DEGREE = 900.0, 24
"""The sine of the Sun's altitude, all but a sine itself, is within 1e-9 of a polynomial of this degree in a day."""
_REAL_S = 1e-3
"""A root with a larger imaginary part is none: the Sun turns back before the limit."""


@dataclass(frozen=True)
class Night:
    """One night at a place, named by its evening's date; times are aware UTC, None if the Sun does not pass there."""

    date: date
    start: datetime
    """Noon before."""
    end: datetime
    """Noon after."""
    sunset: datetime | None
    dusk: datetime | None
    dawn: datetime | None
    sunrise: datetime | None
    dark: tuple[Window, ...]
    """When the Sun is below the limit: none on a white night, all of it in the polar night."""

    def is_dark(self, when: datetime) -> bool:
        """Whether it is between dusk and dawn."""
        return self.dusk is not None and self.dawn is not None and self.dusk <= when < self.dawn


def night(day: date, place: Location, dark_below_deg: float = DARK.below) -> Night:
    """Return the night that begins on the evening of `day`; its times are good to a second.

    Ours, since astroplan draws straight lines between times and is 16 s off where the Sun grazes the limit.
    """
    start, end = (noon(each, place.longitude_deg) for each in (day, day + timedelta(days=1)))
    grid = Grid.over(start, end, _STEP_S)
    height = Chebyshev.fit(grid.seconds, np.sin(np.radians(sun(grid, place).altitude_deg)), _DEGREE)
    sunset, sunrise = _first_pair(_crossings(height, SUNSET_DEG, start, end))
    crossings = _crossings(height, dark_below_deg, start, end)
    bounds = [when for when, _ in crossings]
    if not crossings[0][1] if crossings else height(0.0) < np.sin(np.radians(dark_below_deg)):
        bounds.insert(0, start)
    if len(bounds) % 2:
        bounds.append(end)
    dark = tuple(Window(first, last) for first, last in zip(bounds[::2], bounds[1::2], strict=True))
    dusk, dawn = _first_pair(crossings)
    return Night(day, start, end, sunset, dusk, dawn, sunrise, dark)


def _crossings(height: Chebyshev, limit_deg: float, start: datetime, end: datetime) -> list[tuple[datetime, bool]]:
    """Return when the Sun passes the limit, in order, and whether it goes down; `height`: its altitude's sine."""
    passed_s = (height - np.sin(np.radians(limit_deg))).roots()
    real_s = np.sort(passed_s.real[np.abs(passed_s.imag) < _REAL_S])
    within_s = real_s[(real_s >= 0) & (real_s < (end - start).total_seconds())]
    return [(start + timedelta(seconds=at), bool(height.deriv()(at) < 0)) for at in within_s.tolist()]


def _first_pair(crossings: list[tuple[datetime, bool]]) -> tuple[datetime | None, datetime | None]:
    """The first going down, and the first coming up after it (or at all, if it never goes down)."""
    down = next((when for when, falls in crossings if falls), None)
    up = next((when for when, falls in crossings if not falls and (down is None or when > down)), None)
    return down, up
