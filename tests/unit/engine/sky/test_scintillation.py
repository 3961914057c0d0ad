"""Scintillation, beside published numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.sky.scintillation import scintillation


def test_a_small_telescope_twinkles_by_millimagnitudes() -> None:
    """Young's law for 20 cm, 60 s, at the zenith and the sea: 0.0012; the median of sites 1.5 times that.

    Source: 0.09 D^(-2/3) X^1.75 / sqrt(2 t) with D in cm (Dravins et al. 1998, PASP 110, 610) gives 0.0011.
    """
    young = 0.09 * 20 ** (-2 / 3) / (2 * 60) ** 0.5
    assert scintillation(200.0, 60.0, 1.0, 0.0) == pytest.approx(1.5 * young, rel=0.15)


def test_a_metre_at_the_sea_for_a_second_is_the_law_s_own_number() -> None:
    assert scintillation(1000.0, 1.0, 1.0, 0.0) == pytest.approx(1.5 * 1e-5**0.5, rel=1e-12)


@given(st.floats(50, 2000), st.floats(1, 600), st.floats(1, 3), st.floats(0, 4000))
def test_it_falls_with_the_telescope_the_exposure_and_the_height(
    aperture_mm: float, exposure_s: float, airmass: float, elevation_m: float
) -> None:
    here = scintillation(aperture_mm, exposure_s, airmass, elevation_m)
    assert scintillation(aperture_mm, 4 * exposure_s, airmass, elevation_m) == pytest.approx(here / 2)
    assert scintillation(8 * aperture_mm, exposure_s, airmass, elevation_m) == pytest.approx(here / 4)
    assert scintillation(aperture_mm, exposure_s, airmass, elevation_m + 8000) == pytest.approx(here / 2.718281828)
    assert scintillation(aperture_mm, exposure_s, 2 * airmass, elevation_m) == pytest.approx(here * 2**1.5)
