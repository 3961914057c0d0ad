"""Variable stars of the simulated sky: what is known of their light."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.devices.simulated.variables import SS_CYG, Minimum, Outbursts, PlanetCrossing, VariableStar, passing

HOUR_S = 3600.0
CROSSING = PlanetCrossing((1e9, 1e9 + 5 * 86400), 3 * HOUR_S)
MINIMUM = Minimum((1e9,), 4 * HOUR_S, 0.7)


def test_a_planet_dims_its_star_as_batman_has_it() -> None:
    """Known answer: batman 2.5.3, quadratic limb darkening 0.35 and 0.25, Rp/R* 0.115, inclination 90 deg."""
    apart = np.array([0.0, 0.3, 0.6, 0.85, 0.9, 0.97, 1.0, 1.05, 1.1, 1.12])
    batman = [
        *(0.98430541, 0.98457153, 0.98558955, 0.98795428, 0.98923816),
        *(0.99337006, 0.99524618, 0.99800291, 0.99979972, 1.0),
    ]
    assert passing(apart, 0.115, (0.35, 0.25)) == pytest.approx(batman, abs=1e-7)


@given(st.floats(0, 2), st.floats(0.01, 0.5))
def test_a_star_without_limb_darkening_loses_the_share_that_is_covered(apart: float, ratio: float) -> None:
    """Fully within the disc the square of the ratio, outside nothing."""
    left = float(passing(np.array([apart]), ratio, (0.0, 0.0))[0])
    if apart <= 1 - ratio:
        assert left == pytest.approx(1 - ratio**2)
    elif apart >= 1 + ratio:
        assert left == 1
    else:
        assert 1 - ratio**2 - 1e-9 <= left <= 1


@pytest.mark.parametrize("variation", [CROSSING, MINIMUM])
def test_an_event_is_as_long_as_it_is_said_and_even(variation: PlanetCrossing | Minimum) -> None:
    half = variation.duration_s / 2
    before, first, later, last = variation.share(1e9 + np.array([-half - 1, -half + 600, half - 600, half + 1]))
    assert (before, last) == (1.0, 1.0)
    assert first == pytest.approx(later, abs=1e-12)
    assert first < 1 - 1e-4
    assert variation.share(1e9) == pytest.approx(variation.share(1e9 + np.linspace(-half, half, 101)).min())


def test_every_middle_has_its_event() -> None:
    assert CROSSING.share(1e9 + 5 * 86400) == CROSSING.share(1e9)
    assert MINIMUM.share(1e9) == pytest.approx(10 ** (-0.4 * 0.7))
    assert PlanetCrossing((), 3 * HOUR_S).share(1e9) == 1
    assert Minimum((), 3 * HOUR_S).share(1e9) == 1


def test_a_dwarf_nova_is_quiet_most_of_the_time() -> None:
    """It rises by its range, and is back before the next outburst."""
    days = np.arange(0, 495, 0.1)
    mag = -2.5 * np.log10(SS_CYG.variation.share(1793793600.0 + days * 86400))
    assert (mag.min(), mag.max()) == (pytest.approx(-3.8), pytest.approx(0, abs=1e-9))
    assert 0.7 < np.mean(mag > -0.01) < 0.8
    assert mag[:495] == pytest.approx(mag[495:990], abs=1e-6)
    assert Outbursts(0.0, 10.0, 2.0).share(86400.0 * 3) == pytest.approx(10**0.8)


def test_an_exposure_shows_the_mean_of_its_light() -> None:
    star = VariableStar("b", 10.0, 20.0, MINIMUM)
    seen = star.seen(1e9 - 1800, 1e9 + 1800)
    assert seen.share == pytest.approx(MINIMUM.share(1e9 + np.linspace(-1800, 1800, 1001)).mean(), abs=1e-3)
    assert (seen.ra_deg, seen.dec_deg, seen.mag) == (10.0, 20.0, None)
