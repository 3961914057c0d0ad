"""The light of the star at the target's place, and how well it is known: one aperture, and the sky around it."""

from dataclasses import replace
from math import pi

import numpy as np
from astropy.wcs import WCS

from obsy.engine.reduce.light import LightFrame
from obsy.engine.reduce.star_light import rings, sums
from obsy.engine.reduce.star_noise import ccd_error
from obsy.engine.signal import APERTURE_FWHM

INNER_FWHM, OUTER_FWHM = 4.0, 8.0
"""The ring of sky around it: of a Gaussian, nothing to speak of is left there."""
NEAR_FWHM = 1.5
"""A detected star so near to the target's place is the target; else its light is summed at the place itself."""


def with_target(light: LightFrame, plane: WCS) -> LightFrame:
    """Return the light with the flux of the target's star and its standard error, ADU, where they can be measured.

    The error is that of the CCD equation, without scintillation. None is measured where the aperture reaches over the
    edge, holds a full pixel or one without a value, or where too few pixels show the sky.
    """
    fwhm, aim = light.measures.fwhm_px, light.order.aim
    if fwhm is None or aim is None:
        return light
    place = target_place(light, plane, aim, fwhm)
    if not np.isfinite(place).all():
        return light
    x, y = (np.array([each]) for each in place)
    radius, gain = APERTURE_FWHM * fwhm, light.order.optics.conversion
    sky = rings(light.counts, x, y, (INNER_FWHM * fwhm, OUTER_FWHM * fwhm))
    found = sums(light.counts, light.full, (x, y), radius, sky.level)
    if (found.full | found.hole | found.outside | ~np.isfinite(found.flux))[0]:
        return light
    error = ccd_error(found.flux * gain, sky.times(gain), pi * radius**2, light.order.optics.read_noise_e) / gain
    measures = replace(light.measures, target_adu=float(found.flux[0]), target_error_adu=float(error[0]))
    return replace(light, measures=measures) if error[0] > 0 else light


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
