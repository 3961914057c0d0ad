"""What a simulated observatory is made of."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

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
    """Something that is more than a point, fixed on the sky; `mag` is all its light, in V."""

    name: str
    kind: Literal["galaxy", "nebula", "planetary", "remnant", "open", "globular"]
    ra_deg: float
    dec_deg: float
    major_arcmin: float
    minor_arcmin: float
    angle_deg: float
    mag: float


@dataclass(frozen=True, slots=True)
class MovingObject:
    """Something that moves or changes, sampled in time (seconds since 1970, UTC), straight lines between.

    `star` is a point that stays where it is but changes its brightness; it takes the place of a catalogue star.
    """

    name: str
    kind: Literal["comet", "asteroid", "star"]
    at_s: tuple[float, ...]
    ra_deg: tuple[float, ...]
    dec_deg: tuple[float, ...]
    mag: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Parts:
    """The declared devices, the sky above them, what happens tonight, and where files go.

    `scratch` and `incoming` must lie on one file system, because finished files move by renaming.
    """

    site: Site
    enclosures: tuple[Enclosure, ...]
    mounts: tuple[Mount, ...]
    trains: tuple[Train, ...]
    weather: tuple[Weather, ...]
    scenario: Scenario
    night: date
    incoming: Path
    scratch: Path
    state: Path
    stars: StarsIn
    extended: tuple[Extended, ...] = ()
    moving_objects: tuple[MovingObject, ...] = ()

    def mount_of(self, train: Train) -> Mount:
        """Return the mount that carries a train."""
        return next(mount for mount in self.mounts if mount.name == train.mount)

    def enclosure_of(self, mount: Mount) -> Enclosure:
        """Return the enclosure a mount stands in."""
        return next(roof for roof in self.enclosures if roof.name == mount.enclosure)
