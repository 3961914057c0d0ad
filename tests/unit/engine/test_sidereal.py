import erfa
import pytest

from obsy.engine.sidereal import ARCSEC_PER_S, DAY_H, DEGREES_PER_S, HOURS_PER_S, greenwich_deg

J2000 = 2451545.0


@pytest.mark.parametrize("days", [-3652.25, 0.0, 0.37, 9828.1, 18262.5])
def test_the_sky_turns_as_erfa_has_it(days):
    theirs = erfa.gmst06(J2000, days, J2000, days) * erfa.DR2D
    assert (greenwich_deg(days) - theirs + 180) % 360 - 180 == pytest.approx(0.0, abs=0.003)


def test_its_rates_are_one_rate_in_several_units():
    turned = (greenwich_deg(0.1) - greenwich_deg(0.0)) % 360 / 8640
    assert turned == pytest.approx(DEGREES_PER_S, rel=1e-9)
    assert (HOURS_PER_S * 15, ARCSEC_PER_S / 3600, 15 / 3600 * 24 / DAY_H) == pytest.approx((turned,) * 3, rel=1e-9)
