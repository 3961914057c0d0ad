"""What a model says of an image; what it is not sure of, or knows nothing like, is unusable and never clear."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from obsy.engine.clouds.measure import FEATURES, Floats, measured, unusable
from obsy.engine.clouds.network import asked, meant
from obsy.errors import UserError
from obsy.schemas.cloud_model import CLASSES, CloudModel, Learned, Network, SkyClass

SHIPPED = Path(__file__).parent / "shipped.json"
"""A model that was trained on images that were made: it only advises."""


@dataclass(frozen=True)
class SkySeen:
    """What was seen in an image."""

    sky: SkyClass
    probabilities: dict[str, float]
    """Of each class that the model knows; empty if it was not asked."""
    why: str = ""
    """Why it is unusable."""

    @property
    def cloud(self) -> float:
        """The probability that the sky is not clear, in percent; 100 for every class but clear."""
        return 100 * (1 - self.probabilities["clear"]) if self.sky == "clear" else 100.0


def read_model(path: Path) -> CloudModel:
    """Return a model. Raise UserError if there is none, or it makes no sense."""
    try:
        return CloudModel.model_validate_json(path.read_bytes())
    except OSError as fault:
        raise UserError(f"the model '{path}' cannot be read: {fault.strerror}: 'obsy clouds train' makes one") from None
    except ValueError as fault:
        said = str(fault).splitlines()
        raise UserError(f"'{path}' is no model of clouds: {' '.join(said[:3])}: train it again") from None


def looked_at(rgb: NDArray[np.uint8], model: CloudModel, folder: Path) -> SkySeen:
    """Return what is seen in an image. folder: of the model's file. Raise UserError if a network cannot be asked."""
    if why := unusable(rgb):
        return SkySeen("unusable", {}, why)
    return of_numbers(model, numbers(rgb, model.network, folder))


def numbers(rgb: NDArray[np.uint8], network: Network | None, folder: Path) -> Floats:
    """Return what a model is told of an image: its features, or what a network says of it."""
    return measured(rgb) if network is None else asked(network, rgb, folder)


def of_numbers(model: CloudModel, told: Floats) -> SkySeen:
    """Return what a model says, from `numbers` of its kind. Raise UserError if it was made for others."""
    learned = model.learned
    if learned is None:
        return _of_network(model, told)
    if learned.features != tuple(FEATURES):
        raise UserError("the model was made by another version of obsy: train it again")
    if why := _unlike(learned, told):
        return SkySeen("unusable", {}, why)
    chances = probabilities(learned, told[None])[0]
    return decided(model, dict(zip(learned.classes, chances.tolist(), strict=True)))


def probabilities(learned: Learned, features: Floats) -> Floats:
    """Return the probability of each class: (images, classes). features: (images, features)."""
    away = (features - np.array(learned.centre)) / np.array(learned.scale)
    return softmax(away @ np.array(learned.weights).T + np.array(learned.offsets))


def softmax(scores: Floats) -> Floats:
    """Return scores as probabilities, along the last axis."""
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))


def decided(model: CloudModel, chances: dict[str, float]) -> SkySeen:
    """Return the likeliest class, but clear only from the model's own probability on, and partly below it."""
    sky = max(CLASSES, key=lambda name: chances.get(name, -1.0))
    if chances[sky] < model.sure_from:
        return SkySeen("unusable", chances, "the model is not sure what it shows")
    if sky == "clear" and chances["clear"] < model.clear_from:
        return SkySeen("partly", chances)
    return SkySeen(sky, chances, "it shows no sky" if sky == "unusable" else "")


def _unlike(learned: Learned, features: Floats) -> str:
    """Return in what an image is unlike all that was learned from; empty if in nothing."""
    if not np.isfinite(features).all():
        return "it cannot be measured"
    for name, value, least, most in zip(learned.features, features, learned.least, learned.most, strict=True):
        if not least <= value <= most:
            return f"it is unlike what the model knows: {FEATURES[name]} is {value:.2f}, not {least:.2f} to {most:.2f}"
    return ""


def _of_network(model: CloudModel, chances: Floats) -> SkySeen:
    network = model.network
    if network is None or not np.isfinite(chances).all():
        return SkySeen("unusable", {}, "the network's answer is not a number")
    best = network.labels[int(np.argmax(chances))]
    if best not in network.means:
        return SkySeen("unusable", {}, f"the network calls it '{best}', and the model does not say what that means")
    return decided(model, meant(network, chances))
