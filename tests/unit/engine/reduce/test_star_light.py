"""Sums of light in apertures, and the sky in rings around them, on made pictures of which both are known."""

import tracemalloc
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from obsy.engine.reduce.around import AT_ONCE, steps_between
from obsy.engine.reduce.star_light import FEWEST, LEFT_WITHIN, Rings, rings, sums
from obsy.engine.reduce.star_noise import ccd_error

Floats = NDArray[np.float64]
NOTHING_FULL = np.zeros((64, 64), dtype=bool)


def test_500_stars_scatter_about_their_light_by_their_errors(draw_stars: Callable[..., Floats]) -> None:
    """From 150 to a million electrons. Of 500 normal values the width is known to 3 %, the middle to 4.5 %."""
    dice, sigma, read_noise_e = np.random.default_rng(5), 1.1, 5.0
    x, y = (each.ravel() + dice.uniform(-0.5, 0.5, 500) for each in np.mgrid[20:470:25j, 20:380:20j])
    flux = 10 ** np.linspace(2.2, 6, 500)
    truth = draw_stars((490, 400), y, x, flux, (sigma, sigma, 0.0)) + 60
    counts = (dice.poisson(truth) + dice.normal(0, read_noise_e, truth.shape)).astype(np.float32)
    sky = rings(counts, y, x, (8.0, 14.0))
    found = sums(counts, np.zeros(counts.shape, dtype=bool), (y, x), 5.2, sky.level)
    assert not (found.full | found.hole | found.outside).any()
    off = (found.flux - flux) / ccd_error(found.flux, sky, np.pi * 5.2**2, read_noise_e)
    assert 0.9 < np.std(off) < 1.1
    assert abs(np.mean(off)) < 0.15
    assert sky.level.mean() == pytest.approx(60, abs=0.15)
    assert sky.noise.mean() == pytest.approx(np.sqrt(60 + 25), rel=0.02)


@given(st.floats(-0.5, 0.5), st.floats(-0.5, 0.5), st.floats(100, 1e6))
def test_the_light_of_a_star_does_not_rest_on_where_in_a_pixel_it_lies(right: float, down: float, flux: float) -> None:
    """Drawn as sums over pixels; the aperture is cut exactly."""
    across = np.arange(64.0)
    spot = (np.exp(-0.5 * ((across - 32 - each) / 1.5) ** 2) for each in (down, right))
    image = np.outer(*spot)
    image *= flux / image.sum()
    places = np.array([32 + right]), np.array([32 + down])
    found = sums(image.astype(np.float32), NOTHING_FULL, places, 7.0, np.zeros(1))
    assert found.flux[0] == pytest.approx(flux, rel=1e-4)


@given(st.floats(1, 1000), st.floats(10, 1e4), st.floats(0.1, 100))
def test_light_grows_as_the_exposure_does(sky: float, star: float, times: float) -> None:
    """Star and sky so many times as bright."""
    image = np.full((64, 64), sky, dtype=np.float32)
    image[30:35, 30:35] += np.float32(star)
    x = np.array([32.0])
    once, more = (
        sums(each, NOTHING_FULL, (x, x), 6.0, rings(each, x, x, (10.0, 20.0)).level).flux[0]
        for each in (image, image * np.float32(times))
    )
    assert more == pytest.approx(times * once, rel=1e-3)
    assert once == pytest.approx(25 * star, rel=1e-3, abs=0.01 * sky)


def test_a_star_in_the_ring_is_no_sky(draw_stars: Callable[..., Floats]) -> None:
    """Nor is a row of pixels without a value, nor a hot one."""
    dice = np.random.default_rng(2)
    image = dice.normal(100, 10, (101, 101)) + draw_stars((101, 101), [66.0], [50.0], [50000.0], (1.5, 1.5, 0.0))
    image[40], image[50, 36] = np.nan, 60000.0
    found = rings(image.astype(np.float32), np.array([50.0]), np.array([50.0]), (12.0, 24.0))
    assert found.level[0] == pytest.approx(100, abs=1.0)
    assert found.noise[0] == pytest.approx(10, rel=0.07)
    assert 1000 < found.pixels[0] < np.pi * (24.5**2 - 11.5**2)


@pytest.mark.long
def test_wide_rings_of_many_stars_take_no_more_memory_than_is_allowed_and_are_the_same() -> None:
    """Ten arrays at once; all 300 together took 127 MB here, and some 1.25 GB in the widest rings."""
    counts = np.random.default_rng(2).normal(100, 5, (300, 300)).astype(np.float32)
    x, y = np.random.default_rng(3).uniform(0, 299, (2, 300))
    tracemalloc.start()
    try:
        sky = rings(counts, x, y, (60.0, 80.0))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 10 * 8 * AT_ONCE
    some = np.array([0, 113, 114, 299])
    alone = rings(counts, x[some], y[some], (60.0, 80.0))
    for each in ("level", "noise", "pixels"):
        np.testing.assert_allclose(getattr(sky, each)[some], getattr(alone, each), rtol=1e-9)


