"""What the night leans on: the hardware it was given, and processing that judges its frames."""

from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from obsy.engine.devices.ports import BlockExecutor, Clock, MountPort
from obsy.engine.library.master import CalibrationSet, Master
from obsy.engine.safety.lease import RoofKeeper
from obsy.engine.sequencer.devices import ImagingDevices

if TYPE_CHECKING:  # at run time they would bring the store with them
    from obsy.engine.processing.processing import Outcome
    from obsy.engine.store.record import Product


async def no_hindrance() -> str:
    """Nothing is in the way."""
    return ""


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything outside the computer that belongs to one enclosure."""

    clock: Clock
    keeper: RoofKeeper
    """Alone commands the roof, and closes it over the mounts."""
    mounts: Mapping[str, MountPort]
    executors: Mapping[str, BlockExecutor]
    """By mount."""
    devices: Mapping[str, ImagingDevices] = field(default_factory=dict)
    """By train; with EKOS there are none, since EKOS moves them."""
    hindrance: Callable[[], Awaitable[str]] = no_hindrance
    """Why no block could be taken now, with the cure, where another program takes them; '' if nothing is in the way."""


class FrameProcessing(Protocol):
    """Where finished files go; every answer comes later."""

    def outcome(self, path: Path) -> "Future[Outcome]":
        """What became of the file that the camera delivered there, whenever it was seen."""
        ...

    def build(self, wanted: CalibrationSet, night: date) -> "Future[Master]":
        """The master of the frames that were taken for it."""
        ...

    def finish(self, night: date) -> "Future[tuple[Product, ...]]":
        """The night's final stacks."""
        ...
