"""Measure the sky, the stars, their width and their shape."""

from dataclasses import replace

import numpy as np
import sep
from numpy.typing import NDArray

from obsy.engine.reduce.light import LightFrame
from obsy.engine.reduce.orders import Measures
from obsy.engine.reduce.product import Image, filled
from obsy.engine.reduce.shape import Shapes, shapes
from obsy.engine.reduce.star_light import sums
from obsy.engine.reduce.stars import DetectedStars, detect
from obsy.schemas.pipeline import Measure

Floats = NDArray[np.float64]

REACH_PX = 15
APERTURE_FWHM = 2.5
"""Radius of the aperture, in median star widths: it holds a Gaussian but for a part in ten thousand million."""
CLEAR = 5.0
"""A star's flux counts when it is so many times its own error."""


def run(light: LightFrame, settings: Measure) -> LightFrame:
    """The light with its measures and stars; its counts are left as they are."""
    counts = filled(light.counts)
    mesh = max(4, round(settings.mesh))
    sky = sep.Background(counts, bw=mesh, bh=mesh)
    bare = counts - sky.back()
    stars = detect(bare, settings.threshold, mesh, light.full)
    chosen = np.arange(min(len(stars), settings.stars + int(stars.full[: settings.stars].sum())))
    found = shapes(bare, stars.x[chosen], stars.y[chosen], REACH_PX)
    measures = _summary(light, stars, found)
    measures = replace(measures, background_adu=sky.globalback, noise_adu=sky.globalrms)
    measures = replace(measures, electrons_per_adu=light.order.optics.conversion)
    return replace(
        light,
        measures=measures,
        stars=_recentred(stars, found),
        shapes=found,
        fluxes=_fluxes(light, bare, found),
    )


def _fluxes(light: LightFrame, bare: Image, found: Shapes) -> Floats:
    """The light of each star, ADU, in an aperture that is the same for all; NaN where there is none to trust.

    bare: the counts, background taken off, no NaN. What each pixel of the aperture scatters by adds up to the error.
    """
    flux = np.full(len(found.x), np.nan)
    known = np.flatnonzero(np.isfinite(found.fwhm))
    if not len(known):
        return flux
    radius, places = APERTURE_FWHM * float(np.median(found.fwhm[known])), (found.x[known], found.y[known])
    none, deviation = np.zeros(len(known)), light.deviation()
    within = sums(bare, light.full, places, radius, none)
    variance = none if deviation is None else sums(deviation**2, light.full, places, radius, none).flux
    clear = within.flux > CLEAR * np.sqrt(variance)
    flux[known] = np.where(clear & ~within.outside, within.flux, np.nan)
    return flux


def _recentred(stars: DetectedStars, found: Shapes) -> DetectedStars:
    """The stars, those whose shape is known at the middle of that shape, the full ones too: neighbours pull regions."""
    x, y = stars.x.copy(), stars.y.copy()
    known = np.flatnonzero(np.isfinite(found.fwhm))
    x[known], y[known] = found.x[known], found.y[known]
    return replace(stars, x=x, y=y)


def _summary(light: LightFrame, stars: DetectedStars, found: Shapes) -> Measures:
    """The medians over the stars, None where no star could be measured."""
    measured = np.isfinite(found.fwhm) & np.isfinite(found.hfr) & ~stars.full[: len(found.fwhm)]
    if not measured.any():
        return replace(light.measures, stars=len(stars))
    fwhm = float(np.median(found.fwhm[measured]))
    return replace(
        light.measures,
        stars=len(stars),
        fwhm_px=fwhm,
        fwhm_arcsec=fwhm * light.order.optics.scale_arcsec,
        eccentricity=float(np.median(found.eccentricity[measured])),
        hfr_px=float(np.median(found.hfr[measured])),
    )
