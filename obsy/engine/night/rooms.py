"""What the night leans on: the hardware it was given, and the darkroom that judges its frames."""

from collections.abc import Callable, Mapping
from concurrent.futures import Executor as Pool
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from obsy.engine.devices.ports import (
    Camera,
    Clock,
    CoverPanel,
    Enclosure,
    Executor,
    FilterWheel,
    Focuser,
    Mount,
    WeatherInput,
)
from obsy.engine.library.master import CalibrationSet, Master

if TYPE_CHECKING:  # at run time they would bring the store with them
    from obsy.engine.reduce.darkroom import Outcome
    from obsy.engine.reduce.darkroom.stacks import Stack


@dataclass(frozen=True, slots=True)
class Instrument:
    """The parts that obsy moves by itself; with EKOS there are none, since EKOS moves them."""

    camera: Camera
    wheel: FilterWheel
    focuser: Focuser
    panel: CoverPanel | None
    star_width: Callable[[Path], float]
    """The half-flux radius of a focus frame, pixels; runs in a worker."""
    pool: Pool


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything outside the computer."""

    clock: Clock
    enclosure: Enclosure
    mount: Mount
    weather: Mapping[str, WeatherInput]
    executor: Executor
    instrument: Instrument | None = None


class Darkroom(Protocol):
    """Where finished files go; every answer comes later."""

    def outcome(self, path: Path) -> "Future[Outcome]":
        """What became of the file that the camera delivered there, whenever it was seen."""
        ...

    def build(self, wanted: CalibrationSet, night: date) -> "Future[Master]":
        """The master of the frames that were taken for it."""
        ...

    def finish(self, night: date) -> "Future[tuple[Stack, ...]]":
        """The night's final stacks."""
        ...
