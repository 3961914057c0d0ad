"""The devices that obsy moves by itself to take a frame."""

from collections.abc import Callable
from concurrent.futures import Executor as Pool
from dataclasses import dataclass
from pathlib import Path

from obsy.engine.devices.ports import CameraPort, CoverPanelPort, FilterWheelPort, FocuserPort


@dataclass(frozen=True, slots=True)
class ImagingDevices:
    """The parts that obsy moves by itself; with EKOS there are none, since EKOS moves them."""

    camera: CameraPort
    wheel: FilterWheelPort
    focuser: FocuserPort
    panel: CoverPanelPort | None
    star_width: Callable[[Path], float]
    """The half-flux radius of a focus frame, pixels; runs in a worker."""
    pool: Pool
