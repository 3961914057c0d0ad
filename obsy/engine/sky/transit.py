"""When a planet crosses its star, on the clock of the observatory."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil, floor

import numpy as np
from astropy.time import Time, TimeDelta

from obsy.engine.sky.barycentre import light_time_d
from obsy.engine.sky.body import Fixed
from obsy.engine.sky.location import Location

_LIGHT_TIME_MOST_D = 0.007
"""No light takes longer between the Earth and the barycentre (1.02 au and the Sun's own 0.01 au)."""


@dataclass(frozen=True)
class Ephemeris:
    """When transits recur."""

    epoch_bjd_tdb: float
    """The middle of one of them."""
    period_d: float
    duration_h: float
    """From first to last contact."""


@dataclass(frozen=True)
class Transit:
    """One transit as the observatory sees it; aware UTC."""

    number: int
    """Counted from the epoch."""
    ingress: datetime
    """First contact."""
    middle: datetime
    egress: datetime
    """Last contact."""


def transits(ephemeris: Ephemeris, star: Fixed, place: Location, start: datetime, end: datetime) -> tuple[Transit, ...]:
    """The transits any part of which falls between `start` and `end`, in order."""
    half_d = ephemeris.duration_h / 48
    reach_d = half_d + _LIGHT_TIME_MOST_D
    epoch = Time(ephemeris.epoch_bjd_tdb, 0.0, format="jd", scale="tdb")
    first = ceil(((Time(start) - epoch).jd - reach_d) / ephemeris.period_d)
    last = floor(((Time(end) - epoch).jd + reach_d) / ephemeris.period_d)
    numbers = np.arange(first, last + 1)
    if not numbers.size:
        return ()
    days = Time(ephemeris.epoch_bjd_tdb, numbers * ephemeris.period_d, format="jd", scale="tdb")
    half = timedelta(days=half_d)
    found = (
        Transit(int(number), middle - half, middle, middle + half)
        for number, middle in zip(numbers, _on_our_clock(days, star, place), strict=True)
    )
    return tuple(transit for transit in found if transit.ingress < end and transit.egress > start)


def _on_our_clock(barycentric: Time, star: Fixed, place: Location) -> list[datetime]:
    """When light that passes the barycentre at these times (TDB) passes the observatory."""
    ours = barycentric
    for _ in range(2):  # in one light time the Earth moves 0.05 light seconds; in that, nothing
        ours = barycentric - TimeDelta(light_time_d(star, ours, place), format="jd", scale="tdb")
    return [when.replace(tzinfo=UTC) for when in np.atleast_1d(ours.utc.to_datetime())]
