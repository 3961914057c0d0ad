"""Points drawn by Fourier transforms, against the formula of their profile."""

import numpy as np
import pytest

from obsy.engine.devices.simulated.picture.points import CORE, Blur, Points, draw, together


def moffat(shape, column, row, fwhm):
    """Averaged over 9 x 9 places in each pixel. Source: Moffat 1969, A&A 3, 455, exponent 2.5."""
    core, sub = fwhm / CORE, (np.arange(9) - 4) / 9
    y = (np.arange(shape[0])[:, None] + sub).ravel()[:, None]
    x = (np.arange(shape[1])[:, None] + sub).ravel()[None, :]
    fine = 1.5 / (np.pi * core**2) * (1 + ((y - row) ** 2 + (x - column) ** 2) / core**2) ** -2.5
    return fine.reshape(shape[0], 9, shape[1], 9).mean(axis=(1, 3))


@pytest.mark.parametrize(("column", "row"), [(20.0, 25.0), (20.5, 25.5), (20.27, 24.81)])
@pytest.mark.parametrize(("fwhm", "within"), [(2.5, 0.015), (4.0, 0.003)])
def test_a_point_is_a_moffat_wherever_it_falls_in_a_pixel(column, row, fwhm, within):
    """As a share of the peak; at 2.5 pixels what is missing lies beyond the pixels' Nyquist frequency."""
    drawn = draw((50, 41), Points(*(np.array([v]) for v in (column, row, 1.0))), Blur(fwhm, 0, (0, 0)))
    assert np.abs(drawn - moffat((50, 41), column, row, fwhm)).max() < within * drawn.max()


def test_no_light_is_lost_or_made():
    point = Points(*(np.array([v]) for v in (100.3, 90.7, 1e5)))
    for blur in (Blur(2.5, 0, (0, 0)), Blur(3, 5, (0, 0)), Blur(3, 0, (7, 4))):
        assert draw((200, 200), point, blur).sum() == pytest.approx(1e5, rel=2e-3)


def test_what_lies_far_outside_is_not_drawn():
    point = Points(*(np.array([v]) for v in (-500.0, 90.7, 1e5)))
    assert draw((200, 200), point, Blur(2.5, 0, (0, 0))).max() < 1e-3


def test_points_join():
    one = Points(*(np.array([v]) for v in (1.0, 2.0, 3.0)))
    assert together([one, one]).electrons.tolist() == [3.0, 3.0]
