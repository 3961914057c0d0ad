"""Learns a model from labelled images, and finds out on nights that it has not seen how good it is."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import betaincinv, log_softmax

from obsy.engine.clouds.measure import FEATURES, Floats
from obsy.engine.clouds.model import of_numbers, probabilities
from obsy.engine.clouds.network import meant
from obsy.errors import UserError
from obsy.schemas.cloud_model import CLASSES, CloudModel, Figures, Learned, Network, SkyClass

FOLDS = 5
"""Each holds out a fifth of the nights, and within the others a fifth again."""
PULL = 5.0
"""How strongly weights are drawn to nothing, in images."""
MARGIN = 0.25
"""How far beyond all that it learned from an image may lie, as a share of its range."""
LEAST_CLEAR_FROM, MOST_CLEAR_FROM = 0.5, 0.99
ONE_IN_TWENTY = 0.95


@dataclass(frozen=True)
class Sample:
    """One labelled image: whence, what it shows, the night on which it was taken, and what a model is told of it."""

    name: str
    sky: SkyClass
    night: str
    numbers: Floats


@dataclass(frozen=True)
class Trial:
    """A model, what the same way of learning did on nights held out, and what it called clear there that was not."""

    model: CloudModel
    figures: Figures
    mistaken: tuple[str, ...]


def learn(samples: Sequence[Sample], camera: str | None, network: Network | None = None) -> Trial:
    """Return a model of all samples, tried on each night by models that have not seen it.

    Of a network, only the probability from which it is believed is learned; it must not know these images.

    Raise UserError if the samples are of one class or one night, or none is clear.
    """
    kinds, nights = Counter(each.sky for each in samples), {each.night for each in samples}
    if len(kinds) < 2 or "clear" not in kinds:  # noqa: PLR2004
        found = ", ".join(kinds) or "nothing"
        raise UserError(f"there are images of {found} alone: 'clear' and at least one other class are needed")
    for sky in ("clear", "cloud"):
        if len({each.night for each in samples if (each.sky == "clear") == (sky == "clear")}) < 2:  # noqa: PLR2004
            raise UserError(f"images of {sky} are all of one night, of {len(nights)}: no night could be held out")
    called = _called(samples, network)
    pairs = list(zip(samples, called, strict=True))
    tried = figures(pairs)
    model = _model(samples, network).model_copy(update={"camera": camera, "figures": tried})
    return Trial(model, tried, tuple(each.name for each, sky in pairs if sky == "clear" != each.sky))


def figures(pairs: Sequence[tuple[Sample, SkyClass]]) -> Figures:
    """Return how good it was, from what samples are and what they were called."""
    cloudy = [(each, sky) for each, sky in pairs if each.sky != "clear"]
    clear = [(each, sky) for each, sky in pairs if each.sky == "clear"]
    false = [each for each, sky in cloudy if sky == "clear"]
    nights, wrong = len({each.night for each, _ in cloudy}), len({each.night for each in false})
    table = Counter((each.sky, sky) for each, sky in pairs)
    return Figures(
        cloudy=len(cloudy),
        false_clear=len(false),
        cloudy_nights=nights,
        false_nights=wrong,
        at_most=1.0 if wrong >= nights else float(betaincinv(wrong + 1, nights - wrong, ONE_IN_TWENTY)),
        clear=len(clear),
        clear_kept=sum(sky == "clear" for _, sky in clear),
        clear_nights=len({each.night for each, _ in clear}),
        confusion={was: {said: table[was, said] for said in CLASSES} for was in CLASSES},
    )


def _called(samples: Sequence[Sample], network: Network | None) -> list[SkyClass]:
    """Return what each sample is called by a model, its threshold included, that has not seen its night."""
    called: list[SkyClass] = [each.sky for each in samples]
    for kept, held in _folds(samples):
        model = _model([samples[place] for place in kept], network)
        for place in held:
            called[place] = of_numbers(model, samples[place].numbers).sky
    return called


def _model(samples: Sequence[Sample], network: Network | None) -> CloudModel:
    """Return the model of some samples: a sky is clear above whatever probability cloud got on nights held out."""
    worst = max((LEAST_CLEAR_FROM, *_false_chances(samples, network)))
    clear_from = round(min(worst + (1 - worst) / 10, MOST_CLEAR_FROM), 4)
    learned = _fit(samples) if network is None else None
    return CloudModel(clear_from=clear_from, learned=learned, network=network)


def _false_chances(samples: Sequence[Sample], network: Network | None) -> Iterator[float]:
    """Return the probability of a clear sky that each image of cloud got, on a night held out."""
    if network is not None:
        yield from (meant(network, each.numbers).get("clear", 0.0) for each in samples if each.sky != "clear")
        return
    for kept, held in _folds(samples):
        learned = _fit([samples[place] for place in kept])
        clouds = [samples[place].numbers for place in held if samples[place].sky != "clear"]
        if clouds and "clear" in learned.classes:
            yield from probabilities(learned, np.array(clouds))[:, learned.classes.index("clear")].tolist()


def _folds(samples: Sequence[Sample]) -> list[tuple[list[int], list[int]]]:
    """Return which samples to learn from and which to hold out: whole nights, since neighbours are nearly the same."""
    nights = {night: place % FOLDS for place, night in enumerate(sorted({each.night for each in samples}))}
    folds = []
    for fold in range(min(FOLDS, len(nights))):
        is_held = [nights[each.night] == fold for each in samples]
        kept = [place for place, held in enumerate(is_held) if not held]
        if len({samples[place].sky for place in kept}) > 1:
            folds.append((kept, [place for place, held in enumerate(is_held) if held]))
    return folds


def _fit(samples: Sequence[Sample]) -> Learned:
    """Return a multinomial logistic regression in which every class weighs the same."""
    features = np.array([each.numbers for each in samples])
    classes = tuple(sky for sky in CLASSES if any(each.sky == sky for each in samples))
    truth = np.array([classes.index(each.sky) for each in samples])
    centre, scale = features.mean(axis=0), np.maximum(features.std(axis=0), 0.02)
    share = (len(samples) / len(classes) / np.bincount(truth))[truth]
    weights = _weights((features - centre) / scale, truth, share)
    room = MARGIN * np.maximum(np.ptp(features, axis=0), scale)
    numbers = {
        "centre": centre,
        "scale": scale,
        "least": features.min(axis=0) - room,
        "most": features.max(axis=0) + room,
        "weights": weights[:, :-1],
        "offsets": weights[:, -1],
    }
    rounded: dict[str, Any] = {name: np.round(value, 5).tolist() for name, value in numbers.items()}
    return Learned(features=tuple(FEATURES), classes=classes, **rounded)


def _weights(away: Floats, truth: NDArray[np.intp], share: Floats) -> Floats:
    """Return the weights and, last, the offset of each class, with which the samples are likeliest.

    away: (images, features), in deviations; truth: the number of each one's class; share: what each one counts.
    """
    inputs, kinds = np.column_stack([away, np.ones(len(away))]), int(truth.max()) + 1
    wanted = np.eye(kinds)[truth]

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(kinds, -1)
        logs = log_softmax(inputs @ weights.T, axis=1)
        slope = (share[:, None] * (np.exp(logs) - wanted)).T @ inputs + PULL * weights
        return float(-(share[:, None] * wanted * logs).sum() + PULL * (weights**2).sum() / 2), slope.ravel()

    found = minimize(loss, np.zeros(kinds * inputs.shape[1]), jac=True, method="L-BFGS-B", tol=1e-6)
    return np.asarray(found.x.reshape(kinds, -1))
