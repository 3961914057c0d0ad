import ccdproc
import numpy as np
import pytest
from astropy.nddata import CCDData
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.reduce.combine import clipped_mean
from obsy.engine.reduce.noise import noise_between


@pytest.fixture
def cube():
    rng = np.random.default_rng(5)
    frames = rng.normal(500, 10, (12, 40, 50)).astype(np.float32)
    frames[rng.random(frames.shape) < 0.01] += 3000
    return frames


def ours(frames, weights=None, reject=3.0, floor=1e-9):
    weights = np.ones(len(frames), dtype=np.float32) if weights is None else weights
    noise = (np.ones(len(frames)) * floor).astype(np.float32)
    mean, kept = clipped_mean(frames.reshape(len(frames), -1).T.copy(), weights, reject, noise)
    return mean.reshape(frames.shape[1:]), kept.reshape(frames.shape[1:])


@pytest.mark.parametrize("weighted", [False, True])
def test_it_is_ccdproc_s_clipping(cube, weighted):
    weights = np.linspace(0.5, 1.0, len(cube)).astype(np.float32)
    combiner = ccdproc.Combiner([CCDData(frame.astype(float), unit="adu") for frame in cube])
    combiner.sigma_clipping(low_thresh=3, high_thresh=3, func="median", dev_func="mad_std")
    theirs = combiner.average_combine().data
    if weighted:  # ccdproc 2.5 divides by the weights of rejected values too; numpy.ma does not
        theirs = np.ma.average(combiner.data_arr, axis=0, weights=weights.astype(float))
    mean, kept = ours(cube, weights if weighted else None)
    assert mean == pytest.approx(np.asarray(theirs), abs=1e-3)
    assert kept.sum() == (~combiner.data_arr.mask).sum()


def test_a_floor_keeps_whole_numbers_from_being_thrown_away():
    frames = np.array([100, 100, 100, 100, 101, 99, 101, 100], dtype=np.float32).reshape(8, 1, 1)
    assert ours(frames)[1] == 5
    assert ours(frames, floor=0.7)[1] == 8


@pytest.mark.parametrize("count", [6, 12, 30])
def test_frames_of_different_skies_each_keep_what_their_own_noise_allows(count):
    rng = np.random.default_rng(11)
    noise = np.geomspace(5, 25, count)
    frames = rng.normal(1000, noise[:, None, None], (count, 100, 100)).astype(np.float32)
    mean, kept = ours(frames, (noise[0] / noise**2).astype(np.float32), floor=noise)
    assert 1 - kept.sum() / frames.size < 0.005, "a normal distribution leaves 0.27 % beyond three sigma"
    assert np.std(mean) == pytest.approx((1 / noise**2).sum() ** -0.5, rel=0.04)


def test_uneven_frames_are_held_against_numpy_s_weighted_median(cube):
    noise = np.linspace(5, 25, len(cube)).astype(np.float32)
    off = np.abs(cube - np.quantile(cube, 0.5, axis=0, method="inverted_cdf", weights=1 / noise)) / noise[:, None, None]
    sigmas = np.maximum(1.4826 * np.median(off, axis=0), 1)
    assert ours(cube, floor=noise)[1].tolist() == (off <= 3 * sigmas).sum(axis=0).tolist()


def test_what_is_wrong_in_a_dark_sky_is_not_hidden_by_a_bright_one():
    noise = np.array([5, 5, 25, 25, 25, 25])
    frames = np.array([1060, 1000, 1030, 980, 1010, 970], dtype=np.float32).reshape(6, 1, 1)
    assert ours(frames, floor=noise)[1] == 5


UNLIKE = [(1.0, 2.0, 2.0), (1.0, 2.2, 2.2), (1.0, 5.0, 5.0, 5.0), (1.0, 3.0, 100.0), (1.0, 3.0, 30.0, 30.0)]
"""Noises of frames of which the first has half of the weight, or more."""


