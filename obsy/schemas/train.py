"""The optical train: a telescope with its camera, and what it has of filters, focuser and panel."""

import re
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from obsy.diagnostics import unfit
from obsy.moments import Day
from obsy.schemas.device import Device
from obsy.schemas.later import loaded_later
from obsy.schemas.model import Document, Model, Text, Whole, spelt
from obsy.schemas.telescope import Telescope
from obsy.units import (
    Counts,
    Degrees,
    DownloadTime,
    ElectronsPerCount,
    ElectronsPerSecond,
    FullWell,
    Micrometres,
    ReadNoise,
    Seconds,
    SetPoint,
    Steps,
    StepsPerCelsius,
)

if TYPE_CHECKING:
    from obsy.schemas.guider import Guider
    from obsy.schemas.rotator import Rotator
    from obsy.schemas.spectrograph import Spectrograph
else:
    Guider = loaded_later("guider.Guider")
    Rotator = loaded_later("rotator.Rotator")
    Spectrograph = loaded_later("spectrograph.Spectrograph")

_SIZE = r"\s*(\d+)\s*x\s*(\d+)\s*px\s*"


def _pixels(value: object) -> tuple[int, int]:
    match = re.fullmatch(_SIZE, str(value), re.ASCII)
    if match is None or not int(match.group(1)) or not int(match.group(2)):
        raise unfit("not-a-sensor-size", expected="columns x rows", mend="write '1024 x 1024 px'")
    return int(match.group(1)), int(match.group(2))


SensorSize = Annotated[tuple[int, int], BeforeValidator(_pixels, json_schema_input_type=spelt(_SIZE))]


class Camera(Model):
    """What counts the light."""

    model: Text
    """The maker's name for it; it becomes INSTRUME."""
    sensor: Literal["CCD", "CMOS"] | None = None
    """How it reads the light out; reports of positions say so."""
    bayer: Literal["RGGB", "BGGR", "GRBG", "GBRG"] | None = None
    """The colours of the first four pixels of a one-shot-colour camera."""
    size: SensorSize
    """Columns x rows, before binning."""
    pixel: Micrometres
    """Edge of one unbinned pixel."""
    gain: Whole = Field(ge=0, le=100_000)
    """The gain setting for lights, in the driver's own steps."""
    offset: Whole = Field(ge=0)
    """The offset setting, in the driver's own steps."""
    binning: Whole = Field(default=1, ge=1, le=8)
    """Pixels binned together along each axis."""
    temperature: SetPoint
    """The set point of its cooler during the night."""
    conversion: ElectronsPerCount
    """Electrons per ADU at this gain."""
    read_noise: ReadNoise
    """Of one read, per pixel."""
    dark_current: ElectronsPerSecond
    """Per pixel, at the set point."""
    full_well: FullWell
    """Where a pixel is full."""
    pedestal: Counts
    """The level of a bias frame at this offset."""
    download: DownloadTime
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
    def _filters_differ(self) -> Self:
        for number, slot in enumerate(self.slots):
            before = self.slots[:number]
            if slot.role in {each.role for each in before}:
                raise unfit(
                    "role-twice",
                    expected="each role once in a wheel",
                    mend="give one of the two filters another role",
                    at=("slots", number, "role"),
                )
            if slot.label in {each.label for each in before}:
                raise unfit(
                    "label-twice",
                    expected="each label once in a wheel, so that frames tell their filter",
                    mend="write the driver's own word for each of the two filters",
                    at=("slots", number, "label"),
                )
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
    after: Literal["flip"] | None = None
    """Focus again also when the mount has changed sides."""
    device: Device | None = None
    """The driver that moves it."""


ARCSECONDS_PER_RADIAN = 206264.80624709636
COLOUR, CLEAR, SPECTRUM = "OSC", "C", "spectrum"
"""The role of a train that declares no filter: of a one-shot-colour camera, of any other, and of a spectrograph."""
SLACK_DEG = 1.0
"""Turned by less, a camera frames the same field."""
PARTS = {"camera": "camera", "filters": "filter wheel", "focuser": "focuser", "panel": "panel", "rotator": "rotator"}
"""In words, what has a driver of its own, by its key in the document."""


class Panel(Model):
    """A flat panel that also caps the telescope."""

    settle: Seconds
    """How long until its light is steady."""
    device: Device | None = None
    """The driver that lights it."""


class Train(Document):
    """One telescope and its camera; of all else it has what it has."""

    kind: Literal["train"]
    mount: Text | None = None
    """The mount that carries it; unsaid, the only one."""
    telescope: Telescope
    """What gathers the light."""
    camera: Camera
    """What counts it."""
    filters: FilterWheel | None = None
    """What sorts it by colour."""
    filter: Filter | None = None
    """The one filter of a train without a wheel; unsaid, its role is OSC if the camera sees colours, else C, and
    spectrum if it has a spectrograph."""
    spectrograph: Spectrograph | None = None
    """What spreads its light into spectra."""
    focuser: Focuser | None = None
    """What keeps it sharp."""
    panel: Panel | None = None
    """What lights the flats, and caps the telescope."""
    guider: Guider | None = None
    """What holds it on its target while it exposes."""
    rotator: Rotator | None = None
    """What turns its camera, as plans ask for."""
    rotation: Degrees = 0.0
    """Position angle of the camera's up, east of north; with a rotator, of plans that say no `angle`."""
    retired: Day | None = None
    """Since when it is no more: what it took keeps its train, and no night counts on it."""

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

    @model_validator(mode="after")
    def _light_has_a_wavelength(self) -> Self:
        spread = self.spectrograph
        if spread is None:
            return self
        across = self.shape[0 if spread.red in ("up", "down") else 1]
        if spread.centre <= spread.dispersion * across / 2 and spread.entrance == "slit":
            raise unfit(
                "out-of-range",
                at=("spectrograph", "dispersion"),
                found=f"{spread.dispersion:g} angstrom/px over {across} px around {spread.centre:g} angstrom",
                expected="a spectrum that begins above 0",
                mend="correct dispersion or centre: 'dispersion' is of one binned pixel",
            )
        return self

    @property
    def parts(self) -> "dict[str, Camera | FilterWheel | Focuser | Panel | Rotator]":
        """Return what it has that a driver moves, by its key in the document."""
        return {key: part for key in PARTS if (part := getattr(self, key)) is not None}

    @property
    def slots(self) -> tuple[Filter, ...]:
        """Return its filters in the order of the wheel; without a wheel, the one that is always in the beam."""
        if self.filters is not None:
            return self.filters.slots
        role = SPECTRUM if self.spectrograph else COLOUR if self.camera.bayer else CLEAR
        return (self.filter or Filter(role=role, label=role),)

    def can_stand_at(self, angle_deg: float | None) -> bool:
        """Return whether its camera may stand at a position angle, or half a turn on, as after a flip."""
        if angle_deg is None or self.rotator is not None:
            return True
        return abs((angle_deg - self.rotation + 90.0) % 180.0 - 90.0) <= SLACK_DEG

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
