"""What a camera's images mean: a model that was learned, what it knows, and how good it was found to be."""

from typing import Annotated, Literal, Self, get_args

from pydantic import Field, model_validator

from obsy.diagnostics import unfit
from obsy.schemas.model import Model, Number, Text, Whole

SkyClass = Literal["clear", "partly", "overcast", "precipitation", "unusable"]
CLASSES: tuple[SkyClass, ...] = get_args(SkyClass)
CLOUDY: tuple[SkyClass, ...] = ("partly", "overcast", "precipitation")
"""What must not be called clear; an unusable image shows no sky, and proves nothing of how cloud is told."""
Share = Annotated[Number, Field(ge=0, le=1)]
Row = tuple[Number, ...]

LEAST_CLOUDY, LEAST_CLEAR = 5, 3
"""Nights that must have been held out before a model may be relied upon."""
MOST_FALSE = 0.01
"""Share of the images of cloud that may have been called clear."""
MOST_LIKELY_FALSE = 0.1
"""Share of the nights with cloud on which one may be called clear, with 95 % certainty: 29 nights without a mistake."""


class Figures(Model):
    """How a model did on nights that it had not learned from."""

    cloudy: Whole
    """Images of cloud or precipitation."""
    false_clear: Whole
    """How many of them were called clear."""
    cloudy_nights: Whole
    """Nights with such images."""
    false_nights: Whole
    """Nights with one that was called clear."""
    at_most: Share
    """The share of nights with one that is exceeded only by a chance of 1 in 20 (Clopper and Pearson)."""
    clear: Whole
    """Images of a clear sky."""
    clear_kept: Whole
    """How many of them were called clear."""
    clear_nights: Whole
    """Nights with such images."""
    confusion: dict[SkyClass, dict[SkyClass, Whole]]
    """What was, and what it was called."""


class Learned(Model):
    """A multinomial logistic regression on measured features."""

    features: tuple[Text, ...]
    """What is measured, in order."""
    centre: Row
    """Of each feature, where it learned."""
    scale: Row
    """One standard deviation of it."""
    least: Row
    """An image below this is unlike all that it learned from."""
    most: Row
    """So is one above this."""
    classes: tuple[SkyClass, ...]
    """What it tells apart."""
    weights: tuple[Row, ...]
    """For each class, of each feature in deviations from its centre."""
    offsets: Row
    """For each class."""

    @model_validator(mode="after")
    def _is_square(self) -> Self:
        many, kinds = len(self.features), len(self.classes)
        rows = (self.centre, self.scale, self.least, self.most, *self.weights)
        if any(len(row) != many for row in rows) or (len(self.weights), len(self.offsets)) != (kinds, kinds):
            raise unfit("not-understood", expected="one number of each for every feature", mend="train it again")
        return self


class Network(Model):
    """A neural network that takes the image itself, as Teachable Machine makes them."""

    file: Text
    """An ONNX file, as seen from the folder of this one."""
    labels: tuple[Text, ...]
    """What its outputs mean, in their order, in its own words."""
    means: dict[Text, SkyClass]
    """What those words mean here; an image to which it gives any other is unusable."""
    side: Annotated[Whole, Field(ge=16, le=2048)] = 224
    """Of the square that it takes, pixels."""


class CloudModel(Model):
    """A model: what it was made for, what it knows, and since when it believes in a clear sky."""

    camera: Text | None = None
    """The weather input whose images it was trained on and tried with; without one it only advises."""
    clear_from: Annotated[Number, Field(ge=0.5, le=1)]
    """A sky is clear from this probability on."""
    sure_from: Share = 0.4
    """An image of which no class has this probability is unusable."""
    learned: Learned | None = None
    """What it learned from measured features."""
    network: Network | None = None
    """A network instead."""
    figures: Figures | None = None
    """How it did on nights that it had not learned from."""

    @model_validator(mode="after")
    def _knows_something(self) -> Self:
        if (self.learned is None) == (self.network is None):
            raise unfit("missing-key", expected="either 'learned' or 'network'", mend="train it again")
        return self

    def why_it_only_advises(self, camera: str) -> str:
        """Return why no roof may open on its word alone; empty if one may."""
        found = self.figures
        if self.camera != camera:
            whose = f"'{self.camera}'" if self.camera else "no camera of yours"
            return f"it was trained for {whose}, and not for '{camera}'"
        if found is None:
            return (
                "it was tried on no night that it had not learned from: label more nights of cloud and of a clear sky"
            )
        if found.cloudy_nights < LEAST_CLOUDY or found.clear_nights < LEAST_CLEAR:
            few = f"{found.cloudy_nights} nights with cloud and {found.clear_nights} with a clear sky"
            return f"it was tried on {few}, fewer than {LEAST_CLOUDY} and {LEAST_CLEAR}"
        if found.false_clear > MOST_FALSE * found.cloudy:
            return f"it called {found.false_clear} of {found.cloudy} images of cloud clear"
        if found.at_most > MOST_LIKELY_FALSE:
            bound = (
                f"{100 * found.at_most:.0f} of 100 nights with cloud (95 %), more than {100 * MOST_LIKELY_FALSE:.0f}"
            )
            return f"it may call cloud clear on up to {bound}: label more of them"
        return ""
