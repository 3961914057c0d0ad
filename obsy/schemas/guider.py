"""What holds the telescope on its target: a guiding program that is already set up."""

import re
from typing import Annotated

from pydantic import AfterValidator

from obsy.diagnostics import unfit
from obsy.schemas.model import Model, Text
from obsy.schemas.phrase import Phrase
from obsy.units import DURATION, Arcseconds, Quantity

_ADDRESS = re.compile(r"([\w.-]+):(\d{1,5})", re.ASCII)
LAST_PORT = 65535


def _address(said: str) -> str:
    match = _ADDRESS.fullmatch(said)
    if match is None or not 0 < int(match[2]) <= LAST_PORT:
        mend = "write 'phd2: localhost:4400'; a second PHD2 listens at 4401"
        raise unfit("not-understood", expected="host:port", mend=mend)
    return said


Address = Annotated[Text, AfterValidator(_address)]
SettleTime = Annotated[float, Quantity("a settling time", DURATION, "10 s", 0.0, 300.0)]
SettleLimit = Annotated[float, Quantity("a limit of settling", DURATION, "60 s", 1.0, 600.0)]
GuideScale = Annotated[
    float, Quantity("a scale", {"arcsec/px": 1.0, "arcsec": 1.0, "arcmin": 60.0}, "3.3 arcsec", 0.05, 120.0)
]


class GuidingSettle(Phrase):
    """When the telescope counts as held: `below 1.5 arcsec and lasting 10 s and within 60 s`."""

    below: Arcseconds = 1.5
    """How far the guide star may stand from its place."""
    lasting: SettleTime = 10.0
    """For so long."""
    within: SettleLimit = 60.0
    """It must come to that in so long, after guiding began and after each dither."""


class Guider(Model):
    """PHD2, which somebody has begun, and set up with the equipment that is to guide this train."""

    phd2: Address = "localhost:4400"
    """Where its server listens."""
    scale: GuideScale | None = None
    """Of a pixel of its camera on the sky; unsaid, as PHD2 knows it, whose profile then needs a focal length."""
    settle: GuidingSettle = GuidingSettle.model_construct()
    """When it is calm enough to expose."""
