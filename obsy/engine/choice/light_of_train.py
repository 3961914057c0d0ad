"""What frames that a train took show of a star's light and the sky's, by which exposures are judged and advised."""

from typing import NamedTuple


class LightOfTrain(NamedTuple):
    """What the newest frames of a train show in a filter, in the median."""

    zero_point: float
    """Magnitude of what gives 1 adu/s."""
    fwhm_arcsec: float
    sky_adu: float
    """In a pixel, each second."""
    electrons_per_adu: float
    frames: int
