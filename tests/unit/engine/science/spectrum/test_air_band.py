import numpy as np
import pytest

from obsy.engine.science.spectrum.air_band import band_shift
from obsy.engine.science.spectrum.measured import MeasuredSpectrum

LINES = [*np.linspace(6867.5, 6877.0, 12), *np.linspace(6879.0, 6923.0, 24)]
"""Where single lines of the band stand, roughly: heads and tails as a spectrograph of high resolution shows them."""


def star(resolving: float, step: float, shift: float, depth: float = 0.5, snr: float = 200.0) -> MeasuredSpectrum:
    wave = np.arange(6600.0, 7160.0, step)
    sigma = 6870.0 / resolving / 2.3548
    strong = np.concatenate([np.full(12, 1.0), np.linspace(0.9, 0.1, 24)])
    dips = strong[:, None] * np.exp(-((wave - shift - np.array(LINES)[:, None]) ** 2) / (2 * (sigma**2 + 0.2)))
    light = 1e4 * (1 + 1e-4 * (wave - 6800)) * np.exp(-depth * dips.sum(axis=0) * 0.8 / max(sigma, 0.5))
    error = light / snr
    drawn = light + np.random.default_rng(3).normal(size=len(wave)) * error
    return MeasuredSpectrum("x", wave, drawn, error, 0.1, 0.1, 20, resolving, 1, 60.0, None, None, 0)


@pytest.mark.parametrize(("resolving", "step"), [(700.0, 4.0), (1300.0, 1.6), (5000.0, 0.4)])
def test_a_shift_is_found_by_the_airs_band_within_half_a_line(resolving: float, step: float) -> None:
    for shift in (-15.0, 0.0, 20.0):
        found = band_shift(star(resolving, step, shift))
        assert found == pytest.approx(shift, abs=max(0.5 * 6870.0 / resolving, 1.0))


def test_where_the_band_is_not_plain_nothing_is_said() -> None:
    assert band_shift(star(1300.0, 1.6, 0.0, depth=0.0)) is None
    assert band_shift(star(1300.0, 1.6, 0.0, snr=5.0)) is None
    assert band_shift(star(150.0, 8.0, 0.0)) is None
