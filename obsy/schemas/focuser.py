"""What moves the focus."""

from obsy.schemas.device import Device
from obsy.schemas.model import Model
from obsy.units import Seconds, Steps, StepsPerCelsius


class Focuser(Model):
    """What moves the focus."""

    travel: Steps
    """From one end to the other."""
    best: Steps
    """Where it focuses at 10 degC, roughly."""
    drift: StepsPerCelsius
    """How the best focus moves as the tube warms."""
    sample: Steps
    """The distance between two samples of a focus run."""
    every: Seconds
    """Focus again after this long."""
    device: Device | None = None
    """The driver that moves it."""
