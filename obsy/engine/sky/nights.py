"""Sun, Moon and the turning of the sky over a place, every three minutes of many nights."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import erfa
import numpy as np
from numpy.typing import NDArray

from obsy.engine.sky.body import Fixed, TheSun, from_earth
from obsy.engine.sky.earth import astrom_on, from_centre_m
from obsy.engine.sky.grid import Floats, Grid
from obsy.engine.sky.knots import between
from obsy.engine.sky.moon import MOON, lit_percent
from obsy.engine.sky.orbit import Orbit
from obsy.moments import noon
from obsy.schemas.site import Location
from obsy.schemas.target import Planet

STEP_S, PER_NIGHT = 180.0, 480
NIGHT_S = STEP_S * PER_NIGHT
TURN_S = 2 * np.pi * 1.00273781191135448 / 86_400
"""How far the Earth turns in a second, radians. Source: IERS Conventions (2010), eq. 5.15."""

_KNOT_S = 43_200.0
"""Seen from the centre of the Earth, the Moon moves so evenly that half a day is joined to 0.1 arcsec."""
_DAY = timedelta(days=1)
_FAR = 1e6


@dataclass(frozen=True, eq=False)
class Nights:
    """What many nights, each from noon to noon of the longitude, have in common for all targets."""

    place: Location
    grid: Grid
    """From the first noon to the last."""
    frames: NDArray[Any]
    """What ERFA needs to go from ICRS to what is seen, in the middle of each night; (nights,)."""
    sun_altitude_deg: Floats
    """(times,)."""
    moon_altitude_deg: Floats
    moon_illuminated_percent: Floats
    moon: Floats
    """Towards the Moon along the ICRS axes, astrometric; (times, 3)."""

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.frames)


def many_nights(first: date, count: int, place: Location) -> Nights:
    """Return the Sun and the Moon over a place for so many nights from the evening of `first` on; to 1 arcsec.

    Directions are those of `tracks`, but for how far nutation, aberration and polar motion go within half a day.
    """
    start = noon(first, place.longitude_deg)
    frames = _frames(start - _DAY, count + 2, place)  # a night more on each side, so that no polynomial ends within
    knots, times = _grids(start - _DAY, len(frames))
    at_knots, at_times = [from_earth(each, knots) for each in (TheSun(), MOON)], _observer(frames, place)
    sun, from_centre = (between(each, _KNOT_S, times.seconds) for each in at_knots)
    moon = from_centre - at_times
    # Its light is some milliseconds less on its way to the place, in which it goes on round the Sun with the Earth.
    nearer_au = np.linalg.norm(from_centre, axis=1) - np.linalg.norm(moon, axis=1)
    moon += nearer_au[:, None] * np.repeat(frames["v"], PER_NIGHT, axis=0)
    within = slice(PER_NIGHT, PER_NIGHT * (count + 1) + 1)
    return Nights(
        place,
        Grid(start, STEP_S, PER_NIGHT * count + 1),
        frames[1:-1],
        _horizontal_deg(sun - at_times, frames)[0][within],
        _horizontal_deg(moon, frames)[0][within],
        between(lit_percent(*at_knots), _KNOT_S, times.seconds)[within],
        (moon / np.linalg.norm(moon, axis=1, keepdims=True))[within],
    )


def standing(body: Fixed | Orbit | Planet, sky: Nights) -> tuple[Floats, Floats]:
    """Return altitude and azimuth of a body every three minutes, but for the last noon; (times,), degrees."""
    if isinstance(body, Fixed):
        ra, dec = np.radians(body.on(sky.grid.at(sky.grid.count // 2)))
        direction = np.array([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)])
        towards = np.broadcast_to(direction, (sky.grid.count - 1, 3))
    else:
        frames = _frames(sky.grid.start - _DAY, sky.count + 2, sky.place)
        knots, times = _grids(sky.grid.start - _DAY, len(frames))
        wide = between(from_earth(body, knots), _KNOT_S, times.seconds) - _observer(frames, sky.place)
        towards = wide[PER_NIGHT:-PER_NIGHT]
    return _horizontal_deg(towards, sky.frames)


def _grids(start: datetime, nights: int) -> tuple[Grid, Grid]:
    """The knots between which directions are joined, and the instants."""
    knots, times = (Grid(start, step_s, int(nights * NIGHT_S / step_s)) for step_s in (_KNOT_S, STEP_S))
    return knots, times


def _frames(start: datetime, nights: int, place: Location) -> NDArray[Any]:
    """What ERFA needs in the middle of each night."""
    return astrom_on(Grid(start + 0.5 * _DAY, NIGHT_S, nights), place)


def _turned(step_s: float, frames: NDArray[Any]) -> Floats:
    """The local sidereal angle (from the CIO) every so often in each night; (nights, times), radians."""
    angles: Floats = frames["eral"][:, None] + TURN_S * (np.arange(0.0, NIGHT_S, step_s) - NIGHT_S / 2)
    return angles


def _observer(frames: NDArray[Any], place: Location) -> Floats:
    """From the centre of the Earth to the place at each instant, au along the ICRS axes; (times, 3)."""
    angle = _turned(STEP_S, frames) - np.radians(place.longitude_deg)
    x, y, z = from_centre_m(place) / erfa.DAU
    here = [x * np.cos(angle) - y * np.sin(angle), x * np.sin(angle) + y * np.cos(angle), np.full_like(angle, z)]
    return np.asarray(np.einsum("nji,jnt->nti", frames["bpn"], np.stack(here)).reshape(-1, 3))


def _horizontal_deg(towards: Floats, frames: NDArray[Any]) -> tuple[Floats, Floats]:
    """Altitude and azimuth every so often in each night, seen in these directions along the ICRS axes; (times,).

    Azimuths without polar motion, less than 1 arcsec on the sky.
    """
    frame = frames[:, None].copy()
    frame["em"] = _FAR  # the Sun itself is not bent by its mass
    x, y, z = towards.T.reshape(3, len(frames), -1)
    ra, dec = erfa.atciqz(np.arctan2(y, x), np.arctan2(z, np.hypot(x, y)), frame)
    hour = _turned(NIGHT_S / ra.shape[1], frames) - ra
    south, west, north = np.cos(dec) * np.cos(hour), np.cos(dec) * np.sin(hour), np.sin(dec)
    sine = frame["sphi"] * north + frame["cphi"] * south
    sine += frame["xpl"] * (frame["cphi"] * north - frame["sphi"] * south) - frame["ypl"] * frame["sphi"] * west
    azimuth = np.arctan2(-west, frame["cphi"] * north - frame["sphi"] * south)
    return np.degrees(np.arcsin(np.clip(sine, -1.0, 1.0))).ravel(), np.degrees(azimuth).ravel() % 360.0
