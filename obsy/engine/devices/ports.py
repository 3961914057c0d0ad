"""What the night needs of hardware, and nothing more; every filling of these is interchangeable."""

from collections.abc import AsyncGenerator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol, TypeVar

from obsy.engine.devices.mount_reckoning import Reckoning
from obsy.engine.identity import Identity
from obsy.schemas.target import OverGround, Satellite

T = TypeVar("T")


class Roof(StrEnum):
    """What the end switches of an enclosure prove."""

    OPEN = "open"
    CLOSED = "closed"
    MOVING = "moving"
    UNKNOWN = "unknown"


class Pier(StrEnum):
    """The side of the pier the telescope is on."""

    EAST = "east"
    WEST = "west"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Pointing:
    """A place on the sky, ICRS degrees at epoch J2000, and how fast it moves (arcsec per hour, on the sky)."""

    ra_deg: float
    dec_deg: float
    ra_rate: float = 0.0
    dec_rate: float = 0.0


@dataclass(frozen=True, slots=True)
class SolvedPointing(Pointing):
    """The middle of a frame, by its stars."""

    up_deg: float = 0.0
    """Position angle of its up, which is towards its last row, degrees east of north."""


@dataclass(frozen=True, slots=True)
class MountState:
    """What the mount says of itself; `parked` is its claim, `altitude_deg` and `azimuth_deg` are its encoders."""

    parked: bool | None
    tracking: bool | None
    altitude_deg: float | None
    azimuth_deg: float | None
    pier: Pier = Pier.UNKNOWN


@dataclass(frozen=True, slots=True)
class Exposure:
    """One frame to take. `kind` is light, bias, dark, flat, focus or centring; `object` becomes the OBJECT card."""

    kind: str
    seconds: float
    filter: str | None
    gain: int
    offset: int
    binning: int
    object: str
    asked: Identity = Identity()
    """What it is for; the camera writes it into the header, or the executor issues a ticket for its file."""
    rotation_deg: float | None = None
    """Where the rotator stands by its own scale, if there is one that says so; becomes the ROTATANG card."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a weather input measured, and when it measured it (never when it was asked)."""

    values: Mapping[str, float]
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class DitherPace:
    """How the pointing moves between frames: after so many, by so many pixels at most."""

    every: int
    by_px: float


@dataclass(frozen=True, slots=True)
class Job:
    """A block as an executor takes it: so many frames of one target with one train, over by `end`."""

    train: str
    object: str
    pointing: Pointing
    exposure: Exposure
    count: int
    end: datetime
    temperature_c: float | None = None
    each_s: float | None = None
    """From one exposure to the next; None: as the camera declares."""
    focus_s: float | None = None
    """How long a focus run takes; None: as the camera declares."""
    for_focus: int = 0
    """So many frames may be given up for a focus run that is due."""
    guiding: str | None = None
    """As its plan says: `none`, `required`; unsaid, the train's guider holds it if it can."""
    dither: DitherPace | None = None
    unfollowed: OverGround | Satellite | None = None
    """The target, where no mount follows it."""
    stands: bool = False
    """Whether the mount is to stand still while it exposes."""
    follows: bool = True
    """Whether it follows what it points at, as a guider can hold it."""
    anew: bool = False
    """Whether it is sent ahead of the target for each frame."""
    angle_deg: float | None = None
    """Position angle of the camera's up, east of north, to half a turn; None where nothing turns it."""
    begin: datetime | None = None
    """When the first frame begins at the soonest, where that counts."""


class Clock(Protocol):
    """Time: the wall's, or a virtual one that runs as fast as the work that is due lets it."""

    def now(self) -> datetime:
        """The time, aware, UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds since some moment, which nobody sets: for all that lasts."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return after that many seconds of this clock."""
        ...

    async def settle(self, work: Future[T], due: datetime) -> T:
        """The work's result, delivered at `due` on a virtual clock, and not before it is done on a real one."""
        ...


