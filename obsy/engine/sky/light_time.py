"""How long light is on its way to us beside its way to the Sun, or to the middle of the solar system."""

import erfa
import numpy as np

from obsy.engine.sky.body import Fixed
from obsy.engine.sky.earth import from_barycentre_au
from obsy.engine.sky.grid import Floats
from obsy.engine.sky.instants import ClockTimes
from obsy.schemas.site import Location

DAYS_PER_AU = erfa.DAU / erfa.CMPS / erfa.DAYSEC


def light_days(star: Fixed, from_au: Floats) -> Floats:
    """Return how long before it is at a place the light of a star is where one is, (times,): the way along its line."""
    direction = erfa.s2c(np.radians(star.ra_deg), np.radians(star.dec_deg))
    return np.asarray(from_au @ direction * DAYS_PER_AU)


def light_days_from(place: Location, star: Fixed, when: ClockTimes) -> Floats:
    """Return what to add to times at the observatory, (times,), to make them barycentric.

    Source: Eastman, Siverd & Gaudi 2010, equation 3.
    """
    return light_days(star, from_barycentre_au(when, place))
