"""When a planet crosses its star, or another event recurs, on the clock of the observatory."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, floor

import numpy as np

from obsy.engine.declare.target import Ephemeris
from obsy.engine.sky.body import Fixed
from obsy.engine.sky.earth_motion import earth_motion
from obsy.engine.sky.grid import Floats, Grid
from obsy.engine.sky.instants import MJD_0, ClockTimes, JulianDates, instants
from obsy.engine.sky.light_time import light_days, light_days_from
from obsy.schemas.site import Location

PARTS = ("baseline before", "ingress", "middle", "egress", "baseline after")
"""Of an event, in order: what may be covered, or missing."""
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

    Counted are middles as the barycentre sees them; ERFA says how much earlier or later they are seen from `place`.
    """
    half = timedelta(hours=ephemeris.duration_h / 2)
    epoch_mjd, period_d = barycentric_epoch(ephemeris, star), ephemeris.period_d
    first, last = ClockTimes.at([start - half - _LIGHT_TIME_MOST, end + half + _LIGHT_TIME_MOST]).tdb.mjd
    turns = np.arange(ceil((first - epoch_mjd) / period_d), floor((last - epoch_mjd) / period_d) + 1)
    if not turns.size:
        return ()
    barycentric = epoch_mjd + turns * period_d
    # In one light time the Earth moves 0.05 light seconds, and in that, nothing.
    ours = barycentric - light_days_from(place, star, _tdb(barycentric))
    ours = barycentric - light_days_from(place, star, _tdb(ours))
    errors = (timedelta(days=ephemeris.error_d(mjd + MJD_0)) for mjd in barycentric.tolist())
    found = (Transit(at - half, at, at + half, error) for at, error in zip(_tdb(ours).moments(), errors, strict=True))
    return tuple(transit for transit in found if transit.ingress < end and transit.egress > start)


def barycentric_epoch(ephemeris: Ephemeris, star: Fixed) -> float:
    """Return the epoch as the barycentre would time it, a modified Julian date of TDB.

    Heliocentric dates are light times at the Sun, dates without either at the Earth's centre.
    """
    where, clock = ephemeris.scale.split("_")
    # UTC before 1960 is nobody's, and taken for UT1 by those who published it.
    said = np.array([ephemeris.epoch_jd - MJD_0])
    epoch = ClockTimes.of(clock, JulianDates(np.array([MJD_0]), said)).tdb.mjd
    if where == "BJD":
        return float(epoch[0])
    at = epoch
    for _ in range(2 if where == "HJD" else 0):
        at = epoch - light_days(star, earth_motion(at).from_sun_au)
    return float((at + light_days(star, earth_motion(at).from_barycentre_au))[0])


def phase(ephemeris: Ephemeris, star: Fixed, place: Location, grid: Grid) -> Floats:
    """Return which part of a turn has passed since the last epoch, as seen from a place; (times,), from 0 to below 1.

    Light times are worked out hourly, between which they run straight within 0.01 s.
    """
    hourly = Grid.over(grid.start, grid.end, 3600.0)
    when = instants(hourly)
    at_barycentre = when.tdb.mjd + light_days_from(place, star, when)
    turns = (at_barycentre - barycentric_epoch(ephemeris, star)) / ephemeris.period_d
    turned = np.interp(grid.seconds, hourly.seconds, turns) % 1.0
    return np.asarray(np.where(turned >= 1.0, 0.0, turned))


def _tdb(mjd: Floats) -> ClockTimes:
    return ClockTimes.of("TDB", JulianDates(np.full_like(mjd, MJD_0), mjd))