@pytest.mark.parametrize("noise", UNLIKE)
@pytest.mark.parametrize("wrong", [1000.0, -1000.0])
def test_one_wrong_value_is_left_out_of_whichever_frame_it_is(noise, wrong):
    frames = np.zeros((len(noise), len(noise), 9), dtype=np.float32)
    frames[:, :, 4] = np.eye(len(noise)) * wrong
    mean, kept = ours(frames, (np.array(noise) ** -2).astype(np.float32), floor=np.array(noise))
    assert (mean == 0).all()
    assert (kept == len(noise) - (np.arange(9) == 4)).all()


@pytest.mark.parametrize("noise", UNLIKE)
def test_a_frame_that_has_half_of_the_weight_keeps_what_is_right_in_it(noise):
    noise = np.array(noise)
    frames = np.random.default_rng(7).normal(1000, noise[:, None, None], (len(noise), 200, 200)).astype(np.float32)
    mean, _ = ours(frames, (noise**-2).astype(np.float32), floor=noise)
    assert np.std(mean) == pytest.approx((1 / noise**2).sum() ** -0.5, rel=0.06)


@pytest.mark.parametrize("widths", [(2.0, 2.0, 2.0), (2.0, 2.4, 2.4), (2.4, 2.0, 2.0)])
def test_a_star_keeps_its_light_where_it_is_wider_or_narrower_in_the_frame_that_has_half_of_the_weight(widths):
    away, noise = np.hypot(*np.mgrid[-24:25, -24:25]), np.array([1.0, 3.0, 3.0])
    stars = [1e5 * np.exp(-((away / wide) ** 2) / 2) / (2 * np.pi * wide**2) for wide in widths]
    mean, _ = ours(np.array(stars, dtype=np.float32), (noise**-2.0).astype(np.float32), floor=noise)
    assert mean.sum() == pytest.approx(1e5, rel=0.012)


@pytest.mark.parametrize(
    ("noise", "values", "mean"),
    [
        ((1, 2.2, 2.2), (0, 1000, -1000), 0.0),
        ((1, 2.2, 2.2, 2.2), (1000, 0, 0, np.nan), 0.0),
        ((1, 5), (1000, 0), 1000 / 1.04),
        ((1, 2.2, 2.2), (1000, 0, np.nan), 1000 / (1 + 2.2**-2)),
    ],
    ids=["the others differ", "a hole", "two frames", "two values"],
)
def test_a_frame_that_has_half_of_the_weight_yields_only_to_others_that_agree(noise, values, mean):
    noise, frames = np.array(noise), np.array(values, dtype=np.float32).reshape(-1, 1, 1)
    assert ours(frames, (noise**-2.0).astype(np.float32), floor=noise)[0] == pytest.approx(mean)


def test_one_satellite_among_three_frames_is_left_out():
    frames = np.array([100, 103, 900], dtype=np.float32).reshape(3, 1, 1)
    assert ours(frames, floor=5.0)[0] == pytest.approx(101.5)


def test_pixels_without_a_value_do_not_count(cube):
    cube[3, 7, 9] = np.nan
    cube[:, 0, 0] = np.nan
    mean, kept = ours(cube, reject=1e6)
    assert kept[7, 9] == 11
    assert mean[7, 9] == pytest.approx(np.nanmean(cube[:, 7, 9]), rel=1e-6)
    assert np.isnan(mean[0, 0])
    assert kept[0, 0] == 0


@given(st.integers(1, 20), st.floats(-1e4, 6e4, width=32))
def test_equal_frames_give_the_frame(count, value):
    mean, kept = ours(np.full((count, 2, 2), value, dtype=np.float32))
    assert (mean == np.float32(value)).all()
    assert (kept == count).all()


def test_noise_between_two_frames_is_that_of_one():
    rng = np.random.default_rng(2)
    first, second = (np.round(rng.normal(500, 6, (200, 200))).astype(np.float32) for _ in range(2))
    assert noise_between(first, second) == pytest.approx(6.0, rel=0.05)
