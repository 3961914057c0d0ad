"""Take off what the sensor's warmth added."""

from dataclasses import replace

import ccdproc
from astropy import units as u

from obsy.engine.reduce.light import LightFrame, master_of
from obsy.schemas.pipeline import Dark


def run(light: LightFrame, settings: Dark) -> LightFrame:
    """The light less the master dark, freed of its bias as the light is. Raises FrameError no-master without one."""
    master, exposure = master_of(light, "dark"), light.exposure_s * u.s
    # A dark that is chosen for a light is of its exposure: nothing is scaled.
    bare = ccdproc.subtract_dark(
        light.frame, master, dark_exposure=exposure, data_exposure=exposure, scale=False, add_keyword=None
    )
    return replace(light, frame=bare)