def test_a_sky_that_nobody_sees_is_not_known() -> None:
    """At a corner of the frame, or where there are no values: no number is made up for it."""
    image = np.full((64, 64), 100.0, dtype=np.float32)
    image[:, 20:] = np.nan
    found = rings(image, np.array([-20.0, 45.0, 6.0]), np.array([-20.0, 32.0, 32.0]), (4.0, 8.0))
    assert list(np.isnan(found.level)) == [True, True, False]
    assert (found.level[2], found.noise[2]) == (100.0, 0.0)
    assert np.isnan(sums(image, NOTHING_FULL, (np.array([45.0]), np.array([32.0])), 3.0, found.level[1:2]).flux[0])


@given(st.integers(0, 10**6), st.floats(0, 39), st.floats(0, 39), st.floats(2, 8), st.floats(4.5, 9))
def test_a_ring_is_the_mean_of_its_pixels_where_none_stands_out(
    seed: int, x: float, y: float, inner: float, width: float
) -> None:
    """Even values have none beyond three deviations; every pixel is asked by itself."""
    counts = np.random.default_rng(seed).uniform(90, 110, (40, 40)).astype(np.float32)
    counts[::7, ::5] = np.nan
    down, right = np.mgrid[:40, :40]
    away = np.hypot(down - round(y), right - round(x))
    theirs = counts[(away >= inner) & (away <= inner + width)].astype(float)
    theirs = theirs[np.isfinite(theirs)]
    found = rings(counts, np.array([x]), np.array([y]), (inner, inner + width))
    if len(theirs) < FEWEST:
        assert np.isnan([found.level[0], found.noise[0], found.pixels[0]]).all()
    else:
        assert found.pixels[0] == len(theirs)
        assert found.level[0] == pytest.approx(theirs.mean(), abs=1e-9)
        assert found.noise[0] == pytest.approx(theirs.std() / LEFT_WITHIN, rel=1e-9)


@pytest.mark.parametrize(("known", "is_known"), [(50, True), (49, False)])
def test_a_sky_rests_on_fifty_pixels(known: int, is_known: bool) -> None:
    counts = np.full((41, 41), np.nan, dtype=np.float32)
    counts[20, :] = 100 + np.arange(41) % 3
    counts[21, 1 : known - 39] = 101
    found = rings(counts, np.array([20.0]), np.array([20.0]), (1.0, 20.0))
    assert np.isfinite(found.level[0]) == is_known


def test_what_stands_out_of_a_ring_is_left_out() -> None:
    """Of 1,800 normal values as well, which three sigmas cut by 0.27 %: 40 are bright and 40 are dark."""
    dice = np.random.default_rng(8)
    counts = dice.normal(100, 5, (64, 64)).astype(np.float32)
    counts[8:13, 28:36], counts[50:55, 28:36] = 160, 40
    middle = np.array([32.0])
    found = rings(counts, middle, middle, (8.0, 25.5))
    assert found.level[0] == pytest.approx(100, abs=5 / 1800**0.5 * 3)
    down, right = np.mgrid[-32:32, -32:32]
    clean = counts[(np.hypot(down, right) >= 8) & (np.hypot(down, right) <= 25.5) & (abs(counts - 100) < 15)]
    assert found.noise[0] == pytest.approx(clean.std() / LEFT_WITHIN, rel=0.01)
    assert found.pixels[0] == pytest.approx(len(clean), abs=6)


