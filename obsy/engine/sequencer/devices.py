"""The devices that obsy moves by itself to take a frame."""

from collections.abc import Callable
from concurrent.futures import Executor as Pool
from dataclasses import dataclass
from pathlib import Path

from obsy.engine.devices.ports import (
    CameraPort,
    CoverPanelPort,
    FilterWheelPort,
    FocuserPort,
    GuiderPort,
    Pointing,
    RotatorPort,
)
from obsy.schemas.train import Train


@dataclass(frozen=True, slots=True)
class ImagingDevices:
    """The parts of one train that obsy moves by itself; of all but the camera there is what is declared."""

    train: Train
    camera: CameraPort
    wheel: FilterWheelPort | None
    focuser: FocuserPort | None
    panel: CoverPanelPort | None
    star_width: Callable[[Path], float]
    """The half-flux radius of a focus frame, pixels; runs in a worker."""
    pointed: Callable[[Path, Pointing, float], Pointing | str]
    """The middle of a frame, or why it is not known, from where it is believed to be and its scale, arcseconds a
    pixel; runs in a worker."""
    pool: Pool
    guider: GuiderPort | None = None
    rotator: RotatorPort | None = None
