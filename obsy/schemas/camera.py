"""What counts the light."""

import re
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from obsy.diagnostics import unfit
from obsy.schemas.device import Device
from obsy.schemas.model import Model, Text, Whole
from obsy.units import Celsius, Counts, Electrons, ElectronsPerCount, ElectronsPerSecond, Micrometres, Seconds


def _pixels(value: object) -> tuple[int, int]:
    match = re.fullmatch(r"\s*(\d+)\s*x\s*(\d+)\s*px\s*", str(value), re.ASCII)
    if match is None or not int(match.group(1)) or not int(match.group(2)):
        raise unfit("not-a-sensor-size", expected="columns x rows", mend="write '1024 x 1024 px'")
    return int(match.group(1)), int(match.group(2))


SensorSize = Annotated[tuple[int, int], BeforeValidator(_pixels, json_schema_input_type=str)]


class Camera(Model):
    """What counts the light."""

    model: Text
    """The maker's name for it; it becomes INSTRUME."""
    bayer: Literal["RGGB", "BGGR", "GRBG", "GBRG"] | None = None
    """The colours of the first four pixels of a one-shot-colour camera."""
    size: SensorSize
    """Columns x rows, before binning."""
    pixel: Micrometres
    """Edge of one unbinned pixel."""
    gain: Whole = Field(ge=0)
    """The gain setting for lights, in the driver's own steps."""
    offset: Whole = Field(ge=0)
    """The offset setting, in the driver's own steps."""
    binning: Whole = Field(default=1, ge=1, le=8)
    """Pixels binned together along each axis."""
    temperature: Celsius
    """The set point of its cooler during the night."""
    conversion: ElectronsPerCount
    """Electrons per ADU at this gain."""
    read_noise: Electrons
    """Of one read, per pixel."""
    dark_current: ElectronsPerSecond
    """Per pixel, at the set point."""
    full_well: Electrons
    """Where a pixel is full."""
    pedestal: Counts
    """The level of a bias frame at this offset."""
    download: Seconds
    """From the end of an exposure until its file is complete."""
    timeout: Seconds
    """After this long beyond the exposure without a file, it has failed."""
    device: Device | None = None
    """The driver that reads it."""
