"""Measure the sky, the stars, their width and their shape."""

from dataclasses import replace

import numpy as np
import sep

from obsy.engine.reduce.light import LightFrame
from obsy.engine.reduce.orders import Measures
from obsy.engine.reduce.photometry import fluxes
from obsy.engine.reduce.product import filled
from obsy.engine.reduce.shape import Shapes, shapes
from obsy.engine.reduce.stars import DetectedStars, detect
from obsy.schemas.pipeline import Measure

MEASURED = 200
"""Shapes are taken of so many of the brightest stars, and of as many more as are full."""
REACH_PX = 15
CLEAR = 5.0
"""A star's flux counts when it is so many times its own error."""


def run(light: LightFrame, settings: Measure) -> LightFrame:
    """The light with its measures and stars; its counts are left as they are."""
    counts = filled(light.counts)
    mesh = max(4, round(settings.mesh))
    sky = sep.Background(counts, bw=mesh, bh=mesh)
    bare = counts - sky.back()
    stars = detect(bare, settings.threshold, mesh, light.full)
    chosen = np.arange(min(len(stars), MEASURED + int(stars.full[:MEASURED].sum())))
    found = shapes(bare, stars.x[chosen], stars.y[chosen], REACH_PX)
    measures = _summary(light, stars, found)
    measures = replace(measures, background_adu=sky.globalback, noise_adu=sky.globalrms)
    measures = replace(measures, electrons_per_adu=light.order.optics.conversion)
    flux, error = fluxes(bare, light.deviation(), found)
    return replace(
        light,
        measures=measures,
        stars=_recentred(stars, found),
        shapes=found,
        fluxes=np.where(flux > CLEAR * error, flux, np.nan),
    )


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
