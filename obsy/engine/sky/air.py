"""How much air a target is seen through; astropy and astroplan have only sec z, which fails near the horizon."""

import numpy as np

from obsy.engine.sky.grid import Floats


def refracted(altitude_deg: Floats) -> Floats:
    """The altitude at which it appears, degrees; nothing below -1 degree is lifted.

    Source: Saemundsson, Sky & Telescope 72, 70 (1986): 1010 hPa, 10 degrees Celsius; within 0.1 arcmin.
    """
    true = np.maximum(altitude_deg, -1.0)
    lift = 1.02 / 60 / np.tan(np.radians(true + 10.3 / (true + 5.11)))
    return np.where(altitude_deg < -1.0, altitude_deg, altitude_deg + lift)


def airmass(altitude_deg: Floats) -> Floats:
    """The air mass at true altitudes, 1 at the zenith; infinite where it appears below the horizon.

    Source: Pickering, DIO 12, 3 (2002), of the refracted altitude.
    """
    seen = refracted(altitude_deg)
    above = np.maximum(seen, 0.0)
    air = 1 / np.sin(np.radians(above + 244 / (165 + 47 * above**1.1)))
    return np.where(seen < 0, np.inf, np.maximum(air, 1.0))
