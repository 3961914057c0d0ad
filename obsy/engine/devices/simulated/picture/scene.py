"""Everything a picture depends on, frozen at the start of its exposure, small enough to send to a worker."""

from dataclasses import dataclass
from enum import StrEnum

from obsy.engine.devices.simulated.parts import Extended, StarsIn
from obsy.engine.devices.simulated.picture.brightness import Glow
from obsy.engine.devices.simulated.variables import VaryingPoint
from obsy.engine.identity import Card
from obsy.schemas.train import Train


class LightSource(StrEnum):
    """What lights the sensor."""

    SKY = "sky"
    PANEL = "panel"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class FieldOfView:
    """Where the middle of the sensor looks at mid-exposure (ICRS degrees), and how the sky drifts over it meanwhile.

    `up_deg` is the position angle of the picture's up; `drift_arcsec` how far the stars move east and north.
    """

    ra_deg: float
    dec_deg: float
    up_deg: float
    drift_arcsec: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Air:
    """What lies between: what seeing and defocus make of a star (FWHM), airmass, and the share that cloud leaves."""

    seeing_arcsec: float
    defocus_arcsec: float
    airmass: float
    transmission: float
    glow: Glow


@dataclass(frozen=True, slots=True)
class MovingPoint:
    """A point or a comet at the beginning and at the end of the exposure; the way it moved is a straight line."""

    kind: str
    mag: float
    begin: tuple[float, float]
    end: tuple[float, float]
    tail_deg: float = 0.0


@dataclass(frozen=True, slots=True)
class VisibleSky:
    """All that a light shows."""

    view: FieldOfView
    air: Air
    stars: StarsIn
    extended: tuple[Extended, ...] = ()
    bodies: tuple[MovingPoint, ...] = ()
    varying: tuple[VaryingPoint, ...] = ()


@dataclass(frozen=True, slots=True)
class CameraSettings:
    """How the camera was set."""

    seconds: float
    role: str
    gain: int
    offset: int
    binning: int
    temperature_c: float


@dataclass(frozen=True, slots=True)
class Scene:
    """One exposure. `sky` is there when `light` is SKY."""

    train: Train
    shot: CameraSettings
    light: LightSource
    sky: VisibleSky | None
    seed: int
    cards: tuple[Card, ...]

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns) of the binned frame."""
        columns, rows = self.train.camera.size
        return rows // self.shot.binning, columns // self.shot.binning

    @property
    def scale(self) -> float:
        """Arcseconds per binned pixel."""
        return self.train.scale / self.train.camera.binning * self.shot.binning
