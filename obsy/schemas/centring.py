"""How a telescope is brought onto its target by looking where it points."""

from typing import Annotated, Literal

from obsy.schemas.phrase import Phrase
from obsy.schemas.whole import WholeQuantity
from obsy.units import DURATION, Quantity

_ANGLE = {"arcsec": 1.0, "arcmin": 60.0, "deg": 3600.0}
CloseEnough = Annotated[float, Quantity("a distance from the target", _ANGLE, "30 arcsec", 1.0, 1800.0)]
Tries = Annotated[float, WholeQuantity("a number of tries", {"tries": 1.0, "try": 1.0}, "3 tries", 1.0, 20.0)]
ShortExposure = Annotated[float, Quantity("a short exposure", DURATION, "5 s", 0.01, 120.0)]


class Centring(Phrase):
    """After each slew: expose, find out where the telescope points, and slew by what it missed, until it is close."""

    within: CloseEnough
    """Close enough."""
    at_most: Tries = 3.0
    """So many exposures for one slew."""
    exposing: ShortExposure = 5.0
    """How long each lasts; one that cannot be solved is followed by one of twice the time, four times at most."""
    otherwise: Literal["go on", "give up"] = "go on"
    """What comes of a block whose target is not close by then."""
