"""What holds the telescope on its target: a guiding program that is already set up."""

import re
from typing import Annotated, Self

from pydantic import AfterValidator, model_validator

from obsy.diagnostics import unfit
from obsy.schemas.address import LAST_PORT
from obsy.schemas.model import Model, Text
from obsy.schemas.phrase import Phrase
from obsy.units import DURATION, Before, Quantity

_ADDRESS = re.compile(r"([\w.-]+):(\d{1,5})", re.ASCII)


def _address(said: str) -> str:
    match = _ADDRESS.fullmatch(said)
    if match is None or not 0 < int(match[2]) <= LAST_PORT:
        bare = re.sub(r"^[a-z]+://|/.*$", "", said)
        if bare.count(":") > 1:
            words = ("a name or an IPv4 address, and its port", "name the host, such as 'localhost:4400'")
            raise unfit("not-understood", expected=words[0], mend=words[1])
        host, _, port = bare.partition(":") if not bare.isdecimal() else ("", "", bare)
        port = port if port.isdecimal() and 0 < int(port) <= LAST_PORT else "4400"
        mend = f"write '{host or 'localhost'}:{port}'; a second PHD2 listens at 4401"
        raise unfit("not-understood", expected="host:port", mend=mend)
    return said


def _written(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Address = Annotated[Text, AfterValidator(_address), Before(_written)]
_ANGLE = {"arcsec": 1.0, "arcmin": 60.0, "deg": 3600.0}
SettleDistance = Annotated[float, Quantity("a distance from its place", _ANGLE, "1.5 arcsec", 0.05, 60.0)]
SettleTime = Annotated[float, Quantity("a settling time", DURATION, "10 s", 0.0, 300.0)]
SettleLimit = Annotated[float, Quantity("a limit of settling", DURATION, "60 s", 1.0, 600.0)]
GuideScale = Annotated[
    float, Quantity("a scale", {"arcsec/px": 1.0, "arcsec": 1.0, "arcmin": 60.0}, "3.3 arcsec", 0.05, 120.0)
]


class GuidingSettle(Phrase):
    """When the telescope counts as held: `below 1.5 arcsec and lasting 10 s and within 60 s`."""

    below: SettleDistance = 1.5
    """How far the guide star may stand from its place."""
    lasting: SettleTime = 10.0
    """For so long."""
    within: SettleLimit = 60.0
    """It must come to that in so long, after guiding began and after each dither."""

    @model_validator(mode="after")
    def _can_be_held(self) -> Self:
        if self.lasting >= self.within:
            below = f"below {self.below:g} arcsec and " * ("below" in self.model_fields_set)
            meant = f"{below}lasting {self.lasting:g} s and within {2 * self.lasting:g} s"
            raise unfit("never-both", expected="'within' longer than 'lasting'", mend=f"write '{meant}'")
        return self


class Guider(Model):
    """PHD2, which somebody has begun, and set up with the equipment that is to guide this train."""

    phd2: Address = "localhost:4400"
    """Where its server listens."""
    scale: GuideScale | None = None
    """Of a pixel of its camera on the sky; unsaid, as PHD2 knows it, whose profile then needs a focal length."""
    settle: GuidingSettle = GuidingSettle.model_construct()
    """When it is calm enough to expose."""
