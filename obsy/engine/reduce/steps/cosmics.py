"""Mend what cosmic rays left."""

from dataclasses import replace

import ccdproc
import numpy as np
from astropy import units as u
from astropy.nddata import CCDData

from obsy.engine.reduce.light import LightFrame
from obsy.engine.reduce.product import filled
from obsy.schemas.pipeline import Cosmics


def run(light: LightFrame, settings: Cosmics) -> LightFrame:
    """The light with the pixels that cosmic rays hit replaced by the median of their sound neighbours.

    Source: L.A.Cosmic, van Dokkum 2001, PASP 113, 1420, as ccdproc runs it.
    """
    optics, holes = light.order.optics, ~np.isfinite(light.counts)
    mended = ccdproc.cosmicray_lacosmic(
        CCDData(filled(light.counts), unit=u.adu, mask=holes | light.full),
        sigclip=settings.significance,
        gain=optics.conversion,
        readnoise=optics.read_noise_e,
        satlevel=np.inf,
        niter=2,
        cleantype="medmask",
        gain_apply=False,
    )
    counts = np.where(holes, np.float32(np.nan), mended.data).astype(np.float32)
    return replace(light, frame=CCDData(counts, unit=u.adu, uncertainty=light.frame.uncertainty))
