"""The Moon's light in the sky, held against the simulator's, which was written apart, and against what was measured."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.devices.simulated.picture.brightness import (
    DARK_V,
    Glow,
    Moonlight,
    moonlight_nl,
    night_nl,
)
from obsy.engine.sky.moonlight import darkness, shielded


def dark(altitude: float, apart: float, moon: float, lit: float) -> float:
    return float(darkness(*(np.array(each) for each in (altitude, apart, moon, lit)), DARK_V))


@given(st.floats(20, 90), st.floats(10, 150), st.floats(20, 90), st.floats(0.0, 150.0))
def test_it_is_as_bright_as_the_simulated_sky_says(altitude: float, apart: float, moon: float, phase: float) -> None:
    glow = Glow(altitude, -40.0, Moonlight(moon, apart, phase))
    night = night_nl(glow)
    truth = night / (night + moonlight_nl(glow))
    assert dark(altitude, apart, moon, 50 * (1 + np.cos(np.radians(phase)))) == pytest.approx(truth, rel=0.15)


def test_the_example_of_the_manual() -> None:
    found = np.array([dark(60.0, 90.0, 40.0, 100.0)])
    assert 1 - found == pytest.approx([0.88], abs=0.005)
    assert 1 - shielded(found) == pytest.approx([0.43], abs=0.005)


@pytest.mark.parametrize(("apart", "share"), [(60.0, 0.5322), (5.0, 0.1174)])
def test_half_a_moon_is_as_bright_as_krisciunas_and_schaefer_have_it(apart: float, share: float) -> None:
    # By pen and paper: the target in the zenith, the Moon at 30 deg: X = 1, X' = 0.28^-1/2 = 1.890, and p = 90.
    # D = 34.08 e^1.1973 = 112.8 nL; M = f * 10^-2.5770 * 10^-0.1300 * (1 - 10^-0.0688) = f * 2.876e-4 nL;
    # f = 10^5.36 * 1.31 + 10^4.65 = 344,772 at 60 deg, and 10^5.36 * 2.0524 + 2.48e6 = 2,950,180 at 5 deg.
    assert dark(90.0, apart, 30.0, 50.0) == pytest.approx(share, rel=3e-3)


def test_without_the_moon_the_sky_is_dark() -> None:
    assert dark(60.0, 90.0, -1.0, 100.0) == 1.0
    assert dark(60.0, 90.0, 40.0, 0.0) == pytest.approx(1.0, abs=0.02)


def test_near_the_moon_it_grows_brighter_all_the_way() -> None:
    shares = [dark(60.0, apart, 50.0, 95.0) for apart in (1.0, 3.0, 9.0, 11.0, 20.0, 40.0, 80.0)]
    assert shares == sorted(shares)
    assert shares[0] < 0.01
    assert 0.1 < shares[-1] < 0.35


def test_under_a_bright_sky_the_moon_takes_less() -> None:
    country, town = (float(darkness(*map(np.array, (60.0, 90.0, 40.0, 100.0)), mag)) for mag in (21.6, 18.5))
    assert country < 0.1
    assert town > 0.55


def test_a_narrow_filter_lets_a_tenth_of_its_light_count() -> None:
    assert shielded(np.array([1.0, 0.5, 0.1])) == pytest.approx([1.0, 1 / 1.1, 1 / 1.9])
