"""The programs that drive INDI's devices, where obsy begins them itself."""

from obsy.engine.devices.indi.simulators import SIMULATORS
from obsy.schemas.device import Device


def program_of(device: Device) -> str | None:
    """Return the driver that is declared, or that of one of INDI's simulators; None if nobody knows it."""
    return device.driver or SIMULATORS.get(device.indi or "")
