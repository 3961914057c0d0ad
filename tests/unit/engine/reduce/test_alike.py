"""Frames of known light, sky and noise are put on the footing that these say."""

import numpy as np
import pytest
from astropy.io import fits

from obsy.engine.reduce import alike as module
from obsy.engine.reduce.alike import alike
from obsy.engine.reduce.combine import FrameSet
from obsy.engine.reduce.common_stars import Ratio

SHARE = np.array([1.0, 0.5, 0.8])
"""Of the light that each frame shows."""
LEVEL = np.array([800.0, 2000.0, 1100.0])
NOISE = np.array([12.0, 9.0, 6.0])
FACTOR = np.array([0.8, 1.6, 1.0])
"""What makes the light of each like that of the last, in which stars stand highest above the noise."""


@pytest.fixture
def frames(sky, save_into, tmp_path_factory):
    """Frames of one field; `cards` are those of each that its header has besides."""
    stars = sky(count=50, faintest=4000.0, noise=0.0, level=0.0).counts()

    def make(cards=({}, {}, {}), shown=(1, 1, 1)):
        paths, folder = [], tmp_path_factory.mktemp("frames")
        for number, said in enumerate(cards):
            noise = np.random.default_rng(number).normal(0, NOISE[number], stars.shape)
            counts = LEVEL[number] + shown[number] * SHARE[number] * stars + noise
            paths.append(save_into(folder, f"{number}.fits", counts, raw=False, fwhmpx=4.0, **said))
        return FrameSet(tuple(paths))

    return make


def test_frames_are_made_like_the_one_whose_stars_stand_highest_above_its_noise(frames):
    made = alike(frames())
    assert (made.reference, made.compared) == (2, 3)
    assert made.footing.factor == pytest.approx(FACTOR, rel=0.01)
    assert made.footing.offset == pytest.approx(LEVEL[2] - FACTOR * LEVEL, abs=30.0)
    assert made.footing.offset[2] == 0.0
    assert made.footing.noise == pytest.approx(NOISE * FACTOR, rel=0.03)


def test_they_weigh_by_the_inverse_square_of_the_noise_that_they_then_have(frames):
    assert alike(frames()).footing.weight == pytest.approx((NOISE * FACTOR) ** -2, rel=0.08)


def test_the_noise_that_a_frame_says_counts_and_not_what_resampling_has_left_of_it(frames):
    said = np.array([0.3, 0.4, 0.5])
    weight = alike(frames([{"noise": each} for each in said])).footing.weight
    factor = SHARE[0] / SHARE  # the first one is the quietest now
    assert weight == pytest.approx((said * factor) ** -2, rel=0.03)


@pytest.mark.parametrize("cards", [({"noise": 5.0}, {}, {"noise": 5.0}), ({"noise": 5.0}, {"noise": 0.0}, {})])
def test_where_one_of_them_does_not_say_it_all_are_measured(frames, cards):
    assert alike(frames(cards)).footing.weight == pytest.approx((NOISE * FACTOR) ** -2, rel=0.08)


def test_the_frame_with_most_stars_says_where_they_are(frames):
    made = alike(frames(cards=({}, {"nstars": 1}, {}), shown=(0, 1, 0)))
    assert made.compared == 1
    assert alike(frames(cards=({"nstars": 0}, {"nstars": 40}, {"nstars": 30}), shown=(0, 1, 1))).compared == 2


def test_each_is_compared_with_the_light_of_all_once_that_is_known(frames, monkeypatch):
    usual, compared, all_of_them = [], [], module.usual_light
    ratio_of = module.ratio
    monkeypatch.setattr(module, "usual_light", lambda *lights: usual.append(all_of_them(*lights)) or usual[-1])
    monkeypatch.setattr(module, "ratio", lambda light, other: compared.append(other) or ratio_of(light, other))
    alike(frames())
    assert len(compared) == 6
    assert all(other is usual[0] for other in compared[3:])


def test_the_reference_shows_the_mean_of_those_that_show_the_same_by_their_errors():
    headers = [fits.Header({"EXPTIME": length}) for length in (60.0, 60.0, 30.0, 60.0, 60.0, 60.0)]
    found = [
        Ratio(1.0, 9, 0.02),
        Ratio(1.02, 9, 0.04),
        Ratio(0.5, 9, 0.01),
        Ratio(2.0, 9, 0.01),
        None,
        Ratio(1.08, 9, 0.02),
    ]
    share = np.array([1.0, 1.02, 0.5, 2.0, 1.0, 1.08])  # the last is 2.8 errors off
    weights = np.array([0.02, 0.04, 0.02]) ** -2
    of_three = float((weights * [1.0, 1.02, 1.0]).sum() / weights.sum())
    assert module._light_of(0, found, share, headers) == pytest.approx(of_three, abs=1e-9)
    assert module._light_of(3, found, share, headers) == pytest.approx(2.0, abs=1e-9)
    assert module._light_of(4, found, share, headers) == 1.0