class EnclosurePort(Protocol):
    """A roof or dome. Moves return when an end switch proves them; they raise DeviceError if none does in time."""

    async def open(self) -> None: ...
    async def close(self) -> None: ...
    async def stop(self) -> None: ...
    async def state(self) -> Roof: ...


class MountPort(Protocol):
    """Moves return when the mount has arrived and settled, or raise DeviceError. Cancelling a slew stops it."""

    async def park(self) -> None: ...
    async def unpark(self) -> None: ...
    async def slew(self, pointing: Pointing) -> None: ...
    async def stop(self) -> None: ...
    async def state(self) -> MountState: ...
    async def side_for(self, pointing: Pointing) -> Pier:
        """The side on which it would hang if it were sent there now; unknown if it does not say."""
        ...

    async def reckoning(self) -> Reckoning: ...
    async def tell(self) -> None:
        """Tell it where it stands and what time it is, as far as it takes that; nothing moves."""
        ...


class LeasedMount(MountPort, Protocol):
    """A mount that the night moves while it has leave to."""

    async def stand(self) -> None:
        """Stop where it is. Raises DeviceError without leave: one that is being parked goes on home."""
        ...


class CameraPort(Protocol):
    """A cooled camera."""

    async def cool(self, celsius: float) -> None:
        """Return when the sensor has reached the set point."""
        ...

    async def stay_cool(self) -> None:
        """Return when the sensor is as cold as it was last told to be, also where its driver has begun anew since."""
        ...

    async def warm(self) -> None:
        """Switch the cooler off gently."""
        ...

    async def expose(self, exposure: Exposure) -> Path:
        """The finished FITS file, complete in the incoming folder. Cancelling aborts, and leaves no file."""
        ...


class FilterWheelPort(Protocol):
    """Filters by role."""

    async def select(self, role: str) -> None: ...


class FocuserPort(Protocol):
    """An absolute focuser, in steps."""

    async def move(self, steps: float) -> None: ...
    async def position(self) -> float: ...
    async def temperature(self) -> float:
        """Of the tube, degrees Celsius."""
        ...


class RotatorPort(Protocol):
    """What turns the camera, by its own scale, degrees. Cancelling a turn stops it."""

    async def turn(self, degrees: float) -> None:
        """Return when it says that it stands there; raises DeviceError if it does not in time."""
        ...

    async def position(self) -> float: ...


class CoverPanelPort(Protocol):
    """A flat panel that caps the telescope."""

    async def light(self) -> None:
        """Cap the telescope and shine steadily."""
        ...

    async def dark(self) -> None:
        """Cap the telescope and shine not at all."""
        ...

    async def open(self) -> None:
        """Uncap the telescope."""
        ...


class Guiding(StrEnum):
    """What a guider does."""

    GUIDING = "guiding"
    LOST = "lost"
    """It has lost its star, and looks for it."""
    REGAINED = "regained"
    """It guides, and had lost its star since it was asked last."""
    STOPPED = "stopped"


class GuiderPort(Protocol):
    """What holds the telescope on its target."""

    async def start(self) -> bool:
        """Guide; return whether it settled in time: it guides in either case. Raises DeviceError if it does not."""
        ...

    async def dither(self, arcsec: float) -> bool:
        """Move by so much at most; return whether it settled in time. Raises DeviceError if it cannot."""
        ...

    async def stop(self) -> None:
        """Guide no more."""
        ...

    async def state(self) -> Guiding: ...
    def halt(self) -> None:
        """Tell it to stop, and wait for nothing: nobody who makes safe waits for a guider. Raises nothing."""
        ...


class WeatherPort(Protocol):
    """One source of weather."""

    async def read(self) -> Reading:
        """The newest reading; raises DeviceError when there is none to be had."""
        ...


class BlockExecutor(Protocol):
    """Runs a block: EKOS does it all by itself, the sequencer moves each device."""

    @property
    def focused(self) -> Mapping[str, datetime]:
        """When each train's focus was last measured, as far as that is known; no device is asked."""
        ...

    def run(self, job: Job) -> AsyncGenerator[Path, None]:
        """Each finished file in turn. Closing the iterator or cancelling aborts what runs."""
        ...
