"""A standard field in one filter: its stars' instrumental magnitudes over a night, and what the air took."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from obsy.engine.reduce.star_table import StarTable
from obsy.engine.science.comparison_stars import WITHIN_ARCSEC, known_magnitude
from obsy.engine.science.same_stars import Floats, same_stars
from obsy.engine.science.straight_line import PointErrors, straight_line
from obsy.engine.science.zero_points import FLOOR_MAG, zero_points
from obsy.errors import UserError
from obsy.schemas.comparison import Band, ComparisonStar, KnownMagnitude

LEAST_AIRMASSES = 0.3
"""By so much the air masses of frames differ that tell what one takes."""
LEAST_FRAMES = 4


@dataclass(frozen=True, slots=True, eq=False)
class StandardField:
    """What a night says of a field's stars in one filter; arrays are (stars,), NaN where it says nothing."""

    band: Band
    known: Floats
    """By the catalogue, mag."""
    known_error: Floats
    magnitude: Floats
    """Instrumental, above the air but for what all stars lose alike: its level says nothing."""
    error: Floats
    """One standard deviation, of photons and what stars scatter by beside them."""
    extinction: KnownMagnitude | None
    """What an air mass takes; None where the night does not tell."""
    frames: tuple[str, ...]
    """Their hashes."""
    airmass: Floats
    """(frames,); NaN where it is not known."""
    residual: Floats
    """(frames, stars): what the frame's zero point and the star's offset leave, mag; NaN where it does not count."""
    weight: Floats
    """(frames, stars): one over the variance of each."""


def standard_field(tables: Sequence[StarTable], stars: Sequence[ComparisonStar], band: Band) -> StandardField:
    """Return a field's stars in one filter: frames of any air mass together, each with a zero point of its own.

    Raises UserError if no frame has a star whose magnitude is known.
    """
    light = same_stars(
        tables, np.array([star.ra for star in stars]), np.array([star.dec for star in stars]), WITHIN_ARCSEC
    )
    nothing = KnownMagnitude(float("nan"), float("nan"))
    said = [known_magnitude(star, band) if band in star.magnitudes else nothing for star in stars]
    known = np.array(said, dtype=np.float64)
    usable = light.usable & np.isfinite(known[:, 0])
    if not usable.any():
        why = "none of its stars has a magnitude" if not np.isfinite(known).any() else "no frame has a star whole"
        raise UserError(f"{why} in {band}: take a sequence with that band, or other exposures")
    is_there = usable.any(axis=0)
    found = zero_points(
        light.magnitude[:, is_there], light.error[:, is_there], usable[:, is_there], known[is_there, 0],
        known[is_there, 1],
    )  # fmt: skip
    variance = light.error[:, is_there] ** 2 + max(FLOOR_MAG, found.beyond) ** 2
    with np.errstate(divide="ignore"):
        spread = 1 / np.sqrt(np.sum(np.where(found.counted, 1 / variance, 0.0), axis=0))
    magnitude, error = np.full(len(stars), np.nan), np.full(len(stars), np.nan)
    is_measured = np.isfinite(spread)
    magnitude[is_there] = np.where(is_measured, known[is_there, 0] - found.offset, np.nan)
    error[is_there] = np.where(is_measured, spread, np.nan)
    airmass = np.array([_number(each.observation.airmass) for each in tables])
    taken = _extinction(airmass, found.value, found.error)
    frames = tuple(each.observation.frame for each in tables)
    residual, weight = np.full(usable.shape, np.nan), np.zeros(usable.shape)
    residual[:, is_there] = np.where(found.counted, found.residual, np.nan)
    weight[:, is_there] = 1 / variance
    return StandardField(band, known[:, 0], known[:, 1], magnitude, error, taken, frames, airmass, residual, weight)


def _number(value: float | None) -> float:
    return float("nan") if value is None else value


def _extinction(airmass: Floats, zero_point: Floats, error: Floats) -> KnownMagnitude | None:
    """Return by how much zero points fall an air mass; None where frames are too few, or their air masses too alike."""
    there = np.isfinite(airmass) & np.isfinite(zero_point)
    if there.sum() < LEAST_FRAMES or np.ptp(airmass[there]) < LEAST_AIRMASSES:
        return None
    nothing = np.zeros(int(there.sum()))
    line = straight_line(airmass[there], zero_point[there], PointErrors(nothing, error[there], nothing))
    return KnownMagnitude(-line.slope, line.error)
