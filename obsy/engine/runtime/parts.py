"""The parts of a train, each as the way to its device fills it."""

from pathlib import Path

from obsy.engine.devices.alpaca.camera import AlpacaCamera
from obsy.engine.devices.alpaca.device import AlpacaDevice
from obsy.engine.devices.alpaca.focuser import AlpacaFocuser
from obsy.engine.devices.alpaca.panel import AlpacaPanel
from obsy.engine.devices.alpaca.rotator import AlpacaRotator
from obsy.engine.devices.alpaca.wheel import AlpacaFilterWheel
from obsy.engine.devices.indi.camera import IndiCamera
from obsy.engine.devices.indi.device import IndiDevice
from obsy.engine.devices.indi.focuser import IndiFocuser
from obsy.engine.devices.indi.panel import IndiPanel
from obsy.engine.devices.indi.rotator import IndiRotator
from obsy.engine.devices.indi.wheel import IndiFilterWheel
from obsy.engine.devices.ports import CameraPort, CoverPanelPort, FilterWheelPort, FocuserPort, RotatorPort
from obsy.schemas.train import Panel, Train

TrainDevice = IndiDevice | AlpacaDevice
"""What the part of a train hangs on."""


def camera(
    device: TrainDevice, train: Train, incoming: Path, mount: str | None, wheel: FilterWheelPort | None
) -> CameraPort:
    """Return the port of a camera, whose frames go to a folder.

    mount: the INDI name of the mount that carries it. wheel: of its train.
    """
    if isinstance(device, AlpacaDevice):
        return AlpacaCamera(device, train, incoming, wheel if isinstance(wheel, AlpacaFilterWheel) else None)
    return IndiCamera(device, train, incoming, mount)


def wheel(device: TrainDevice, train: Train) -> FilterWheelPort:
    """Return the port of a filter wheel."""
    if isinstance(device, AlpacaDevice):
        return AlpacaFilterWheel(device, train.slots)
    return IndiFilterWheel(device, train.slots)


def focuser(device: TrainDevice) -> FocuserPort:
    """Return the port of a focuser."""
    return AlpacaFocuser(device) if isinstance(device, AlpacaDevice) else IndiFocuser(device)


def rotator(device: TrainDevice) -> RotatorPort:
    """Return the port of a rotator."""
    return AlpacaRotator(device) if isinstance(device, AlpacaDevice) else IndiRotator(device)


def panel(device: TrainDevice, declared: Panel) -> CoverPanelPort:
    """Return the port of a panel."""
    if isinstance(device, AlpacaDevice):
        return AlpacaPanel(device, declared.settle)
    return IndiPanel(device, declared.settle)
