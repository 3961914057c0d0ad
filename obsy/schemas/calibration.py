"""Which calibration frames the lights need, and how long a master stays good."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from obsy.diagnostics import unfit
from obsy.schemas.model import Document, Model, Text, Whole
from obsy.schemas.phrase import Phrase
from obsy.schemas.reserved import RESERVED, Reserved
from obsy.units import CelsiusApart, Counts, Days, Seconds, Separation


class FrameNeed(Model):
    """What one set of calibration frames must be."""

    count: Whole = Field(ge=3)
    """Frames in one master."""
    max_age: Days
    """A master older than this is built again."""


class DarkNeed(FrameNeed):
    """One set for each exposure the lights use."""

    within: CelsiusApart = 1.0
    """How far the sensor may have been from the lights' temperature."""


class Turned(Phrase):
    """How far a rotator may have turned between lights and flats."""

    within: Separation
    """To either side."""


class FlatNeed(FrameNeed):
    """One set for each filter the lights use."""

    light: Annotated[Literal["panel", "twilight", "dawn"], Reserved("twilight", "dawn")] = "panel"
    """Where it comes from."""
    exposure: Seconds | None = None
    """On the panel."""
    level: Annotated[Counts | None, RESERVED] = None
    """Or how bright a frame is to be, whatever the exposure."""
    turned: Annotated[Turned | None, RESERVED] = None
    """How far a rotator may have turned since; as far as it likes if left out."""

    @model_validator(mode="after")
    def _says_how_long(self) -> Self:
        if (self.exposure is None) == (self.level is None):
            found = "'exposure' is missing" if self.level is None else "'exposure' and 'level'"
            code = "missing-key" if self.level is None else "never-both"
            raise unfit(code, found=found, expected="one of exposure and level", mend="write 'exposure: 3 s' alone")
        return self


class ArcNeed(FrameNeed):
    """One set, of the lamp that the train's spectrograph declares."""

    exposure: Seconds
    """Of one frame."""


class Calibration(Document):
    """What one train needs; masters are built again when they are missing, stale or no longer match."""

    kind: Literal["calibration"]
    train: Text
    """The train it is for."""
    bias: FrameNeed
    """What reads the camera's pedestal."""
    dark: DarkNeed
    """What the warm sensor adds by itself."""
    flat: FlatNeed | None = None
    """How unevenly the train sees; only a train with a panel can take them."""
    arc: Annotated[ArcNeed | None, RESERVED] = None
    """What says where in a spectrum which wavelength lies."""
