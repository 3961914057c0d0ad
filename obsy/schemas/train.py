"""The optical train: telescope, camera, filters, focuser and panel that work as one instrument."""

from typing import Literal

from obsy.schemas.camera import Camera
from obsy.schemas.device import Device
from obsy.schemas.focuser import Focuser
from obsy.schemas.model import Document, Model, Text
from obsy.schemas.wheel import Filter, FilterWheel
from obsy.units import Degrees, Millimetres, Seconds

__all__ = ["Camera", "Filter", "FilterWheel", "Focuser", "Panel", "Telescope", "Train"]

ARCSECONDS_PER_RADIAN = 206264.80624709636


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
    """One instrument."""

    kind: Literal["train"]
    """Which sort of thing this document declares."""
    mount: Text
    """The mount that carries it."""
    telescope: Telescope
    """What gathers the light."""
    camera: Camera
    """What counts it."""
    filters: FilterWheel
    """What sorts it by colour."""
    focuser: Focuser
    """What keeps it sharp."""
    panel: Panel | None = None
    """What lights the flats, and caps the telescope."""
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
