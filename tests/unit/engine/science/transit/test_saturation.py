"""Of saturation: a star that is cut off is full, and the brightest of a night is not for being that."""

import numpy as np
import pytest

from obsy.engine.science.transit.saturation import BRIGHTEST, FULL, brightest, full_level

SIDE, MIDDLE = 41, 20


def night_of(peak, ceiling, fwhm, *, frames=30, step=0.0):
    """The brightest pixels of a bright and a faint star in frames whose seeing and guiding change a little.

    peak: of the bright one, in units of what a converter ends at; `step`: of a converter, 0 of a calibrated frame.
    """
    dice = np.random.default_rng(1)
    rows, columns = np.mgrid[:SIDE, :SIDE]
    found = []
    for _ in range(frames):
        sigma, (x, y) = fwhm / 2.3548 * dice.uniform(0.97, 1.03), MIDDLE + dice.uniform(-0.5, 0.5, 2)
        star = np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (2 * sigma**2))
        both = [peak * ceiling * share * star + 300 for share in (1.0, 0.2)]
        counts = [np.minimum(dice.normal(each, np.sqrt(each)), ceiling) for each in both]
        counts = [each if step else each * dice.normal(1, 0.003, each.shape) for each in counts]
        counts = [np.round(each / step) * step if step else each for each in counts]
        at = np.array([x]), np.array([y])
        found.append([brightest(each.astype(np.float32), at, 2.7 * fwhm)[0] for each in counts])
    return np.array(found)


@pytest.mark.parametrize("fwhm", [2.0, 3.0, 5.0, 7.0])
def test_the_brightest_star_of_a_night_is_not_full_for_being_that(fwhm):
    assert full_level(night_of(0.8, 60000.0, fwhm), fwhm) == np.inf


@pytest.mark.parametrize("fwhm", [2.0, 3.0, 5.0])
def test_a_converter_that_ends_somewhere_shows_it_by_equal_pixels(fwhm):
    assert full_level(night_of(1.15, 65535.0, fwhm, step=1.0), fwhm) == FULL * 65535.0


@pytest.mark.parametrize("fwhm", [3.0, 5.0, 7.0])
def test_a_star_that_is_cut_off_is_full_in_calibrated_frames_too(fwhm):
    bright = night_of(2.0, 60000.0, fwhm)
    level = full_level(bright, fwhm)
    assert level == pytest.approx(FULL * 60000.0, rel=0.02)
    assert (bright[:, 0, 0] >= level).all() and not (bright[:, 1, 0] >= level).any()


def tops(pixels, frames=20, flat=20):
    """One star whose top is flat by so many pixels in some of the frames, and pointed in the others; none are equal."""
    dice = np.random.default_rng(4)
    bright = dice.uniform(0.0, 0.5, (frames, 1, BRIGHTEST))
    bright[:flat, :, :pixels] = dice.uniform(0.99, 1.0, (flat, 1, pixels))
    bright[flat:, :, 0] = dice.uniform(0.97, 1.0, frames - flat)[:, None]
    return -np.sort(-bright, axis=2)


@pytest.mark.parametrize(("pixels", "fwhm", "is_flat"), [(8, 5.0, True), (7, 5.0, False), (40, 17.0, True)])
def test_a_top_is_flat_if_more_pixels_share_it_than_a_star_of_its_width_has_there(pixels, fwhm, is_flat):
    assert (full_level(tops(pixels), fwhm) < np.inf) is is_flat


@pytest.mark.parametrize(("flat", "is_full"), [(1, False), (2, True)])
def test_a_flat_top_in_one_frame_of_twenty_is_chance(flat, is_full):
    assert (full_level(tops(30, flat=flat), 3.0) < np.inf) is is_full


@pytest.mark.parametrize(("equal", "is_full"), [(2, False), (3, True)])
def test_two_equal_pixels_are_chance(equal, is_full):
    bright = tops(1)
    bright[:equal, 0, 0] = 2.0
    assert full_level(bright, 3.0) == (2.0 * FULL if is_full else np.inf)


def test_one_frame_with_a_flat_top_is_chance():
    bright = night_of(0.5, 60000.0, 3.0, frames=40)
    bright[7, 0] = np.linspace(50100.0, 50000.0, BRIGHTEST)
    assert full_level(bright, 3.0) == np.inf


def test_a_night_without_a_measured_pixel_is_not_full():
    assert full_level(np.full((2, 3, BRIGHTEST), np.nan), 3.0) == np.inf


def test_frames_in_which_no_star_lies_do_not_count():
    bright = np.concatenate([night_of(2.0, 60000.0, 3.0), np.full((3, 2, BRIGHTEST), np.nan)])
    assert full_level(bright, 3.0) < np.inf


def test_pixels_beyond_the_edge_are_none():
    counts = np.arange(25, dtype=np.float32).reshape(5, 5)
    found = brightest(counts, (np.array([0.0, 2.0]), np.array([0.0, 2.0])), 1.0)
    assert found.shape == (2, BRIGHTEST)
    assert found[0, :3].tolist() == [5.0, 1.0, 0.0] and np.isnan(found[0, 3:]).all()
    assert found[1, :5].tolist() == [17.0, 13.0, 12.0, 11.0, 7.0]
