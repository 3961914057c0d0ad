"""Artificial stars fainter than the catalogue: at each place always the same ones, as many as the sky has there."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from obsy.engine.devices.simulated.chance import generator
from obsy.engine.devices.simulated.parts import Extended
from obsy.engine.devices.simulated.picture.plate import off

Array = NDArray[np.float64]
CELL_DEG = 0.25
_MAG = np.array([11.6, 12, 13, 14, 15, 16, 17, 18])
_COUNT = 10 ** np.array([1.62, 1.78, 2.19, 2.59, 2.95, 3.31, 3.65, 3.96])
"""Stars per square degree brighter than that, averaged over the sky.

Source: Allen's Astrophysical Quantities, 4th ed., star counts, from memory; agrees with Tycho-2 at 10 and 11 mag.
"""
_SALT = 0x0B57
POLE_RA, POLE_DEC = 192.85948, 27.12825
"""Of the Galaxy, ICRS degrees. Source: Hipparcos catalogue, volume 1, section 1.5.3."""


@dataclass(frozen=True, slots=True)
class Faint:
    """Artificial stars: ICRS degrees and V magnitudes."""

    ra_deg: Array
    dec_deg: Array
    mag: Array


def crowding(ra_deg: float, dec_deg: float) -> float:
    """How many stars there are at a place, relative to the whole sky's mean: 2.3 in the Milky Way, 0.4 at its poles."""
    ra, dec, pole = np.radians(ra_deg - POLE_RA), np.radians(dec_deg), np.radians(POLE_DEC)
    sine = np.sin(dec) * np.sin(pole) + np.cos(dec) * np.cos(pole) * np.cos(ra)
    return float(0.4 + 1.9 * np.exp(-abs(np.degrees(np.arcsin(np.clip(sine, -1, 1)))) / 20))


@lru_cache(maxsize=512)
def _cell(band: int, step: int, steps: int) -> Faint:
    low, west = -90 + band * CELL_DEG, step * 360 / steps
    middle = low + CELL_DEG / 2
    chance = np.random.Generator(np.random.SFC64([_SALT, band, step]))
    south, north = np.sin(np.radians([low, low + CELL_DEG]))
    area = np.degrees(north - south) * 360 / steps
    expected = (_COUNT[-1] - _COUNT[0]) * area * crowding(west + 180 / steps, middle)
    number = int(chance.poisson(expected))
    place = chance.random((3, number))
    rank = _COUNT[0] + (_COUNT[-1] - _COUNT[0]) * place[2]
    dec = np.degrees(np.arcsin(south + (north - south) * place[1]))
    return Faint(west + place[0] * 360 / steps, dec, np.interp(np.log(rank), np.log(_COUNT), _MAG))


def faint(ra_deg: float, dec_deg: float, radius_deg: float) -> Faint:
    """Return the artificial stars of all cells that touch a circle; some lie outside it."""
    cells: list[Faint] = []
    last = round(180 / CELL_DEG) - 1
    first_band = int(np.clip((dec_deg - radius_deg + 90) // CELL_DEG, 0, last))
    last_band = int(np.clip((dec_deg + radius_deg + 90) // CELL_DEG, 0, last))
    for band in range(first_band, last_band + 1):
        slim = max(np.cos(np.radians(-90 + (band + 0.5) * CELL_DEG)), 1e-3)
        steps = max(1, round(360 * slim / CELL_DEG))
        nearest = max(np.cos(np.radians(min(89.9, abs(dec_deg) + radius_deg))), 1e-3)
        reach = min(steps // 2, int(radius_deg / nearest * steps / 360) + 1)
        middle = int(ra_deg % 360 * steps / 360)
        around = sorted({(middle + offset) % steps for offset in range(-reach, reach + 1)})
        cells.extend(_cell(band, step, steps) for step in around)
    return Faint(*(np.concatenate([getattr(c, name) for c in cells]) for name in Faint.__slots__))


def colours(ra_deg: Array, mag: Array) -> Array:
    """Return a B-V for stars of unknown colour: between -0.1 and 1.5, most near 0.6, the same for a star each time."""
    seed = np.modf(np.sin(ra_deg * 12989.8 + mag * 78.233) * 43758.5453)[0]
    return np.asarray(0.65 + 0.8 * seed * np.abs(seed) ** 0.5)


MEMBERS = {"open-cluster": (160, 11.6, 16.5), "globular": (9000, 12.5, 19.5)}
"""How many, and between which magnitudes; brighter members of open clusters are in the catalogue."""

STEEPNESS = 0.3
"""Ten to this: how many times more members there are, a magnitude fainter."""


def members(thing: Extended) -> Faint:
    """Return the faint members of a star cluster, made up from its name.

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
    return Faint(ra, dec, mag)
