import ccdproc
import numpy as np
import pytest
from astropy.io import fits
from astropy.nddata import CCDData
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.reduce import combine
from obsy.engine.reduce.combine import Footing, FrameSet, clipped_mean, combined, offset
from obsy.engine.reduce.noise import LEFT_WITHIN, noise_between
from obsy.errors import FrameError


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


@pytest.mark.parametrize(
    ("noise", "values", "kept"),
    [
        ((8, 8, 8, 8), (0, 0, 30, 75), 4),
        ((8, 8, 8, 12), (0, 0, 30, 110), 4),
        ((1, 1, 1, 1, 1), (0, 0, 0, 0, 3), 5),
        ((1, 2.5, 2.5, 2.5), (0, 12, 12, -50), 4),
        ((1, 5, 5, 5), (0, 20, 60, 100), 4),
        ((1, 5, 5, 5), (0, 100, 103, 97), 3),
        ((1, 10, 10, 10, 10, 10), (0, 0, 0, 0, 100, 100), 4),
    ],
    ids=[
        "the median of an even number lies between two",
        "noises that are no more uneven than that",
        "three sigmas are not more than three",
        "a frame with less than half of the weight is not asked first",
        "others that scatter agree on nothing",
        "others that agree",
        "two of five are not most",
    ],
)
def test_so_many_values_are_kept(noise, values, kept):
    assert ours(np.array(values, dtype=np.float32).reshape(-1, 1, 1), floor=np.array(noise))[1] == kept


def test_at_a_star_others_may_differ_by_its_light_and_in_the_sky_they_may_not():
    frames = np.zeros((4, 33, 1), dtype=np.float32)
    frames[:, 5, 0] = 60, 100, 100, 100
    frames[:, 7, 0] = 60, 0, 0, 0
    assert ours(frames, floor=np.array((1, 5, 5, 5)))[1][[5, 7], 0].tolist() == [4, 3]


@pytest.mark.parametrize(
    ("gaps", "noise"),
    [
        ([0, 0, 0, 1], 0.5),
        ([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4], 2.0),
        ([3], 3 / LEFT_WITHIN / 2**0.5),
        ([0, 10], (50 / LEFT_WITHIN**2 / 2) ** 0.5),
        ([np.nan], 0.0),
    ],
)
def test_the_noise_between_two_frames_of_whole_numbers_is_half_of_their_step_at_least(gaps, noise):
    frame = np.array([gaps], dtype=np.float32)
    assert noise_between(frame, np.zeros_like(frame)) == pytest.approx(noise)


def written(folder, frames):
    folder.mkdir(exist_ok=True)
    paths = tuple(folder / f"{number}.fits" for number in range(len(frames)))
    for path, frame in zip(paths, frames, strict=True):
        fits.writeto(path, frame)
    return paths


@pytest.mark.parametrize("dark", [True, False])
def test_files_are_combined_band_by_band_as_their_pictures_are_at_once(dark, cube, tmp_path, monkeypatch):
    monkeypatch.setattr(combine, "BAND_VALUES", 12 * 50 * 7 + 1)
    cube[3, 7, 9] = np.nan
    files = FrameSet(written(tmp_path, cube))
    factor, add, noise, weight = np.random.default_rng(9).uniform(0.5, 2.0, (4, 12))
    noise[0] = 0.0  # of whole numbers that are all the same
    subtract = cube[0] / 10 if dark else None
    mean, left_out = combined(files, Footing(factor, add, weight, noise, subtract), 3.0)
    alike = (cube - (subtract if dark else 0)) * factor[:, None, None].astype(np.float32)
    alike += add[:, None, None].astype(np.float32)
    known, kept = ours(alike, (weight / weight.max()).astype(np.float32), floor=np.maximum(noise, 1e-9))
    assert np.array_equal(mean, known)
    assert left_out == 1.0 - kept.sum() / (cube.size - 1) > 0.005
    assert [band.stop - band.start for band, _ in files.bands()] == [7, 7, 7, 7, 7, 5]
    assert (len(files), files.shape, len(files.headers)) == (12, (40, 50), 12)
    assert np.array_equal(files.frame(5), cube[5])


def test_a_row_that_is_wider_than_a_band_is_read_alone(cube, tmp_path, monkeypatch):
    monkeypatch.setattr(combine, "BAND_VALUES", 1)
    assert len([*FrameSet(written(tmp_path, cube)).bands()]) == 40


def test_frames_that_cannot_be_combined_are_told(cube, tmp_path):
    paths = written(tmp_path, [cube[0], cube[1], cube[2, :-1]])
    for files, slug in (((), "no-frames"), (paths, "sizes-differ: 2 sizes among 3 frames")):
        with pytest.raises(FrameError, match=slug):
            FrameSet(files)
    paths[1].write_text("no image")
    with pytest.raises(FrameError, match="1.fits cannot be read as FITS"):
        FrameSet(paths[:2])


def test_frames_without_any_value_make_a_picture_without_one(tmp_path):
    frames = np.full((3, 4, 5), np.nan, dtype=np.float32)
    files = FrameSet(written(tmp_path, frames))
    mean, left_out = combined(files, Footing(*np.ones((4, 3))), 3.0)
    assert np.isnan(mean).all() and left_out == 1.0
    frames[1, 2, 3] = 7.0
    mean, left_out = combined(FrameSet(written(tmp_path / "one", frames)), Footing(*np.ones((4, 3))), 3.0)
    assert (mean[2, 3], left_out) == (8.0, 0.0)


def test_a_sky_is_brought_to_another_s_by_the_median_of_where_both_have_a_value(cube):
    first, second = cube[0].copy(), cube[1] + 77
    first[:, :5] = second[0] = np.nan
    assert offset(first, second) == np.median(second[1:, 5:] - first[1:, 5:])
    assert offset(first, np.full_like(first, np.nan)) == 0.0
