"""Where frames of others were taken: by their headers, whose longitudes some programs count to the west."""

import re
from datetime import datetime

from obsy.engine.frames.cards import Cards
from obsy.engine.frames.fact import amount, text
from obsy.engine.sidereal import greenwich_deg
from obsy.engine.sky.instants import ClockTimes
from obsy.errors import UserError
from obsy.schemas.site import Location

LATITUDES = "SITELAT", "LATITUDE", "LAT-OBS", "OBSLAT", "OBS-LAT"
LONGITUDES = "SITELONG", "LONGITUD", "LONG-OBS", "OBSLONG", "OBS-LONG"
ELEVATIONS = "SITEELEV", "ALT-OBS", "OBSELEV", "ELEVATIO"
LOWEST_M, HIGHEST_M = -500.0, 9000.0
"""An elevation beyond is none, such as an unset -999; without one a date is 0.03 ms off at most."""
NEAR_DEG = 3.0
"""Sidereal times that differ by less, 12 minutes, are of one place."""
CERTAIN_DEG = 2 * NEAR_DEG
"""So near to Greenwich, or to its far side, the sign cannot be told, nor does it matter to a barycentric date."""


def where_taken(cards: Cards, began: datetime) -> Location | None:
    """Return the place that a header names, east positive; None if it names none.

    Its own clock of the stars (hour angle with right ascension, or LST) says which way its longitude counts.
    Raises UserError if it says neither, or names no place on Earth.
    """
    latitude, longitude = amount(cards, *LATITUDES), amount(cards, *LONGITUDES)
    if latitude is None or longitude is None:
        return None
    height, (said, card) = amount(cards, *ELEVATIONS), longitude
    for (value, called), most in ((latitude, 90.0), (longitude, 360.0)):
        if abs(value) > most:
            raise UserError(f"{called} = {value:g} is nowhere on Earth: name the site with '--site'")
    if height is not None and not LOWEST_M <= height[0] <= HIGHEST_M:
        height = None
    east = (said + 180) % 360 - 180
    fitting = {sign * east for sign in (1, -1) if _fits(cards, began, sign * east)}
    if len(fitting) != 1 and CERTAIN_DEG < abs(east) < 180 - CERTAIN_DEG:
        told = "nothing in the header says" if not fitting else "its own clocks do not say"
        raise UserError(f"{card} = {said:g}: {told} whether that is east or west: name the site with '--site'")
    return Location(latitude[0], next(iter(fitting), east), 0.0 if height is None else height[0])


def _fits(cards: Cards, began: datetime, east_deg: float) -> bool:
    """Return whether a clock of the stars in the header is that of a longitude."""
    here = (_earth_angle_deg(began) + east_deg) % 360
    clocks = [each for each in (_by_hour_angle(cards), _lst_deg(cards)) if each is not None]
    return any(abs((each - here + 180) % 360 - 180) < NEAR_DEG for each in clocks)


def _by_hour_angle(cards: Cards) -> float | None:
    """Return the sidereal time that hour angle and right ascension add up to, both as numbers of degrees."""
    hour_angle, ra = amount(cards, "HA"), amount(cards, "RA")
    return None if hour_angle is None or ra is None else (hour_angle[0] + ra[0]) % 360


def _lst_deg(cards: Cards) -> float | None:
    for card in ("LST", "LST-OBS", "SIDTIME", "ST"):
        if match := re.fullmatch(r"(\d+)[: ](\d+)[: ](\d+\.?\d*)", text(cards, card)):
            return 15 * (int(match[1]) + int(match[2]) / 60 + float(match[3]) / 3600)
    return None


def _earth_angle_deg(when: datetime) -> float:
    """Return the sidereal time of Greenwich to a tenth of a degree, at a moment."""
    days = float(ClockTimes.at([when]).tdb.mjd[0]) - 51544.5
    return greenwich_deg(days)
