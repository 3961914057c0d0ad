"""Mend what cosmic rays left."""

from dataclasses import replace

import numpy as np

from obsy.engine.reduce.light import LightFrame
from obsy.schemas.pipeline import Cosmics


def run(light: LightFrame, settings: Cosmics) -> LightFrame:
    """The light with the pixels that cosmic rays hit replaced by the median of their sound neighbours.

    Source: L.A.Cosmic, van Dokkum 2001, PASP 113, 1420, as ccdproc runs it (astroscrappy).
    """
    from astroscrappy import detect_cosmics  # noqa: PLC0415 (half a pipeline does without it)

    optics = light.order.optics
    holes = ~np.isfinite(light.counts)
    _, mended = detect_cosmics(
        light.filled(),
        inmask=holes | light.full,
        sigclip=settings.significance,
        gain=optics.conversion,
        readnoise=optics.read_noise_e,
        satlevel=np.inf,
        niter=2,
        cleantype="medmask",
    )
    # detect_cosmics counts in electrons within, and answers in the ADU it was given
    return replace(light, counts=np.where(holes, np.float32(np.nan), mended).astype(np.float32))
