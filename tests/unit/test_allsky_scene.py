"""The images from which the model that ships has learned, as small as they may be."""

from datetime import UTC

import numpy as np
import pytest

from obsy.engine.clouds.image import opened
from obsy.engine.clouds.measure import FEATURES, measured
from scripts import allsky_scene
from scripts.allsky_scene import Camera, scene, seen

STARS = list(FEATURES).index("stars")


@pytest.fixture(autouse=True)
def few_stars(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sky of two thousand bright stars in the place of Tycho-2's."""
    rng = np.random.default_rng(5)
    stars = rng.uniform(0, 2 * np.pi, 2000), np.arcsin(rng.uniform(-1, 1, 2000)), rng.uniform(0, 4, 2000)
    monkeypatch.setattr(allsky_scene, "_stars", lambda: stars)


def made(what: str, side: int = 120) -> bytes:
    rng = np.random.default_rng(3)
    camera = Camera.drawn(rng, side)
    return scene(rng, camera, seen(camera), what)


@pytest.mark.parametrize("what", ["partly", "precipitation", "unusable"])
def test_the_same_number_draws_the_same_image(what: str) -> None:
    assert made(what) == made(what)
    assert opened(made(what), UTC).rgb.shape[1] == 120


def test_clouds_hide_the_stars_that_are_drawn() -> None:
    clear, overcast = (measured(opened(made(what, 240), UTC).rgb)[STARS] for what in ("clear", "overcast"))
    assert clear > overcast + 0.5
