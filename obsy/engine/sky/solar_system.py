"""The Moon and the planets, from series that need no file."""

from dataclasses import dataclass
from typing import Literal, get_args

import erfa
import numpy as np

from obsy.engine.sky.arrays import Floats
from obsy.engine.sky.earth import Earth

BodyName = Literal["moon", "mercury", "venus", "mars", "jupiter", "saturn", "uranus", "neptune"]

_NUMBER: dict[BodyName, int] = {
    "mercury": 1,
    "venus": 2,
    "mars": 4,
    "jupiter": 5,
    "saturn": 6,
    "uranus": 7,
    "neptune": 8,
}


@dataclass(frozen=True)
class SolarSystemBody:
    """A body of the solar system that needs no elements."""

    name: BodyName

    def __post_init__(self) -> None:
        if self.name not in get_args(BodyName):
            raise ValueError(f"'{self.name}' is none of {', '.join(get_args(BodyName))}")

    def barycentric(self, earth: Earth, delay_d: Floats) -> Floats:
        """The place from the barycentre `delay_d` days earlier, au; (times, 3).

        Source: ERFA moon98 (Meeus 1998, within 10 arcsec) and plan94 (Simon 1994, within an arcminute), as astropy's
        built-in ephemeris.
        """
        tt_mjd = earth.tt_mjd - delay_d
        if self.name == "moon":
            centre = earth.centre - delay_d[:, None] * earth.velocity
            return np.asarray(centre + erfa.moon98(erfa.DJM0, tt_mjd)["p"])
        return np.asarray(earth.sun + erfa.plan94(erfa.DJM0, tt_mjd, _NUMBER[self.name])["p"])
