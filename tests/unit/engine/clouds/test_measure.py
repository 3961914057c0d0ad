import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from obsy.engine.clouds.measure import FEATURES, measured, unusable
from tests.support.effort import examples
from tests.support.skies import sky

NAMES = list(FEATURES)


def of(pixels):
    return dict(zip(NAMES, measured(pixels), strict=True))


def test_cloud_hides_stars_where_it_is():
    clear, partly, overcast = (of(sky(kind)) for kind in ("clear", "partly", "overcast"))
    assert clear["starry"] > 0.3 > partly["starry"] > overcast["starry"]
    assert clear["stars"] > partly["stars"] > overcast["stars"]
    assert partly["uneven"] > clear["uneven"]


def test_dew_makes_few_things_a_star():
    assert of(sky("unusable"))["stars"] < of(sky())["stars"] - 0.5


def test_trees_are_no_sky_and_their_lamps_no_stars():
    rgb = sky("overcast")
    rgb[:, :128] //= 12
    rgb[20:180:20, 10:120:20] = 255
    assert of(rgb)["sky"] == pytest.approx(0.5, abs=0.1)
    assert of(rgb)["stars"] < 0.6


def test_colour_is_that_of_the_sky():
    rgb = sky().astype(float)
    rgb[..., 2] *= 1.5
    assert of(rgb.astype(np.uint8))["blue"] == pytest.approx(np.log(1.5), abs=0.02)
    assert of(sky())["green"] == pytest.approx(0, abs=1e-6)


def test_twice_the_light_is_the_same_sky():
    dim, bright = of(sky(level=30)), of(np.clip(sky(level=30).astype(int) * 2, 0, 255).astype(np.uint8))
    assert bright["level"] - dim["level"] == pytest.approx(np.log(2), abs=0.02)
    for name in ("starry", "uneven", "gradient", "mottled", "sky"):
        assert bright[name] == pytest.approx(dim[name], abs=0.15), name


@pytest.mark.parametrize(
    ("kind", "why"), [("black", "black"), ("glaring", "saturated"), ("clear", ""), ("overcast", "")]
)
def test_black_and_saturated_images_are_unusable_whatever_a_model_says(kind, why):
    assert why in unusable(sky(kind)) and bool(why) == bool(unusable(sky(kind)))


def test_an_image_in_which_nothing_varies_is_unusable():
    assert unusable(np.full((100, 100, 3), 80, np.uint8)) == "nothing in it varies"


@settings(max_examples=examples(20), deadline=None)
@given(arrays(np.uint8, st.tuples(st.integers(64, 90), st.integers(64, 90), st.just(3))))
def test_whatever_the_pixels_are_the_features_are_numbers(pixels):
    assert np.isfinite(measured(pixels)).all()
    unusable(pixels)


@pytest.mark.parametrize("value", [0, 1, 128, 255])
def test_an_even_image_has_features_too(value):
    assert np.isfinite(measured(np.full((64, 300, 3), value, np.uint8))).all()
