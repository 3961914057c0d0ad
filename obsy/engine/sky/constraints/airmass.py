"""The target is seen through little enough air; astropy and astroplan have only sec z, which fails near the horizon."""

import numpy as np

from obsy.engine.sky.grid import Floats, Mask
from obsy.engine.sky.track import Track
from obsy.schemas.when import Airmass


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


def allows(constraint: Airmass, track: Track) -> Mask:
    """Where the air mass lies between the limits, both inclusive."""
    air = airmass(track.altitude_deg)
    least, most = constraint.above or 0.0, np.inf if constraint.below is None else constraint.below
    return np.asarray((air >= least) & (air <= most) & np.isfinite(air))


def reason(constraint: Airmass) -> str:
    """Why it refuses, in words that follow 'because'."""
    if constraint.above is None:
        return f"its air mass does not fall below {constraint.below:g}"
    if constraint.below is None:
        return f"its air mass does not rise above {constraint.above:g}"
    return f"its air mass is not between {constraint.above:g} and {constraint.below:g}"
