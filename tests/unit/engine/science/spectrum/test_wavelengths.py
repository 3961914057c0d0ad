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


@pytest.mark.long
@pytest.mark.once
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


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_an_arc_that_lacks_lines_has_false_ones_and_bends_by_five_pixels_is_recognised(seed: int) -> None:
    drawn, lamp = np.random.default_rng(seed), lamp_lines("NeAr")
    made = MadeSpectrum(dispersion=0.8, centre=6500.0, bend=0.8 * 5 / 600**2)
    there = lamp.within(made.wavelength[0], made.wavelength[-1]).angstrom
    there = there[drawn.random(len(there)) > 0.2]
    places = np.interp(there, made.wavelength, made.x) + drawn.normal(0, 0.05, len(there))
    peaks = peaks_at(*np.sort([*places, *drawn.uniform(0, WIDTH, 3)]))
    found = solved(peaks, lamp, 6500.0 + drawn.uniform(-200, 200), 0.8 * drawn.uniform(0.9, 1.1), WIDTH)
    among = (made.wavelength > found.known.min()) & (made.wavelength < found.known.max())
    assert np.abs(found.at(made.x) - made.wavelength)[among].max() < 0.5 * 0.8  # half a pixel
    assert found.explained > 0.6


def test_an_arc_of_another_lamp_is_refused_in_words() -> None:
    made = MadeSpectrum(centre=7600.0)
    there = lamp_lines("Ar").within(made.wavelength[0], made.wavelength[-1]).angstrom
    with pytest.raises(UserError, match="check the lamp"):
        solved(peaks_at(*np.interp(there, made.wavelength, made.x)), lamp_lines("Ne"), 7600, 1.6, WIDTH)