def test_pixels_are_left_out_until_the_same_are_left() -> None:
    """Of eight rings of normal values with a tail; once is not enough of any."""
    dice = np.random.default_rng(6)
    counts = dice.standard_t(4, (80, 160)).astype(np.float32)
    x, y = 10 + 20 * np.arange(8.0), np.full(8, 40.0)
    found = rings(counts, x, y, (2.0, 9.0))
    right, down = steps_between(2.0, 9.0)
    for star in range(8):
        values = np.sort(counts[40 + down, int(x[star]) + right].astype(float))
        kept = values
        sigma = (values[int(len(values) * 0.84134)] - values[int(len(values) * 0.15866)]) / 2
        for _ in range(20):
            kept = values[abs(values - kept[len(kept) // 2]) <= 3 * sigma]
            sigma = kept.std() / LEFT_WITHIN
        assert found.pixels[star] == len(kept)
        assert found.level[star] == pytest.approx(kept.mean(), abs=1e-9)


def test_a_sky_of_which_too_little_is_left_is_not_known() -> None:
    """Of 58 pixels 9 are dark."""
    counts, middle = np.full((41, 41), np.nan, dtype=np.float32), np.array([20.0])
    counts[18:22, 3:18] = 100 + np.random.default_rng(1).uniform(-3, 3, (4, 15))
    counts[18, 3:5] = np.nan
    assert rings(counts, middle, middle, (1.0, 20.0)).pixels[0] == 58
    counts[21, 3:12] = 10
    assert np.isnan(rings(counts, middle, middle, (1.0, 20.0)).level[0])
    assert np.isnan(rings(counts, middle, middle, (5.0, 5.1)).level[0])


@pytest.mark.parametrize(("x", "y"), [(4.5, 30.0), (30.0, 4.5), (58.5, 30.0), (30.0, 38.5)])
def test_an_aperture_may_touch_an_edge_and_no_more(x: float, y: float) -> None:
    """Of 64 columns and 44 rows: they end half a pixel beyond the middle of the last."""
    image, none = np.full((44, 64), 7.0, dtype=np.float32), np.zeros(1)
    touching = sums(image, image > 9, (np.array([x]), np.array([y])), 5.0, none)
    assert not touching.outside[0]
    assert touching.flux[0] == pytest.approx(7 * np.pi * 25)
    less, more = np.array([x - 31.5, y - 21.5]), 1e-6
    way = np.where(np.abs(less) == np.abs(less).max(), np.sign(less), 0)
    over = sums(image, image > 9, (np.array([x + way[0] * more]), np.array([y + way[1] * more])), 5.0, none)
    assert over.outside[0]


@pytest.mark.parametrize("turn", range(4))
@pytest.mark.parametrize(("away", "told"), [(0, True), (5, True), (6, False)])
def test_a_full_pixel_is_told_of_if_any_of_it_may_lie_in_the_aperture(turn: int, away: int, told: bool) -> None:
    """Of a radius of 4.5 its middle lies within 5."""
    full = np.zeros((44, 44), dtype=bool)
    full[20 + away * (turn % 2) * (turn - 2), 20 + away * ((turn + 1) % 2) * (turn - 1)] = True
    image, middle = np.full((44, 44), 7.0, dtype=np.float32), np.array([20.0])
    assert sums(image, full, (middle, middle), 4.5, np.zeros(1)).full[0] == told


def test_a_pixel_without_a_value_counts_as_sky_and_is_told_of_in_the_aperture() -> None:
    image, places = np.full((44, 44), 100.0, dtype=np.float32), (np.array([12.0, 30.0]), np.array([20.0, 20.0]))
    image[20, 30] += 50
    image[22, 13] = np.nan
    image[20, 36] = np.nan
    found = sums(image, image > 900, places, 5.0, np.full(2, 100.0))
    assert found.hole.tolist() == [True, False]
    np.testing.assert_allclose(found.flux, [0.0, 50.0], atol=1e-3)
    whole = sums(np.nan_to_num(image, nan=100.0), image > 900, places, 5.0, np.zeros(2))
    assert not whole.hole.any()
    np.testing.assert_allclose(whole.flux, [100 * np.pi * 25, 100 * np.pi * 25 + 50], rtol=1e-6)


def test_a_sky_in_electrons_is_as_many_times_as_bright_and_as_noisy() -> None:
    sky = Rings(np.array([100.0]), np.array([10.0]), np.array([500.0])).times(1.5)
    assert (sky.level[0], sky.noise[0], sky.pixels[0]) == (150.0, 15.0, 500.0)


def test_no_star_has_no_light() -> None:
    none = np.zeros(0)
    image = np.full((64, 64), 100.0, dtype=np.float32)
    sky = rings(image, none, none, (4.0, 8.0))
    found = sums(image, NOTHING_FULL, (none, none), 3.0, sky.level)
    for each in (sky.level, sky.noise, sky.pixels, found.flux, found.full, found.hole, found.outside):
        assert each.shape == (0,)


@pytest.mark.parametrize("read_noise_e", [0.0, 5.0])
def test_the_error_is_merline_and_howell_s(read_noise_e: float) -> None:
    """Equation 17 by hand: 10,000 e of light, 50 pixels on a sky of 100 e that 500 pixels tell of."""
    sky = Rings(np.array([100.0]), np.array([np.sqrt(100 + read_noise_e**2)]), np.array([500.0]))
    by_hand = np.sqrt(10000 + 50 * (1 + 50 / 500) * (100 + read_noise_e**2))
    assert ccd_error(np.array([1e4]), sky, 50.0, read_noise_e)[0] == pytest.approx(by_hand)
    quiet = Rings(np.array([0.0]), np.array([0.0]), np.array([500.0]))
    assert ccd_error(np.array([-3.0]), quiet, 50.0, 5.0)[0] == pytest.approx(np.sqrt(50 * 1.1 * 25))
