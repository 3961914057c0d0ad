"""The faint members of star clusters: made up from the cluster's name, fixed on the sky."""

import numpy as np

from obsy.engine.devices.simulated.chance import generator
from obsy.engine.devices.simulated.parts import Extended
from obsy.engine.devices.simulated.picture.faint import Array
from obsy.engine.devices.simulated.picture.plate import off

MEMBERS = {"open": (160, 11.6, 16.5), "globular": (9000, 12.5, 19.5)}
"""How many, and between which magnitudes; brighter members of open clusters are in the catalogue."""

STEEPNESS = 0.3
"""Ten to this: how many times more members there are, a magnitude fainter."""


def members(thing: Extended) -> tuple[Array, Array, Array]:
    """Right ascension, declination (degrees) and V magnitude of made-up members.

    A Plummer sphere; a globular's stars together have its declared magnitude, an open cluster's are as they fall.
    """
    number, bright, faint = MEMBERS[thing.kind]
    chance = generator("cluster", thing.name)
    radius = thing.major_arcmin * 60 / 2 * (0.15 if thing.kind == "globular" else 0.45)
    enclosed = chance.random(number) * 0.97
    distance = radius * np.sqrt(enclosed / (1 - enclosed))
    angle = chance.random(number) * 2 * np.pi
    least = 10 ** (STEEPNESS * (bright - faint))
    mag = faint + np.log10(least + (1 - least) * chance.random(number)) / STEEPNESS
    if thing.kind == "globular":
        mag += thing.mag + 2.5 * np.log10(np.sum(10 ** (-0.4 * mag)))
    ra, dec = off(distance * np.sin(angle), distance * np.cos(angle), (thing.ra_deg, thing.dec_deg))
    return ra, dec, mag
