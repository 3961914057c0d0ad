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
from obsy.schemas.cloud_model import CLASSES, CLOUDY, CloudModel, Figures, Learned, Network, SkyClass

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
    """A model, what the same way of learning did on nights held out, and what it called clear there that was not.

    Without figures there were too few nights to hold some out.
    """

    model: CloudModel
    figures: Figures | None
    mistaken: tuple[str, ...]


def learn(samples: Sequence[Sample], camera: str | None, network: Network | None = None) -> Trial:
    """Return a model of all samples, tried on each night by models that have not seen it.

    Of a network, only the probability from which it is believed is learned; it must not know these images.

    Raise UserError if the samples show no clear sky or no cloud, or either on one night alone.
    """
    kinds = Counter(each.sky for each in samples)
    if "clear" not in kinds or not kinds.keys() & set(CLOUDY):
        found = ", ".join(kinds) or "nothing"
        raise UserError(f"there are images of {found} alone: 'clear' and one of {', '.join(CLOUDY)} are needed")
    for what, skies in (("clear", ("clear",)), ("cloud", CLOUDY)):
        if len({each.night for each in samples if each.sky in skies}) < 2:  # noqa: PLR2004
            raise UserError(f"images of {what} are all of one night: no night could be held out")
    called = _called(samples, network)
    pairs = list(zip(samples, called or (), strict=called is not None))
    tried = figures(pairs) if pairs else None
    model = _model(samples, network)[0].model_copy(update={"camera": camera, "figures": tried})
    return Trial(model, tried, tuple(each.name for each, sky in pairs if sky == "clear" != each.sky))


def figures(pairs: Sequence[tuple[Sample, SkyClass]]) -> Figures:
    """Return how good it was, from what samples are and what they were called."""
    cloudy = [(each, sky) for each, sky in pairs if each.sky in CLOUDY]
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


def _called(samples: Sequence[Sample], network: Network | None) -> list[SkyClass] | None:
    """Return what each sample is called by a model, its threshold included, that has not seen its night.

    None if some cannot be tried so.
    """
    called = dict[int, SkyClass]()
    for kept, held in _folds(samples):
        model, is_tried = _model([samples[place] for place in kept], network)
        if not is_tried:
            return None
        called |= {place: of_numbers(model, samples[place].numbers).sky for place in held}
    return [called[place] for place in range(len(samples))] if len(called) == len(samples) else None


def _model(samples: Sequence[Sample], network: Network | None) -> tuple[CloudModel, bool]:
    """Return the model of some samples, and whether all of them could be held out in turn.

    A sky is clear above whatever probability another got on a night held out.
    """
    chances = list(_false_chances(samples, network))
    is_tried = len(chances) == sum(each.sky != "clear" for each in samples)
    worst = max((LEAST_CLEAR_FROM, *chances)) if is_tried else 1.0
    clear_from = round(min(worst + (1 - worst) / 10, MOST_CLEAR_FROM), 4)
    learned = _fit(samples) if network is None else None
    return CloudModel(clear_from=clear_from, learned=learned, network=network), is_tried


def _false_chances(samples: Sequence[Sample], network: Network | None) -> Iterator[float]:
    """Return the probability of a clear sky that each image of none got on a night held out, if it could be."""
    if network is not None:
        yield from (meant(network, each.numbers).get("clear", 0.0) for each in samples if each.sky != "clear")
        return
    for kept, held in _folds(samples):
        learned = _fit([samples[place] for place in kept])
        others = [samples[place].numbers for place in held if samples[place].sky != "clear"]
        if others:
            yield from probabilities(learned, np.array(others))[:, learned.classes.index("clear")].tolist()


def _folds(samples: Sequence[Sample]) -> Iterator[tuple[list[int], list[int]]]:
    """Yield which samples to learn from and which to hold out: whole nights, since neighbours are nearly the same.

    Nights of cloud and clear nights are both spread over all folds; one that leaves none of either is no trial.
    """
    skies: dict[str, set[SkyClass]] = {}
    for each in samples:
        skies.setdefault(each.night, set()).add(each.sky)

    def order(night: str) -> tuple[bool, bool, bool, str]:
        """Nights with cloud are neighbours so, and so are those with a clear sky: some have both."""
        return skies[night] == {"unusable"}, "clear" in skies[night], skies[night].isdisjoint(CLOUDY), night

    folds = {night: place % FOLDS for place, night in enumerate(sorted(skies, key=order))}
    for fold in sorted(set(folds.values())):
        kept = [place for place, each in enumerate(samples) if folds[each.night] != fold]
        kinds = {samples[place].sky for place in kept}
        if "clear" in kinds and kinds & set(CLOUDY):
            yield kept, [place for place, each in enumerate(samples) if folds[each.night] == fold]


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
