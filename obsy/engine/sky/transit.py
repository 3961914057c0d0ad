"""When a planet crosses its star, on the clock of the observatory."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import floor

import astropy.units as u
import numpy as np
from astroplan import EclipsingSystem
from astropy.coordinates import SkyCoord
from astropy.time import Time, TimeDelta

from obsy.engine.declare.target import Ephemeris
from obsy.engine.sky.body import Fixed
from obsy.engine.sky.earth import earth_location, turning
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


def transits(ephemeris: Ephemeris, star: Fixed, place: Location, start: datetime, end: datetime) -> tuple[Transit, ...]:
    """Return the transits any part of which falls between `start` and `end`, in order.

    astroplan says when they pass the barycentre, astropy how much earlier or later that is seen from `place`.
    """
    half = timedelta(hours=ephemeris.duration_h / 2)
    epoch = Time(ephemeris.epoch_bjd_tdb, format="jd", scale="tdb")
    system = EclipsingSystem(epoch, ephemeris.period_d * u.day)
    first, last = Time(start - half - _LIGHT_TIME_MOST), Time(end + half + _LIGHT_TIME_MOST)
    count = 1 + floor((last - first).jd / ephemeris.period_d)
    barycentric = system.next_primary_eclipse_time(first, n_eclipses=count)
    with turning(start):
        # In one light time the Earth moves 0.05 light seconds, and in that, nothing.
        ours = barycentric - _light_time(star, barycentric, place)
        ours = barycentric - _light_time(star, ours, place)
    middles = np.atleast_1d(ours.utc.to_datetime(UTC))
    found = (Transit(at - half, at, at + half) for at in middles)
    return tuple(transit for transit in found if transit.ingress < end and transit.egress > start)


def _light_time(star: Fixed, times: Time, place: Location) -> TimeDelta:
    """Return what to add to times at the observatory to make them barycentric."""
    return times.light_travel_time(
        SkyCoord(star.ra_deg, star.dec_deg, unit="deg"), location=earth_location(place), ephemeris="builtin"
    )
