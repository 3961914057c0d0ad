"""The light of the star at the target's place, and how well it is known: one aperture, and the sky around it."""

from dataclasses import replace
from math import pi, sqrt

import numpy as np
from astropy.wcs import WCS

from obsy.engine.mad_std import mad_std
from obsy.engine.reduce.apertures import CircularAperture
from obsy.engine.reduce.light import LightFrame
from obsy.engine.signal import APERTURE_FWHM

INNER_FWHM, OUTER_FWHM = 4.0, 8.0
"""The ring of sky around it: of a Gaussian, nothing to speak of is left there."""
NEAR_FWHM = 1.5
"""A detected star so near to the target's place is the target; else its light is summed at the place itself."""
FEWEST = 50
"""Pixels of sky that its level rests on."""


def with_target(light: LightFrame, plane: WCS) -> LightFrame:
    """Return the light with the flux of the target's star and its standard error, ADU, where they can be measured.

    The error is that of the CCD equation: the star's own light, and what the sky's pixels scatter by, in the aperture
    and, once more, in the level that is taken off. Source: Merline & Howell 1995, equation 17, whose terms of sky, dark
    and read noise are the measured scatter.
    """
    fwhm, aim = light.measures.fwhm_px, light.order.aim
    if fwhm is None or aim is None:
        return light
    x, y = target_place(light, plane, aim, fwhm)
    radius, reach = APERTURE_FWHM * fwhm, round(OUTER_FWHM * fwhm) + 1
    column, row = round(x), round(y)
    rows, columns = light.counts.shape
    if not (reach <= column < columns - reach and reach <= row < rows - reach):
        return light
    cut = np.s_[row - reach : row + reach + 1, column - reach : column + reach + 1]
    stamp, full = light.counts[cut], light.full[cut]
    grid_y, grid_x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    away = np.hypot(grid_x - (x - column), grid_y - (y - row))
    inside = away <= radius + 1
    if full[inside].any() or not np.isfinite(stamp[inside]).all():
        return light
    around = stamp[(away >= INNER_FWHM * fwhm) & (away <= OUTER_FWHM * fwhm) & np.isfinite(stamp)].astype(float)
    if len(around) < FEWEST:
        return light
    level = float(np.median(around))
    noise = mad_std(around, about=level)
    middle = CircularAperture([(x - column + reach, y - row + reach)], radius)
    flux = float(middle.do_photometry(np.where(np.isfinite(stamp), stamp - level, 0.0))[0][0])
    pixels = pi * radius**2
    level_term = pi / 2 * pixels / len(around)  # the median of n normal values scatters by sqrt(pi / 2n) sigmas
    own = max(flux, 0.0) / light.order.optics.conversion
    error = sqrt(own + pixels * (1 + level_term) * noise**2)
    return replace(light, measures=replace(light.measures, target_adu=flux, target_error_adu=error)) if error else light


def target_place(light: LightFrame, plane: WCS, aim: tuple[float, float], fwhm: float) -> tuple[float, float]:
    """Pixels from 0: of the detected star that is the target, or where the target must be."""
    x, y = (float(each) for each in plane.all_world2pix(*aim, 0))
    if light.stars is None or not len(light.stars):
        return x, y
    far = np.hypot(light.stars.x - x, light.stars.y - y)
    nearest = int(np.argmin(far))
    if far[nearest] > NEAR_FWHM * fwhm:
        return x, y
    return float(light.stars.x[nearest]), float(light.stars.y[nearest])
