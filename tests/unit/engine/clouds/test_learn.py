import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import bdtr

from obsy.engine.clouds.learn import MOST_CLEAR_FROM, Sample, _fit, _model, figures, learn
from obsy.engine.clouds.measure import FEATURES
from obsy.engine.clouds.model import of_numbers, probabilities
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
    assert "39 of 100 nights" in trial.model.why_it_only_advises("eye")


@pytest.mark.once
def test_a_model_that_was_never_wrong_on_enough_nights_is_relied_upon():
    many = [sample(sky, night, at) for night in range(1, 31) for sky, at in (("clear", 2.0), ("overcast", 0.5))]
    assert learn(many, "eye").model.why_it_only_advises("eye") == ""


def test_what_cannot_be_told_apart_is_not_called_clear():
    trial = learn(nights(8, clear=1.0, cloud=1.0), "eye")
    assert trial.model.figures.false_clear <= 1
    assert trial.model.figures.clear_kept <= 3


@pytest.mark.once
def test_a_night_is_tried_with_a_model_that_has_not_seen_it():
    """One night's cloud looks like another's clear sky: whoever had learned from that very night would know."""
    odd = [*nights(6), *(sample("overcast", 7, 2.01 + 0.03 * turn) for turn in range(3))]
    trial = learn(odd, "eye")
    assert trial.model.figures.false_clear == 3
    assert (trial.model.figures.false_nights, trial.model.figures.cloudy_nights) == (1, 7)
    assert trial.mistaken == tuple(each.name for each in odd[-3:])
    assert "3 of 21" in trial.model.why_it_only_advises("eye")


@pytest.mark.once
def test_what_is_unusable_is_no_cloud_that_was_tried():
    """Dewed domes prove nothing of how well cloud is told."""
    dewed = [Sample(each.name, "unusable", each.night, each.numbers) for each in nights(8) if each.sky != "clear"]
    clear = [each for each in nights(8) if each.sky == "clear"]
    with pytest.raises(UserError, match="one of partly, overcast, precipitation"):
        learn([*clear, *dewed], "eye")
    cloud = [sample("overcast", night, 0.5) for night in (1, 2, 3)]
    found = learn([*clear, *dewed, *cloud], "eye").model.figures
    assert (found.cloudy, found.cloudy_nights, found.false_clear) == (3, 3, 0)
    pairs = [(each, "clear") for each in dewed]
    assert figures([*pairs, (cloud[0], "overcast")]).false_clear == 0


@pytest.mark.once
@pytest.mark.parametrize("cloudy", [{1, 6, 11, 16, 21}, {3, 8}])
def test_on_whatever_nights_cloud_was_none_counts_as_called_rightly_untried(cloudy):
    """This cloud looks like a clear sky."""
    story = [sample("overcast" if night in cloudy else "clear", night, 2.0) for night in range(1, 26)]
    trial = learn(story, "eye")
    assert (trial.figures is None) == (len(cloudy) < 3), "of two nights none is left to choose the threshold by"
    assert trial.figures is None or trial.figures.false_clear > 0
    assert trial.model.why_it_only_advises("eye")


def test_a_model_of_too_few_nights_to_hold_some_out_has_no_figures():
    model = learn(nights(2), "eye").model
    assert model.figures is None
    assert "tried on no night" in model.why_it_only_advises("eye")


def test_where_no_cloud_can_be_held_out_hardly_any_sky_is_believed_to_be_clear():
    story = [*nights(1), *(each for each in nights(4) if each.sky == "clear")]
    assert _model(story, None)[0].clear_from == MOST_CLEAR_FROM


def test_a_sky_is_clear_only_above_what_cloud_got_from_fits_that_had_not_seen_its_night():
    """Of five nights each is held out alone: the fit without it is what is learned of the other four."""
    story = [sample(sky, night, at + [0.3, -0.2, 0.1, -0.3, 0.2][night % 5])
             for night in range(1, 6) for sky, at in (("clear", 2.0), ("overcast", 1.6))]  # fmt: skip
    chances = []
    for held in {each.night for each in story}:
        fit = _fit([each for each in story if each.night != held])
        cloud = np.array([each.numbers for each in story if each.night == held and each.sky != "clear"])
        chances += probabilities(fit, cloud)[:, fit.classes.index("clear")].tolist()
    worst = max(chances)
    assert 0.5 < worst < 0.98
    assert _model(story, None)[0].clear_from == pytest.approx(worst + (1 - worst) / 10, abs=1e-4)


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
        assert bdtr(wrong, many, most) == pytest.approx(0.05, abs=1e-9)
