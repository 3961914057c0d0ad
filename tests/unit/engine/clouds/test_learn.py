import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from obsy.engine.clouds.learn import Sample, figures, learn
from obsy.engine.clouds.measure import FEATURES
from obsy.engine.clouds.model import of_numbers
from obsy.errors import UserError
from obsy.schemas.cloud_model import Network
from tests.support.effort import examples

STARS = list(FEATURES).index("stars")


def sample(sky, night, stars, seed=0):
    """A sample whose features are noise but for the stars."""
    told = np.random.default_rng([seed, night, round(stars * 1000)]).normal(0, 0.1, len(FEATURES))
    told[STARS] = stars
    return Sample(f"{sky}-{night}-{stars}", sky, f"2026-01-{night:02d}", told)


def nights(number, *, clear=2.0, cloud=0.5):
    return [
        sample(sky, night, at + 0.03 * turn)
        for night in range(1, number + 1)
        for turn in range(3)
        for sky, at in (("clear", clear), ("overcast", cloud))
    ]


def test_what_is_plain_is_learned():
    trial = learn(nights(6), "eye")
    assert trial.mistaken == ()
    assert trial.model.figures.false_clear == 0
    assert trial.model.figures.clear_kept >= 15
    assert of_numbers(trial.model, sample("clear", 9, 2.0).numbers).sky == "clear"
    assert of_numbers(trial.model, sample("clear", 9, 0.4).numbers).sky == "overcast"
    assert trial.model.why_it_only_advises("eye") == ""


def test_what_cannot_be_told_apart_is_not_called_clear():
    trial = learn(nights(8, clear=1.0, cloud=1.0), "eye")
    assert trial.model.figures.false_clear <= 1
    assert trial.model.figures.clear_kept <= 3


def test_a_night_is_tried_with_a_model_that_has_not_seen_it():
    """One night's cloud looks like another's clear sky: whoever had learned from that very night would know."""
    odd = [*nights(6), *(sample("overcast", 7, 2.01 + 0.03 * turn) for turn in range(3))]
    trial = learn(odd, "eye")
    assert trial.model.figures.false_clear == 3
    assert (trial.model.figures.false_nights, trial.model.figures.cloudy_nights) == (1, 7)
    assert trial.mistaken == tuple(each.name for each in odd[-3:])
    assert "3 of 21" in trial.model.why_it_only_advises("eye")


def test_the_same_samples_give_the_same_model():
    assert learn(nights(5), "eye") == learn(nights(5), "eye")


@pytest.mark.parametrize(
    ("samples", "said"),
    [
        ([], "nothing alone"),
        ([each for each in nights(4) if each.sky == "clear"], "clear alone"),
        ([each for each in nights(4) if each.sky != "clear"], "overcast alone"),
        (nights(1), "of one night"),
        ([each for each in nights(4) if each.sky == "clear" or each.night.endswith("02")], "images of cloud are all"),
    ],
)
def test_too_little_to_learn_from_is_told(samples, said):
    with pytest.raises(UserError, match=said):
        learn(samples, "eye")


NETWORK = Network(file="net.onnx", labels=("Clear", "Cloudy"), means={"Clear": "clear", "Cloudy": "overcast"})


def test_of_a_network_it_is_learned_when_to_believe_it():
    told = [
        Sample(f"{night}{sky}{chance}", sky, f"2026-01-{night:02d}", np.array([chance, 1 - chance]))
        for night in range(1, 7)
        for sky, chance in (("clear", 0.99), ("clear", 0.7), ("overcast", 0.8), ("overcast", 0.1))
    ]
    model = learn(told, "eye", NETWORK).model
    assert (model.network, model.learned, model.clear_from) == (NETWORK, None, 0.82)
    assert (model.figures.false_clear, model.figures.clear_kept) == (0, 6)
    assert model.figures.confusion["clear"]["partly"] == 6


@settings(max_examples=examples(40), deadline=None)
@given(st.integers(1, 60), st.data())
def test_the_rate_that_is_hardly_exceeded_is_that_of_clopper_and_pearson(many, data):
    wrong = data.draw(st.integers(0, many))
    pairs = [(sample("overcast", night, 0.0), "clear" if night < wrong else "overcast") for night in range(many)]
    most = figures(pairs).at_most
    if wrong == many:
        assert most == 1
    else:  # so few or fewer happen once in twenty, if it were that likely
        assert binom.cdf(wrong, many, most) == pytest.approx(0.05, abs=1e-9)
