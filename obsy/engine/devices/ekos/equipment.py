"""What EKOS must know of the instrument and of the place: device names as INDI spells them."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EkosEquipment:
    """One optical train, part by part."""

    mount: str
    camera: str
    wheel: str | None
    focuser: str | None
    aperture_mm: float
    focal_mm: float
    columns: int
    rows: int
    """Of the sensor, before binning."""
    labels: Mapping[str, str]
    """What the wheel calls each role."""


SIMULATORS = (
    "indi_simulator_telescope",
    "indi_simulator_ccd",
    "indi_simulator_focus",
    "indi_simulator_dome",
    "indi_simulator_weather",
)
"""INDI's own simulators, enough for a night."""
