"""Even out dust, vignetting and the pixels' own sensitivity."""

from dataclasses import replace

import numpy as np

from obsy.engine.reduce.light import LightFrame
from obsy.engine.reduce.masterframe import of_light
from obsy.schemas.pipeline import Flat

DARKEST = 0.05
"""A pixel that sees less than this share of the mean light holds no value."""


def run(light: LightFrame, settings: Flat) -> LightFrame:
    """The light over the master flat, whose mean is one. Raises FrameError no-master if there is none."""
    flat = of_light(light, "flat")
    even = np.where(flat > DARKEST, flat, np.float32(np.nan))
    return replace(light, counts=np.divide(light.counts, even, dtype=np.float32))
