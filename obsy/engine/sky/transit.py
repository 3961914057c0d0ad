"""When a planet crosses its star, or another event recurs, on the clock of the observatory."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import floor

import astropy.units as u
import erfa
import numpy as np
from astroplan import EclipsingSystem
from astropy.coordinates import EarthLocation, SkyCoord
from astropy.time import Time, TimeDelta

from obsy.engine.declare.target import Ephemeris
from obsy.engine.sky.body import Fixed
from obsy.engine.sky.earth import any_date, from_barycentre_au, instants, turning
from obsy.engine.sky.grid import Floats, Grid
from obsy.schemas.site import Location

_LIGHT_TIME_MOST = timedelta(minutes=10)
"""No light takes longer between the Earth and the barycentre (1.02 au and the Sun's own 0.01 au)."""


@dataclass(frozen=True)
class Transit:
    """One transit as the observatory sees it; aware UTC."""

    ingress: datetime
    """First contact."""
    middle: datetime
    egress: datetime
    """Last contact."""
    error: timedelta = timedelta()
    """One standard deviation of all three, by the errors of epoch and period."""


def transits(ephemeris: Ephemeris, star: Fixed, place: Location, start: datetime, end: datetime) -> tuple[Transit, ...]:
    """Return the transits any part of which falls between `start` and `end`, in order.

    astroplan says when they pass the barycentre, ERFA how much earlier or later that is seen from `place`.
    """
    half = timedelta(hours=ephemeris.duration_h / 2)
    system = EclipsingSystem(barycentric_epoch(ephemeris, star), ephemeris.period_d * u.day)
    with turning(start):
        first, last = Time(start - half - _LIGHT_TIME_MOST), Time(end + half + _LIGHT_TIME_MOST)
        count = 1 + floor((last - first).jd / ephemeris.period_d)
        barycentric = system.next_primary_eclipse_time(first, n_eclipses=count).ravel()
        # In one light time the Earth moves 0.05 light seconds, and in that, nothing.
        ours = barycentric - _light_time_from(place, star, barycentric)
        ours = barycentric - _light_time_from(place, star, ours)
        middles = ours.utc.to_datetime(UTC)
    errors = (timedelta(days=ephemeris.error_d(jd)) for jd in barycentric.jd.tolist())
    found = (Transit(at - half, at, at + half, error) for at, error in zip(middles, errors, strict=True))
    return tuple(transit for transit in found if transit.ingress < end and transit.egress > start)


def barycentric_epoch(ephemeris: Ephemeris, star: Fixed) -> Time:
    """Return the epoch as the barycentre would time it, TDB.

    Heliocentric dates are light times at the Sun, dates without either at the Earth's centre; astropy turns both.
    """
    where, scale = ephemeris.scale.split("_")
    with any_date():  # UTC before 1960 is nobody's, and taken for UT1 by those who published it
        epoch = Time(ephemeris.epoch_jd, format="jd", scale=scale.lower())
        if where == "BJD":
            return epoch.tdb
        at = epoch
        for _ in range(2 if where == "HJD" else 0):
            at = epoch - _light_time(star, at, "heliocentric")
        return at.tdb + _light_time(star, at, "barycentric")


def phase(ephemeris: Ephemeris, star: Fixed, place: Location, grid: Grid) -> Floats:
    """Return which part of a turn has passed since the last epoch, as seen from a place; (times,), from 0 to below 1.

    Light times are worked out hourly, between which they run straight within 0.01 s.
    """
    hourly = Grid.over(grid.start, grid.end, 3600.0)
    with turning(grid.start):
        when = instants(hourly)
        turns = (
            when.tdb + _light_time_from(place, star, when) - barycentric_epoch(ephemeris, star)
        ).jd / ephemeris.period_d
    turned = np.interp(grid.seconds, hourly.seconds, turns) % 1.0
    return np.asarray(np.where(turned >= 1.0, 0.0, turned))


def _light_time(star: Fixed, times: Time, of: str) -> TimeDelta:
    """Return what to add to times at the Earth's centre to make them `barycentric` or `heliocentric`."""
    centre = EarthLocation.from_geocentric(0.0, 0.0, 0.0, unit=u.m)
    star_at = SkyCoord(star.ra_deg, star.dec_deg, unit="deg")
    return times.light_travel_time(star_at, kind=of, location=centre, ephemeris="builtin")


def _light_time_from(place: Location, star: Fixed, times: Time) -> TimeDelta:
    """Return what to add to times at the observatory, (times,), to make them barycentric.

    Source: Eastman, Siverd & Gaudi 2010, equation 3. Ours, since astropy's light_travel_time takes eight times as long
    for a transit or two; it lets the observer's own place be displaced by aberration, which is 2 us of difference.
    """
    direction = erfa.s2c(np.radians(star.ra_deg), np.radians(star.dec_deg))
    return TimeDelta(from_barycentre_au(times, place) @ direction * (erfa.DAU / erfa.CMPS), format="sec", scale="tdb")
