"""The light of the same stars over many frames, found in the tables of each by their places."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from obsy.engine.reduce.star_table import Flag, StarTable
from obsy.engine.separation import separation_deg

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
PER_SHARE = 2.5 / np.log(10)
"""Magnitudes of a small share of the light: 1 % is 0.0109 mag. Source: Pogson's scale, m = -2.5 log10 of the light."""
SPOILT = Flag.SATURATED | Flag.EDGE | Flag.HOLE | Flag.BLENDED
"""Flags of a star that nothing is compared with."""


@dataclass(frozen=True, slots=True, eq=False)
class SameStars:
    """Light of each star in each frame, all (frames, stars); NaN where a frame has none of a star."""

    flux: Floats
    """Electrons a second."""
    flux_error: Floats
    flags: NDArray[np.int64]
    is_there: Mask
    """Whether the frame has an entry so near to the star's place, whatever is wrong with it."""

    def only(self, stars: slice) -> "SameStars":
        """Return the light of some of the stars."""
        return SameStars(*(getattr(self, name)[:, stars] for name in SameStars.__slots__))

    @property
    def magnitude(self) -> Floats:
        """Instrumental: -2.5 log10 of electrons a second; NaN of what is no light."""
        light = np.where(self.flux > 0, self.flux, np.nan)
        return np.asarray(-2.5 * np.log10(light), dtype=np.float64)

    @property
    def error(self) -> Floats:
        """One standard deviation of the magnitude, of photons alone, to first order in error over flux."""
        light = np.where(self.flux > 0, self.flux, np.nan)
        return np.asarray(PER_SHARE * self.flux_error / light, dtype=np.float64)

    @property
    def usable(self) -> Mask:
        """Whether something may be compared with it: seen whole and alone, and not faint."""
        seen = np.isfinite(self.magnitude) & (self.flux_error > 0)
        return np.asarray(seen & (self.flags & int(SPOILT | Flag.FAINT) == 0))


def same_stars(tables: Sequence[StarTable], ra_deg: Floats, dec_deg: Floats, within_arcsec: float) -> SameStars:
    """Return the light of the stars at these places, of the nearest in each table that is so near.

    ra_deg, dec_deg: (stars,), ICRS.
    """
    wanted = _towards(ra_deg, dec_deg)
    shape = len(tables), len(wanted)
    flux, error, flags = np.full(shape, np.nan), np.full(shape, np.nan), np.zeros(shape, dtype=np.int64)
    there = np.zeros(shape, dtype=bool)
    nearest_cosine = np.cos(np.radians(within_arcsec / 3600))
    for frame, table in enumerate(tables):
        if not len(table):
            continue
        cosine = np.nan_to_num(wanted @ _towards(table.ra, table.dec).T, nan=-1.0)
        row = np.argmax(cosine, axis=1)
        near = there[frame] = cosine[np.arange(len(wanted)), row] >= nearest_cosine
        seconds = table.observation.exposure_s or 1.0
        flux[frame] = np.where(near, table.flux[row], np.nan) / seconds
        error[frame] = np.where(near, table.flux_error[row], np.nan) / seconds
        flags[frame] = np.where(near, table.flags[row], 0)
    return SameStars(flux, error, flags, there)


def beside_arcsec(tables: Sequence[StarTable], place: tuple[float, float], within_arcsec: float) -> float:
    """Return how far from a place (degrees) its light was summed, the median of the tables; 0 where none has it."""
    rows = [(each, row) for each in tables if (row := each.nearest(*place, within_arcsec)) is not None]
    away = [separation_deg(place, (float(each.ra[row]), float(each.dec[row]))) * 3600 for each, row in rows]
    return float(np.median(away)) if away else 0.0


def _towards(ra_deg: Floats, dec_deg: Floats) -> Floats:
    """Unit vectors to places, (places, 3): their product is the cosine between them, to 0.005 arcsec at 5 arcsec."""
    ra, dec = np.radians(ra_deg), np.radians(dec_deg)
    return np.column_stack([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)])
