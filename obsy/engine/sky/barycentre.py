"""How much earlier or later light passes the observatory than the barycentre of the solar system."""

import numpy as np
from astropy.time import Time

from obsy.engine.sky.arrays import Floats
from obsy.engine.sky.body import LIGHT_DAY_AU, Fixed, moved
from obsy.engine.sky.earth import earth
from obsy.engine.sky.location import Location


def light_time_d(star: Fixed, times: Time, place: Location) -> Floats:
    """Days to add to a time (TDB) at the observatory to make it barycentric; (times,).

    Source: Eastman, Siverd & Gaudi, PASP 122, 935 (2010), the Roemer term; the others stay below 0.1 ms.
    """
    ours = earth(times, place)
    ra, dec = np.radians(moved(star, ours.tt_mjd))
    towards = np.stack((np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)), axis=-1)
    return np.asarray(np.sum(ours.observer * towards, axis=-1) / LIGHT_DAY_AU)
