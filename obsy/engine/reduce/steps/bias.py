"""Take off the camera's pedestal."""

from dataclasses import replace

import ccdproc
import numpy as np
from astropy import units as u

from obsy.engine.reduce.light import LightFrame, master_of
from obsy.schemas.pipeline import Bias


def run(light: LightFrame, settings: Bias) -> LightFrame:
    """The light less the master bias, each pixel with its deviation. Raises FrameError no-master if there is none."""
    optics = light.order.optics
    bare = ccdproc.subtract_bias(light.frame, master_of(light, "bias"), add_keyword=None)
    gain, read_noise = optics.conversion * u.electron / u.adu, optics.read_noise_e * u.electron
    known = ccdproc.create_deviation(bare, gain=gain, readnoise=read_noise, disregard_nan=True, add_keyword=None)
    if bare.uncertainty is not None:  # of the master itself
        known.uncertainty.array = np.hypot(known.uncertainty.array, bare.uncertainty.array)
    return replace(light, frame=known)
