"""Even out dust, vignetting and the pixels' own sensitivity."""

from dataclasses import replace

import ccdproc
import numpy as np
from astropy import units as u
from astropy.nddata import CCDData

from obsy.engine.reduce.light import LightFrame, master_of
from obsy.schemas.pipeline import Flat

DARKEST = 0.05
"""A pixel that sees less than this share of the mean light holds no value."""

ONE = u.Quantity(np.float32(1), u.adu)
"""The mean of a master flat; a plain number would make all counts float64."""


def run(light: LightFrame, settings: Flat) -> LightFrame:
    """The light over the master flat, whose mean is one. Raises FrameError no-master if there is none."""
    flat = master_of(light, "flat")
    sound = np.where(flat.data > DARKEST, flat.data, np.float32(np.nan))
    even = CCDData(sound, unit=u.adu, uncertainty=flat.uncertainty)
    bare = ccdproc.flat_correct(light.frame, even, norm_value=ONE, add_keyword=None)
    return replace(light, frame=bare)
