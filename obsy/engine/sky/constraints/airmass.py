"""The target is seen through little enough air; astropy and astroplan have only sec z, which fails near the horizon."""

import numpy as np

from obsy.engine.sky.grid import Floats
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


def margin(constraint: Airmass, track: Track) -> Floats:
    """How far the air mass lies inside the nearer limit; -inf where there is none."""
    air = airmass(track.altitude_deg)
    more = np.inf if constraint.above is None else air - constraint.above
    less = np.inf if constraint.below is None else constraint.below - air
    return np.where(np.isfinite(air), np.minimum(more, less), -np.inf)


def unit(_constraint: Airmass, _track: Track, _at: int) -> str:
    """The unit of its margin."""
    return ""


def reason(constraint: Airmass) -> str:
    """Why it refuses, in words that follow 'because'."""
    if constraint.above is None:
        return f"its air mass does not fall below {constraint.below:g}"
    if constraint.below is None:
        return f"its air mass does not rise above {constraint.above:g}"
    return f"its air mass is not between {constraint.above:g} and {constraint.below:g}"


def edge(constraint: Airmass, track: Track, inside: int, outside: int) -> str:
    """What happens there, in words that follow 'when'."""
    closes = outside > inside
    if constraint.above is not None and airmass(track.altitude_deg[outside]) < constraint.above:
        return f"its air mass {'falls below' if closes else 'grows to'} {constraint.above:g}"
    # Neither limit is passed where what is asked for is air, and it goes below the horizon.
    limit = "all that there is" if constraint.below is None else f"{constraint.below:g}"
    return f"its air mass {'grows beyond' if closes else 'falls to'} {limit}"
