"""Take off what the sensor's warmth added."""

from dataclasses import replace

from obsy.engine.reduce.light import LightFrame
from obsy.engine.reduce.masterframe import of_light
from obsy.schemas.pipeline import Dark


def run(light: LightFrame, settings: Dark) -> LightFrame:
    """The light less the master dark, which holds no bias. Raises FrameError no-master if there is none."""
    return replace(light, counts=light.counts - of_light(light, "dark"))
