from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from obsy.engine.clouds.measure import FEATURES, measured
from obsy.engine.clouds.model import SHIPPED, decided, looked_at, numbers, of_numbers, read_model, softmax
from obsy.errors import UserError
from obsy.schemas.cloud_model import CLASSES, CloudModel, Figures, Network
from tests.support.onnx import constant
from tests.support.skies import learned, sky

MANY = len(FEATURES)
LABELS = ("Aurora", "Clear", "Overcast")
MEANS = {"Clear": "clear", "Overcast": "overcast"}


def model(clear_from=0.9, **more):
    return CloudModel(clear_from=clear_from, **(more or {"learned": learned()}))


def test_a_model_tells_stars_from_none():
    clear, overcast = (looked_at(sky(kind), model(), Path()) for kind in ("clear", "overcast"))
    assert (clear.sky, overcast.sky) == ("clear", "overcast")
    assert clear.cloud == pytest.approx(100 * (1 - clear.probabilities["clear"]))
    assert clear.cloud < 10 < overcast.cloud == 100


@given(st.lists(st.floats(0, 1), min_size=5, max_size=5), st.floats(0.5, 1), st.floats(0, 1))
def test_nothing_is_clear_below_the_probability_from_which_the_model_believes_in_it(weights, clear_from, sure_from):
    chances = dict(zip(CLASSES, softmax(np.array(weights) * 9).tolist(), strict=True))
    seen = decided(CloudModel(clear_from=clear_from, sure_from=sure_from, learned=learned()), chances)
    assert (seen.sky == "clear") <= (chances["clear"] >= clear_from)
    assert (seen.sky == "clear") == (seen.cloud < 100 or chances["clear"] == 0)
    assert seen.sky in ("clear", "partly", "unusable") or chances[seen.sky] == max(chances.values())


def test_what_no_class_is_likely_for_is_unusable():
    unsure = dict.fromkeys(CLASSES, 0.2)
    assert decided(model(), unsure).why == "the model is not sure what it shows"


@pytest.mark.parametrize("value", [-20.1, 20.1, np.nan, np.inf])
def test_an_image_unlike_all_that_was_learned_is_unusable(value):
    told = measured(sky())
    told[3] = value
    assert of_numbers(model(), told).sky == "unusable"


def test_a_black_image_is_not_even_asked_about():
    assert looked_at(sky("black"), model(), Path()).probabilities == {}


def test_a_model_of_other_features_says_that_it_must_be_trained_again():
    other = learned(features=("stars",) * MANY)
    with pytest.raises(UserError, match="train it again"):
        of_numbers(model(learned=other), measured(sky()))


@pytest.mark.parametrize(
    "wrong", [{"offsets": (0.0,)}, {"centre": (0.0,)}, {"weights": ((0.0,) * MANY,)}, {"scale": ()}]
)
def test_a_model_with_a_number_missing_is_none(wrong):
    with pytest.raises(ValidationError, match="one number of each"):
        learned(**wrong)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"clear_from": 0.2}', '{"clear_from": NaN}', "\0" * 100])
def test_a_file_that_is_no_model_is_told(tmp_path, text):
    (tmp_path / "model.json").write_text(text)
    with pytest.raises(UserError, match="is no model of clouds"):
        read_model(tmp_path / "model.json")
    with pytest.raises(UserError, match="cannot be read"):
        read_model(tmp_path / "gone.json")


def test_the_model_that_ships_belongs_to_these_features_and_only_advises():
    shipped = read_model(SHIPPED)
    assert shipped.learned is not None
    assert shipped.learned.features == tuple(FEATURES)
    assert shipped.learned.classes == CLASSES
    assert shipped.why_it_only_advises("eye")
    assert shipped.figures is not None
    assert shipped.figures.false_clear <= 0.01 * shipped.figures.cloudy


@pytest.mark.once
@pytest.mark.parametrize("kind", ["partly", "overcast", "precipitation", "unusable", "black", "glaring"])
def test_the_model_that_ships_calls_none_of_these_clear(kind):
    for seed in range(3):
        assert looked_at(sky(kind, seed), read_model(SHIPPED), Path()).sky != "clear"


