import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.science.spectrum.even_steps import even_steps


@given(st.floats(-2e-4, 2e-4), st.floats(0.05, 5.0), st.integers(20, 200))
def test_no_light_is_lost_on_even_steps(bend: float, dispersion: float, columns: int) -> None:
    off = np.arange(columns) - columns / 2
    wave = 6000 + dispersion * off + bend * dispersion * off**2
    flux = 100 + 50 * np.sin(off / 7)
    first, step, light, error = even_steps(wave, flux, np.sqrt(flux))
    assert wave[0] - step < first < wave[0] + step
    assert abs(light.sum() - flux.sum()) <= 1.6 * flux.max()  # what the last step would hold in part
    assert (error > 0).all()


def test_errors_of_the_same_steps_are_the_same() -> None:
    flux = np.full(50, 400.0)
    first, step, light, error = even_steps(6000 + 0.5 * np.arange(50), flux, np.sqrt(flux))
    np.testing.assert_allclose((first, step), (6000, 0.5), rtol=1e-9)
    np.testing.assert_allclose(light, 400.0, rtol=1e-6)
    np.testing.assert_allclose(error[1:-1], 20.0, rtol=1e-3)


def test_what_nobody_knows_is_neither_at_the_ends_nor_a_hole() -> None:
    flux = np.full(50, 400.0)
    flux[:3], flux[20] = np.nan, np.nan
    first, _, light, _ = even_steps(6000 + 0.5 * np.arange(50), flux, np.sqrt(flux))
    assert first == 6001.5
    assert np.isfinite(light).all()
