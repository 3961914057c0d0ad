"""The optical train: a telescope with its camera, and what it has of filters, focuser and panel."""

from typing import Literal, Self

from pydantic import model_validator

from obsy.diagnostics import unfit
from obsy.schemas.camera import Camera
from obsy.schemas.device import Device
from obsy.schemas.focuser import Focuser
from obsy.schemas.model import Document, Model, Text
from obsy.schemas.wheel import Filter, FilterWheel
from obsy.units import Degrees, Millimetres, Seconds

__all__ = ["Camera", "Filter", "FilterWheel", "Focuser", "Panel", "Telescope", "Train"]

ARCSECONDS_PER_RADIAN = 206264.80624709636
COLOUR, CLEAR = "OSC", "C"
"""The role of a train that declares no filter: of a one-shot-colour camera, and of any other."""


class Telescope(Model):
    """What gathers the light."""

    aperture: Millimetres
    """Diameter of the entrance pupil."""
    focal_length: Millimetres
    """Effective focal length, with reducer or corrector."""


class Panel(Model):
    """A flat panel that also caps the telescope."""

    settle: Seconds
    """How long until its light is steady."""
    device: Device | None = None
    """The driver that lights it."""


class Train(Document):
    """One telescope and its camera; of all else it has what it has."""

    kind: Literal["train"]
    """Which sort of thing this document declares."""
    mount: Text | None = None
    """The mount that carries it; unsaid, the only one."""
    telescope: Telescope
    """What gathers the light."""
    camera: Camera
    """What counts it."""
    filters: FilterWheel | None = None
    """What sorts it by colour."""
    filter: Filter | None = None
    """The one filter of a train without a wheel; unsaid, its role is OSC if the camera sees colours, else C."""
    focuser: Focuser | None = None
    """What keeps it sharp."""
    panel: Panel | None = None
    """What lights the flats, and caps the telescope."""
    rotation: Degrees = 0.0
    """Position angle of the camera's up, east of north."""

    @model_validator(mode="after")
    def _filters_are_said_once(self) -> Self:
        if self.filters is not None and self.filter is not None:
            raise unfit(
                "never-both",
                at=("filter",),
                expected="a wheel in 'filters', or one 'filter' where there is none",
                mend="move the filter into a slot of the wheel",
            )
        return self

    @property
    def slots(self) -> tuple[Filter, ...]:
        """Return its filters in the order of the wheel; without a wheel, the one that is always in the beam."""
        if self.filters is not None:
            return self.filters.slots
        role = COLOUR if self.camera.bayer else CLEAR
        return (self.filter or Filter(role=role, label=role),)

    @property
    def roles(self) -> tuple[str, ...]:
        """Return what plans call its filters, in the order of the wheel."""
        return tuple(slot.role for slot in self.slots)

    @property
    def scale(self) -> float:
        """Return arcseconds per binned pixel."""
        edge_mm = self.camera.pixel * self.camera.binning / 1000
        return ARCSECONDS_PER_RADIAN * edge_mm / self.telescope.focal_length

    @property
    def shape(self) -> tuple[int, int]:
        """Return (rows, columns) of a binned frame."""
        columns, rows = self.camera.size
        return rows // self.camera.binning, columns // self.camera.binning

    @property
    def field(self) -> tuple[float, float]:
        """Return (width, height) of a frame, degrees."""
        rows, columns = self.shape
        return columns * self.scale / 3600, rows * self.scale / 3600
