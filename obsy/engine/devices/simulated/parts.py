"""What a simulated observatory is made of."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from obsy.engine.devices.simulated.variables import ALWAYS, VariableStar
from obsy.schemas.enclosure import Enclosure
from obsy.schemas.mount import Mount
from obsy.schemas.scenario import Scenario
from obsy.schemas.site import Site
from obsy.schemas.train import Train
from obsy.schemas.weather import Weather


class StarField(Protocol):
    """Catalogue stars: ICRS degrees and VT magnitudes, arrays of one length."""

    @property
    def ra_deg(self) -> NDArray[np.float64]: ...  # noqa: D102
    @property
    def dec_deg(self) -> NDArray[np.float64]: ...  # noqa: D102
    @property
    def mag(self) -> NDArray[np.floating]: ...  # noqa: D102


StarsIn = Callable[[float, float, float], StarField]
"""(ra, dec, radius) in degrees to the stars there; a top-level function, because it is called in a worker."""


@dataclass(frozen=True, slots=True)
class Extended:
    """An extended object, fixed on the sky; `mag` is all its light, in V."""

    name: str
    kind: str
    """As the table of names has it: a shape of `picture/diffuse.py`, or a cluster of `picture/faint.py`."""
    ra_deg: float
    dec_deg: float
    major_arcmin: float
    minor_arcmin: float
    angle_deg: float
    mag: float


@dataclass(frozen=True, slots=True, eq=False)
class MovingObject:
    """A comet or an asteroid of V magnitude `mag`, sampled in time (seconds since 1970); straight lines between."""

    kind: Literal["comet", "asteroid"]
    mag: float
    at_s: NDArray[np.float64]
    ra_deg: NDArray[np.float64]
    dec_deg: NDArray[np.float64]

    def place(self, at_s: float) -> tuple[float, float]:
        """Return right ascension and declination at a time, degrees; held at the ends of the samples."""
        ra = np.interp(at_s, self.at_s, np.unwrap(self.ra_deg, period=360))
        return float(ra % 360), float(np.interp(at_s, self.at_s, self.dec_deg))


@dataclass(frozen=True, slots=True)
class Parts:
    """The declared devices, the sky above them, what happens tonight, and where files go.

    `scratch` and `incoming` must lie on one file system, because finished files move by renaming.
    """

    site: Site
    enclosures: tuple[Enclosure, ...]
    mounts: tuple[Mount, ...]
    weather: tuple[Weather, ...]
    scenario: Scenario
    night: date
    incoming: Path
    scratch: Path
    state: Path
    stars: StarsIn
    trains: tuple[Train, ...] = ()
    extended: tuple[Extended, ...] = ()
    moving_objects: tuple[MovingObject, ...] = ()
    variables: tuple[VariableStar, ...] = ALWAYS
    dusk: datetime | None = None
    """For what a scenario lets begin then."""
    interlock: bool = True
    """Whether a roof refuses to move over a mount that does not rest; a drill shows what happens without."""
    trace: Path | None = None
    """Where every change of the hardware is written down, if anywhere."""

    def mount_of(self, train: Train) -> Mount:
        """Return the mount that carries a train."""
        return next(mount for mount in self.mounts if mount.name == train.mount)

    def enclosure_of(self, mount: Mount) -> Enclosure:
        """Return the enclosure a mount stands in."""
        return next(roof for roof in self.enclosures if roof.name == mount.enclosure)
