"""A frame's stars measured by their shape: of whom it is told, who is fitted, and what is doubtful about each."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from obsy.engine.reduce.around import around, steps_between
from obsy.engine.reduce.blends import Neighbours
from obsy.engine.reduce.frame_psf import CLEAR, frame_psf, lonely
from obsy.engine.reduce.group_fit import REACH, shape_at
from obsy.engine.reduce.light import LightFrame
from obsy.engine.reduce.psf_light import FittedStars, Pixels, pixels_of, psf_light
from obsy.engine.reduce.star_light import Rings, rings
from obsy.engine.reduce.star_places import StarPlaces
from obsy.engine.reduce.star_table import FAINTEST, LOSING, Flag
from obsy.engine.reduce.star_ways import WayLight

if TYPE_CHECKING:
    from photutils.psf import ImagePSF

MOST = 1500
"""Stars and neighbours that are fitted in a frame: some 4 s; of more, all are measured in apertures."""
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


def by_psf(
    light: LightFrame,
    places: StarPlaces,
    around_them: tuple[Rings, Neighbours, Mask],
    own: WayLight,
    ring: tuple[float, float],
) -> WayLight | None:
    """Return the light of each star by the frame's own star shape; None where too few lonely stars show that,
    or where there are too many to fit.

    around_them: the sky, the neighbours, and which places are no star but what lies between two. own: their light in
    the declared aperture. ring: radii of the sky around a star,
    pixels. A star that is seen is fitted with its neighbours where all of them stand best, one that is not at its
    place. What was told from a neighbour is not blended any more.
    """
    fwhm, gain = light.measures.fwhm_px or 0.0, light.order.optics.conversion
    adu, beside, between = around_them
    others = _others(light, places, beside, ring)
    if len(places.x) + len(others.x) > MOST:
        return None
    known = tuple(np.concatenate(pair) for pair in zip((places.x, places.y), (others.x, others.y), strict=True))
    good = (own.flags == 0) & (own.flux > CLEAR * own.flux_error) & ~np.isfinite(beside.away)
    good &= lonely((places.x, places.y), (known[0], known[1]), fwhm)
    best = np.flatnonzero(good)[np.argsort(-own.flux[good])]
    bare = np.asarray(light.counts, dtype=np.float64) - float(np.nanmedian(adu.level))
    psf = frame_psf(bare, (places.x[best], places.y[best]), fwhm)
    if psf is None:
        return None
    sky = float(np.nanmedian(adu.level)), float(np.nanmedian(adu.noise))
    seen = pixels_of(light.counts, light.full, (sky[0], max(sky[1], light.order.optics.read_noise_e / gain)), gain)
    flux, error, apart = _forced(seen, psf, places, adu.level, fwhm)
    flux[between] = np.nan
    is_seen = ~between & np.isfinite(adu.level) & (own.flags & int(Flag.FAINT) == 0) & (own.flags & int(LOSING) == 0)
    stars = FittedStars(places.x[is_seen], places.y[is_seen], own.flux[is_seen] / gain, adu.level[is_seen])
    flux[is_seen], error[is_seen], apart[is_seen] = psf_light(seen, psf, stars, others, fwhm)
    return WayLight(flux * gain, error * gain, _flags(own, flux, error, apart))


def _others(light: LightFrame, places: StarPlaces, beside: Neighbours, ring: tuple[float, float]) -> FittedStars:
    """What lies beside stars, ADU."""
    x, y = beside.x[np.isfinite(beside.away)], beside.y[np.isfinite(beside.away)]
    sky = rings(light.counts, x, y, ring)
    peak = around(light.counts, x, y, np.zeros(1, dtype=int), np.zeros(1, dtype=int))[:, 0] - sky.level
    whole = np.isfinite(peak) & (peak > 0)
    area = (light.measures.fwhm_px or 0.0) ** 2 * np.pi / np.log(16)  # of a Gaussian: its light over its peak
    return FittedStars(x[whole], y[whole], peak[whole] * area, sky.level[whole])


def _forced(
    seen: Pixels, psf: "ImagePSF", places: StarPlaces, level: Floats, fwhm: float
) -> tuple[Floats, Floats, Mask]:
    """Return the light of stars at their places, and its error, ADU: the weighted least squares of one number."""
    right, down = steps_between(0.0, REACH * fwhm)
    column, row = np.round(places.x)[:, None] + right, np.round(places.y)[:, None] + down
    shape = shape_at(psf, column - places.x[:, None], row - places.y[:, None])[0]
    noise = around(seen.noise, places.x, places.y, right, down)
    light = around(seen.counts, places.x, places.y, right, down) - level[:, None]
    weight = np.where(np.isfinite(light) & (noise > 0), noise**-2.0, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        whole = (weight * shape**2).sum(axis=1)
        flux = np.where(np.isfinite(level), (weight * shape * np.nan_to_num(light)).sum(axis=1) / whole, np.nan)
        return flux, whole**-0.5, np.zeros(len(flux), dtype=bool)


def _flags(own: WayLight, flux: Floats, error: Floats, apart: Mask) -> NDArray[np.int64]:
    """Return what is doubtful about each: as of its aperture, but for its neighbours and how faint it is."""
    flags = own.flags & ~int(Flag.FAINT)
    flags = np.where(apart, flags & ~int(Flag.BLENDED), flags)
    flags |= np.where(np.isfinite(flux), 0, int(Flag.HOLE))
    with np.errstate(invalid="ignore"):
        return np.asarray(flags | np.where(flux >= FAINTEST * error, 0, int(Flag.FAINT)), dtype=np.int64)
