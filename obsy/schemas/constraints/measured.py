"""What frames and meters must show: read and checked, and carried out by no version yet."""

from typing import Annotated

from obsy.schemas.phrase import Phrase
from obsy.units import Arcseconds, Percent, Quantity


class Seeing(Phrase):
    """How steady the air is."""

    below: Arcseconds
    """The largest width of stars, as the last frames show them."""


class SkyBrightness(Phrase):
    """How dark the sky is."""

    darker_than: Annotated[
        float, Quantity("a brightness of the sky", {"mag/arcsec2": 1.0}, "20.5 mag/arcsec2", 10.0, 25.0)
    ]
    """As the last frames, or a meter, show it."""


class Transparency(Phrase):
    """How clear the air is."""

    at_least: Percent
    """The share of the light of a clear night, as the last frames show it."""
