import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.sky.air import airmass, refracted


def kasten_young(seen_deg):
    """Source: Kasten & Young, Applied Optics 28, 4735 (1989)."""
    return 1 / (np.sin(np.radians(seen_deg)) + 0.50572 * (seen_deg + 6.07995) ** -1.6364)


def test_overhead_it_is_one():
    assert airmass(np.array([90.0]))[0] == pytest.approx(1.0, abs=1e-4)


def test_kasten_and_young_agree_within_a_percent_above_five_degrees():
    altitude = np.linspace(5, 90, 200)
    assert np.allclose(airmass(altitude), kasten_young(refracted(altitude)), rtol=0.01)


def test_there_is_no_air_mass_below_the_horizon():
    assert np.isinf(airmass(np.array([-0.7, -5.11, -30.0, -90.0]))).all()


@given(st.floats(0, 90), st.floats(0, 90))
def test_lower_is_never_clearer(one, other):
    low, high = sorted((one, other))
    assert airmass(np.array([low]))[0] >= airmass(np.array([high]))[0] - 1e-9


@pytest.mark.parametrize(("true_deg", "lift_arcmin"), [(-34 / 60, 34.0), (10.0, 5.4), (45.0, 1.0)])
def test_refraction_lifts_as_the_almanac_says(true_deg, lift_arcmin):
    # Explanatory Supplement (1992), 3.28: 34' at the horizon, 5.4' at 10 deg, 1' at 45 deg
    lift = 60 * (refracted(np.array([true_deg]))[0] - true_deg)
    assert lift == pytest.approx(lift_arcmin, abs=0.7 if true_deg < 0 else 0.1)
