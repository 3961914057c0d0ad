"""Take off the camera's pedestal."""

from dataclasses import replace

from obsy.engine.reduce.light import LightFrame
from obsy.engine.reduce.masterframe import of_light
from obsy.schemas.pipeline import Bias


def run(light: LightFrame, settings: Bias) -> LightFrame:
    """The light less the master bias. Raises FrameError no-master if there is none."""
    return replace(light, counts=light.counts - of_light(light, "bias"))