FIGURES = Figures(
    cloudy=500, false_clear=5, cloudy_nights=5, false_nights=1, at_most=0.1,
    clear=90, clear_kept=80, clear_nights=3, confusion={},
)  # fmt: skip


@pytest.mark.parametrize(
    ("camera", "figures", "why"),
    [
        ("eye", {}, ""),
        ("other", {}, "trained for 'other'"),
        (None, {}, "trained for no camera"),
        ("eye", {"cloudy_nights": 4}, "tried on 4 nights with cloud"),
        ("eye", {"clear_nights": 2}, "and 2 with a clear sky"),
        ("eye", {"false_clear": 6}, "6 of 500"),
        ("eye", {"at_most": 0.11}, "on up to 11 of 100 nights"),
    ],
)
def test_a_roof_rests_on_a_model_that_was_tried_on_enough_nights_of_this_camera(camera, figures, why):
    found = model(learned=learned()).model_copy(
        update={"camera": camera, "figures": FIGURES.model_copy(update=figures)}
    )
    said = found.why_it_only_advises("eye")
    assert why in said and bool(why) == bool(said)


def test_a_model_without_figures_only_advises():
    assert model().model_copy(update={"camera": "eye"}).why_it_only_advises("eye")


def network(tmp_path, chances, side=32, labels=LABELS):
    (tmp_path / "net.onnx").write_bytes(constant(side, chances))
    return model(network=Network(file="net.onnx", labels=labels, means=MEANS, side=32))


@pytest.mark.parametrize(
    ("chances", "sky_seen"),
    [
        ((0.01, 0.97, 0.02), "clear"),
        ((0.0, 0.85, 0.15), "partly"),
        ((0.1, 0.1, 0.8), "overcast"),
        ((0.8, 0.1, 0.1), "unusable"),
    ],
)
def test_a_network_is_believed_as_its_labels_mean(tmp_path, chances, sky_seen):
    pytest.importorskip("onnxruntime")
    seen = looked_at(sky(), network(tmp_path, chances), tmp_path)
    assert seen.sky == sky_seen
    assert ("'Aurora'" in seen.why) == (sky_seen == "unusable")


def test_a_network_sees_the_middle_square_between_minus_one_and_one(tmp_path):
    pytest.importorskip("onnxruntime")
    from tests.support.onnx import mean_of_each_colour  # noqa: PLC0415

    (tmp_path / "net.onnx").write_bytes(mean_of_each_colour(32))
    rgb = np.zeros((64, 128, 3), np.uint8)
    rgb[:, 32:96] = (255, 0, 51)
    told = numbers(rgb, Network(file="net.onnx", labels=LABELS, means=MEANS, side=32), tmp_path)
    assert told == pytest.approx([1.0, -1.0, -0.6], abs=0.01)


@pytest.mark.parametrize(("chances", "side", "said"), [((0.5, 0.5), 32, "2 outputs"), ((0.1, 0.8, 0.1), 48, "48")])
def test_a_network_that_does_not_fit_is_told(tmp_path, chances, side, said):
    pytest.importorskip("onnxruntime")
    with pytest.raises(UserError, match=said):
        looked_at(sky(), network(tmp_path, chances, side), tmp_path)


def test_a_file_that_is_no_network_is_told(tmp_path):
    pytest.importorskip("onnxruntime")
    (tmp_path / "none.onnx").write_bytes(b"no network")
    with pytest.raises(UserError, match="cannot be read"):
        looked_at(sky(), model(network=Network(file="none.onnx", labels=("a",), means={})), tmp_path)


def test_a_network_without_its_library_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "onnxruntime", None)
    net = Network(file="other.onnx", labels=LABELS, means=MEANS)
    with pytest.raises(UserError, match=r"obsy\[clouds\]"):
        looked_at(sky(), model(network=net), tmp_path)
