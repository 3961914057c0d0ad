"""The optical train: telescope, camera, filters, focuser and panel that work as one instrument."""

import re
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from obsy.diagnostics import unfit
from obsy.schemas.device import Device
from obsy.schemas.model import Document, Model, Text
from obsy.units import (
    Celsius,
    Counts,
    Degrees,
    Electrons,
    ElectronsPerCount,
    ElectronsPerSecond,
    Micrometres,
    Millimetres,
    Seconds,
    Steps,
    StepsPerCelsius,
)

ARCSECONDS_PER_RADIAN = 206264.80624709636


def _pixels(value: object) -> tuple[int, int]:
    match = re.fullmatch(r"\s*(\d+)\s*x\s*(\d+)\s*px\s*", str(value))
    if match is None:
        raise unfit("not-a-sensor-size", expected="columns x rows", mend="write '1024 x 1024 px'")
    return int(match.group(1)), int(match.group(2))


SensorSize = Annotated[tuple[int, int], BeforeValidator(_pixels, json_schema_input_type=str)]


class Telescope(Model):
    """What gathers the light."""

    aperture: Millimetres
    """Diameter of the entrance pupil."""
    focal_length: Millimetres
    """Effective focal length, with reducer or corrector."""


class Camera(Model):
    """What counts the light."""

    model: Text
    """The maker's name for it; it becomes INSTRUME."""
    size: SensorSize
    """Columns x rows, before binning."""
    pixel: Micrometres
    """Edge of one unbinned pixel."""
    gain: int = Field(ge=0)
    """The gain setting for lights, in the driver's own steps."""
    offset: int = Field(ge=0)
    """The offset setting, in the driver's own steps."""
    binning: int = Field(default=1, ge=1, le=8)
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


class Filter(Model):
    """One place in the wheel."""

    role: Text
    """What plans call it: L, R, G, B, V, Ha, OIII …"""
    label: Text
    """What the driver calls it."""
    focus: Steps = 0.0
    """Where it focuses, relative to the first filter."""


class FilterWheel(Model):
    """The filters in this train."""

    change: Seconds
    """How long it takes to the next filter."""
    slots: tuple[Filter, ...] = Field(min_length=1)
    """In the order of the wheel."""
    device: Device | None = None
    """The driver that turns it."""

    @model_validator(mode="after")
    def _roles_differ(self) -> Self:
        roles = [slot.role for slot in self.slots]
        if len(set(roles)) < len(roles):
            raise unfit("role-twice", expected="each role once in a wheel", mend="give one of the two filters another role")
        return self


class Focuser(Model):
    """What moves the focus."""

    travel: Steps
    """From one end to the other."""
    best: Steps
    """Where it focuses at 10 degC, roughly."""
    drift: StepsPerCelsius
    """How the best focus moves as the tube warms."""
    sample: Steps
    """The distance between two samples of a focus run."""
    every: Seconds
    """Focus again after this long."""
    device: Device | None = None
    """The driver that moves it."""


class Panel(Model):
    """A flat panel that also caps the telescope."""

    settle: Seconds
    """How long until its light is steady."""
    device: Device | None = None
    """The driver that lights it."""


class Train(Document):
    """One instrument."""

    kind: Literal["train"]
    mount: Text
    """The mount that carries it."""
    telescope: Telescope
    camera: Camera
    filters: FilterWheel
    focuser: Focuser
    panel: Panel | None = None
    rotation: Degrees = 0.0
    """Position angle of the camera's up, east of north."""

    @property
    def roles(self) -> tuple[str, ...]:
        """The filters it can offer, in the order of the wheel."""
        return tuple(slot.role for slot in self.filters.slots)

    @property
    def scale(self) -> float:
        """Arcseconds per binned pixel."""
        edge_mm = self.camera.pixel * self.camera.binning / 1000
        return ARCSECONDS_PER_RADIAN * edge_mm / self.telescope.focal_length

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns) of a binned frame."""
        columns, rows = self.camera.size
        return rows // self.camera.binning, columns // self.camera.binning

    @property
    def field(self) -> tuple[float, float]:
        """(width, height) of a frame, degrees."""
        rows, columns = self.shape
        return columns * self.scale / 3600, rows * self.scale / 3600
