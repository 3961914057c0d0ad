"""What tonight's sky offers to every plan, and where in the way of which it stands."""

from dataclasses import dataclass

import numpy as np

from obsy.engine.schedule.request import Reason
from obsy.engine.sky.allowed import allowed, declared, reason, why_not
from obsy.engine.sky.arrays import Mask
from obsy.engine.sky.body import Fixed
from obsy.engine.sky.constraints import Constraint
from obsy.engine.sky.grid import Grid
from obsy.engine.sky.horizon import Skyline
from obsy.engine.sky.location import Location
from obsy.engine.sky.track import Track
from obsy.engine.sky.transit import Ephemeris
from obsy.schemas.policy import SunHeightLimit, SunLimits
from obsy.schemas.when import Altitude, Sun, When

DARK = Sun.model_validate({"below": "-18 deg"})
"""What dark means where a plan does not say. Source: astronomical twilight, USNO."""


@dataclass(frozen=True, eq=False)
class ObservingConditions:
    """Worked out once a night."""

    grid: Grid
    place: Location
    skyline: Skyline
    tracks: dict[str, Track]
    """By plan."""
    planets: dict[str, tuple[Fixed, dict[str, Ephemeris]]]
    """By plan: the star and its transiting planets by letter."""
    roof: SunHeightLimit = SunLimits().roof
    """How low the Sun must be before a roof opens, whatever a plan says."""


def free(when: When, track: Track, conditions: ObservingConditions, reach: Altitude) -> Mask:
    """Where everything that is declared and everything that is built allows it; (times,).

    reach: where the mount can point.
    """
    clear = conditions.skyline.clears(track.altitude_deg, track.azimuth_deg)
    return np.asarray(clear & allowed([_dark(when, conditions), *_asked(when), reach], track))


def refusal(when: When, track: Track, conditions: ObservingConditions, reach: Altitude) -> Reason:
    """What stands in the way most, where nothing is free all night."""
    dark = allowed([_dark(when, conditions)], track)
    if not dark.any():
        return Reason("never-dark", reason(_dark(when, conditions)))
    clear = dark & conditions.skyline.clears(track.altitude_deg, track.azimuth_deg)
    if not clear.any():
        return Reason("below-horizon", "it stays behind the measured horizon while it is dark")
    guilty = why_not([*_asked(when), reach], track, clear)
    if guilty is None:
        return Reason("never-together", "what it asks for never holds all at once")
    return Reason(type(guilty).__name__.lower(), reason(guilty))


def _dark(when: When, conditions: ObservingConditions) -> Sun:
    """Return how dark it must be: as the plan asks, but never lighter than safety lets a roof open."""
    return Sun.model_construct(below=min((when.sun or DARK).below, conditions.roof.below))


def _asked(when: When) -> list[Constraint]:
    """The constraints a plan declares, without the Sun, which is always asked."""
    return [constraint for constraint in declared(when) if not isinstance(constraint, Sun)]
