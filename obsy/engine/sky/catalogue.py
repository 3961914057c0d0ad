"""The stars obsy carries: 1.87 million of Tycho-2, so that a field can be known without a network."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import erfa
import numpy as np
from numpy.typing import NDArray

ZONES = 360
"""Bands of declination from the south pole to the north."""
ZONE_DEG = 180.0 / ZONES
STEPS = 65536
"""Steps of a uint16 across one cell: 27 mas of sky at most, against Tycho-2's own 60 mas."""
MAG_ZERO = -2.0
"""VT of a stored magnitude of 0; one stored step is 0.001 mag."""
_SLACK_DEG = 1e-6
_RIGHT_DEG, _HALF_DEG = 90.0, 180.0

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class CatalogueStars:
    """Stars, brightest first: ICRS positions at epoch J2000.0 in degrees, Tycho VT magnitudes."""

    ra_deg: Floats
    dec_deg: Floats
    mag: Floats

    def __len__(self) -> int:
        return len(self.mag)


def cells_in_zones() -> NDArray[np.int64]:
    """How many cells of right ascension each band holds, so that none is wider on the sky than a band is high."""
    edges = np.arange(ZONES + 1) * ZONE_DEG - 90.0
    widest = np.where(edges[:-1] >= 0.0, np.abs(edges[:-1]), np.abs(edges[1:]))
    cells: NDArray[np.int64] = np.ceil(2 * ZONES * np.cos(np.radians(widest)) - 1e-9).astype(np.int64)
    return cells


def cone(ra_deg: float, dec_deg: float, radius_deg: float) -> CatalogueStars:
    """The stars within radius_deg of a place, brightest first."""
    runs = list(_runs(ra_deg % 360.0, dec_deg, radius_deg))
    ra, dec, mag = (np.concatenate(parts) for parts in zip(*runs, strict=True))
    near = separation_deg(ra, dec, ra_deg, dec_deg) <= radius_deg
    ra, dec, mag = ra[near], dec[near], mag[near]
    order = np.argsort(mag, kind="stable")
    return CatalogueStars(ra[order], dec[order], mag[order])


def separation_deg(ra_deg: Floats, dec_deg: Floats, ra0_deg: float, dec0_deg: float) -> Floats:
    """Return the great-circle distances of many places from one, degrees."""
    apart = erfa.seps(*np.radians((ra_deg, dec_deg)), *np.radians((ra0_deg, dec0_deg)))
    return np.asarray(np.degrees(apart))


@dataclass(frozen=True)
class _Arrays:
    """The shipped arrays, mapped and not read, and where each band begins among the cells."""

    stars: NDArray[np.uint16]
    first_star: NDArray[np.uint32]
    cells: NDArray[np.int64]
    first_cell: NDArray[np.int64]


@cache
def _sky() -> _Arrays:
    cells = cells_in_zones()
    folder = Path(__file__).parent / "stars"
    stars = np.load(folder / "stars.npy", mmap_mode="r")
    first_star = np.load(folder / "cells.npy", mmap_mode="r")
    return _Arrays(stars, first_star, cells, np.concatenate([[0], np.cumsum(cells)]))


def _runs(ra_deg: float, dec_deg: float, radius_deg: float) -> Iterator[tuple[Floats, Floats, Floats]]:
    """RA, Dec and VT of every star in the cells a cone may touch, band by band; always at least one band."""
    lowest = max(int((dec_deg - radius_deg - _SLACK_DEG + 90.0) / ZONE_DEG), 0)
    highest = min(int((dec_deg + radius_deg + _SLACK_DEG + 90.0) / ZONE_DEG), ZONES - 1)
    reach = _reach_deg(dec_deg, radius_deg + _SLACK_DEG)
    for zone in range(lowest, highest + 1):
        for first, last in _columns(ra_deg, reach, int(_sky().cells[zone])):
            yield _read(zone, first, last)


def _reach_deg(dec_deg: float, radius_deg: float) -> float:
    """How far in RA a cone stretches to either side of its middle; 180° where it holds a pole.

    Source: the meridian tangent to a small circle, sin(reach) = sin(radius) / cos(dec).
    """
    if abs(dec_deg) + radius_deg >= _RIGHT_DEG:
        return _HALF_DEG
    return math.degrees(math.asin(math.sin(math.radians(radius_deg)) / math.cos(math.radians(dec_deg))))


def _columns(ra_deg: float, reach_deg: float, cells: int) -> list[tuple[int, int]]:
    """First and last cell of a band within reach of an RA, in one stretch or, across 0 h, in two."""
    if reach_deg >= _HALF_DEG:
        return [(0, cells - 1)]
    first = math.floor((ra_deg - reach_deg) / 360.0 * cells)
    last = math.floor((ra_deg + reach_deg) / 360.0 * cells)
    if last - first >= cells - 1:
        return [(0, cells - 1)]
    first, last = first % cells, last % cells
    return [(first, last)] if first <= last else [(first, cells - 1), (0, last)]


def _read(zone: int, first: int, last: int) -> tuple[Floats, Floats, Floats]:
    """RA, Dec and VT of the stars in neighbouring cells of one band."""
    sky = _sky()
    bounds = sky.first_star[sky.first_cell[zone] + first : sky.first_cell[zone] + last + 2].astype(np.int64)
    raw = np.asarray(sky.stars[bounds[0] : bounds[-1]])
    column = np.repeat(np.arange(first, last + 1), bounds[1:] - bounds[:-1])
    ra = (column + (raw[:, 0] + 0.5) / STEPS) * (360.0 / int(sky.cells[zone]))
    dec = (zone + (raw[:, 1] + 0.5) / STEPS) * ZONE_DEG - 90.0
    return ra, dec, raw[:, 2] / 1000.0 + MAG_ZERO
