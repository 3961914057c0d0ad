import numpy as np
import pytest

from obsy.engine.science.spectrum.slitless import by_zero_order
from obsy.engine.science.spectrum.traced import traced
from obsy.errors import UserError
from tests.support.made_spectrum import MadeSpectrum

pytestmark = [pytest.mark.long, pytest.mark.once]


def grating(seed: int, zero: float) -> MadeSpectrum:
    """A star whose own image stands where wavelengths begin, of so many electrons a column."""
    made = MadeSpectrum(columns=800, centre=2875.0, dispersion=9.0, bend=0.0, light=5000, hits=0, seed=seed)
    own = np.exp(-((made.x + made.wavelength[0] / 9.0) ** 2) / (2 * 1.4**2))
    made.flux = np.where(made.wavelength > 3500, made.flux, 1.0) + zero * own
    return made


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_wavelengths_are_counted_from_the_zero_order_though_the_trace_is_only_drawn_on_to_it(seed: int) -> None:
    made = grating(seed, 60_000.0)
    frame = made.star()
    found = by_zero_order(frame, traced(frame), 9.0)
    assert np.abs(found.at(made.x) - made.wavelength).max() < 0.2 * 9.0  # of a pixel
    assert (found.lines, np.isnan(found.rms)) == (0, True)


def test_a_spectrum_without_its_zero_order_has_no_wavelengths() -> None:
    frame = grating(1, 0.0).star()
    with pytest.raises(UserError, match="no zero order stands beside the spectrum"):
        by_zero_order(frame, traced(frame), 9.0)
