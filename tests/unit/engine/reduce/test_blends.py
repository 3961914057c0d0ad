"""Neighbours in the aperture, of made stars whose neighbours are known."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from obsy.engine.reduce.blends import blended
from obsy.engine.reduce.star_light import Rings

Floats = NDArray[np.float64]
SKY, FWHM = 300.0, 3.0
PLACES = 30.0 + 45 * np.arange(5) + np.array([-0.4, -0.2, 0.0, 0.2, 0.4])
X, Y = (each.ravel() for each in np.meshgrid(PLACES, PLACES[::-1]))
LIGHT = np.geomspace(5e4, 5e5, 25)
ROUND = (FWHM / 2.3548, FWHM / 2.3548, 0.0)


def told(truth: Floats) -> NDArray[np.bool_]:
    """Which of the 25 stars have a neighbour, of a frame of photons."""
    counts = np.random.default_rng(3).poisson(truth + SKY).astype(np.float32)
    everywhere = np.full(25, SKY)
    return blended(counts, (X, Y), Rings(everywhere, everywhere**0.5, everywhere), (2 * FWHM, FWHM))


@pytest.mark.parametrize("direction", [0.0, 2.5])
@pytest.mark.parametrize(
    ("widths", "share"), [(1.1, 0.3), (1.28, 0.05), (1.28, 1.0), (1.28, 0.21), (1.6, 0.03), (1.6, 1.0)]
)
def test_a_neighbour_is_told_of_where_the_two_have_one_peak_as_well(
    draw_stars: Callable[..., Floats], widths: float, share: float, direction: float
) -> None:
    """6.4 arcsec away at 5 arcsec seeing, and a fifth as bright, it was told of nowhere. Every third star has one."""
    double = np.arange(25) % 3 == 0
    right, down = widths * FWHM * np.cos(direction), widths * FWHM * np.sin(direction)
    truth = draw_stars((240, 240), X, Y, LIGHT, ROUND)
    truth += draw_stars((240, 240), X[double] + right, Y[double] + down, share * LIGHT[double], ROUND)
    np.testing.assert_array_equal(told(truth), double)


@pytest.mark.parametrize("share", [0.0, 0.2])
def test_a_long_star_and_one_that_is_lopsided_as_all_are_have_no_neighbour(
    draw_stars: Callable[..., Floats], share: float
) -> None:
    """As wind and bad guiding make them; and as a telescope that is out of line does: a fifth of each beside itself."""
    truth = draw_stars((240, 240), X, Y, LIGHT, (1.9, 1.3, 0.6))
    truth += draw_stars((240, 240), X + 2.0, Y + 1.0, share * LIGHT, (1.9, 1.5, 0.6))
    assert not told(truth).any()


def test_a_neighbour_out_of_reach_or_a_hundredth_as_bright_is_none(draw_stars: Callable[..., Floats]) -> None:
    alone = draw_stars((240, 240), X, Y, LIGHT, ROUND)
    assert not told(alone + draw_stars((240, 240), X + 2.6 * FWHM, Y, 0.5 * LIGHT, ROUND)).any()
    assert not told(alone + draw_stars((240, 240), X + 1.5 * FWHM, Y, 0.007 * LIGHT, ROUND)).any()


def test_pixels_without_a_value_make_no_neighbour_of_the_other_side(draw_stars: Callable[..., Floats]) -> None:
    """In the wing of each, in its middle, and beyond the frame's edge."""
    truth = draw_stars((240, 240), X, Y, LIGHT, ROUND)
    for right, down in ((3, 1), (0, 0)):
        holed = truth.copy()
        counts = np.random.default_rng(3).poisson(holed + SKY).astype(np.float32)
        counts[np.round(Y).astype(int) + down, np.round(X).astype(int) + right] = np.nan
        everywhere = np.full(25, SKY)
        rings = Rings(everywhere, everywhere**0.5, everywhere)
        assert not blended(counts, (X, Y), rings, (2 * FWHM, FWHM)).any()
        assert not blended(counts[:, 28:], (X - 28, Y), rings, (2 * FWHM, FWHM)).any()


def test_where_there_is_no_star_there_is_no_neighbour() -> None:
    none = np.zeros(0)
    assert blended(np.ones((9, 9), dtype=np.float32), (none, none), Rings(none, none, none), (6.0, 3.0)).shape == (0,)
