import numpy as np
import pytest

from obsy.engine.science.spectrum.arc_peaks import ArcPeaks, arc_peaks
from obsy.engine.science.spectrum.lamp_lines import LampLines, lamp_lines
from obsy.engine.science.spectrum.wavelengths import solved
from obsy.errors import UserError
from tests.support.made_spectrum import MadeSpectrum

WIDTH = 1200


def peaks_at(*places: float) -> ArcPeaks:
    ones = np.ones(len(places))
    return ArcPeaks(np.array(places, dtype=float), 0.01 * ones, ones, 3 * ones)


def neon(made: MadeSpectrum) -> ArcPeaks:
    light = made.arc("Ne").sum(axis=0)
    return arc_peaks(light, np.sqrt(np.maximum(light, 1.0) + made.rows * made.read_noise**2))


def test_wavelengths_are_found_within_their_error_though_dispersion_and_centre_are_said_roughly() -> None:
    made = MadeSpectrum(seed=3)
    for centre, dispersion in ((6400, 1.6), (6600, 1.78), (6150, 1.42)):
        found = solved(neon(made), lamp_lines("Ne"), centre, dispersion, WIDTH)
        among = (made.wavelength > found.known.min()) & (made.wavelength < found.known.max())
        off = np.abs(found.at(made.x) - made.wavelength)[among]
        assert found.lines >= 20
        assert found.rms < 0.02  # angstrom, of 1.6 a pixel
        assert off.max() < 4 * found.error


def test_the_width_of_lines_is_that_of_the_spectrograph() -> None:
    assert np.median(neon(MadeSpectrum(seed=4, fwhm_px=3.0)).fwhm) == pytest.approx(3.0, rel=0.03)


def test_lines_of_another_lamp_are_not_taken_for_its_own() -> None:
    drawn = np.sort(np.random.default_rng(1).uniform(0, WIDTH, 9))
    try:
        found = solved(peaks_at(*drawn), lamp_lines("Hg"), 5000, 1.6, WIDTH)
    except UserError:
        return
    assert found.lines < 6  # by chance, and told


def test_too_few_lines_are_told_with_what_to_do() -> None:
    with pytest.raises(UserError, match="3 lines stand in the arc.*expose it longer"):
        solved(peaks_at(10, 400, 900), lamp_lines("Ne"), 6400, 1.6, WIDTH)


def test_a_lamp_that_has_nothing_there_is_told() -> None:
    none = LampLines(np.array([1.0]), np.array([1.0]), "x")
    with pytest.raises(UserError, match="the lamp x has 0 there"):
        solved(peaks_at(10, 200, 400, 900), none, 6400, 1.6, WIDTH)
