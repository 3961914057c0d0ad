from datetime import UTC, datetime, timedelta

import astropy.units as u
import pytest
from astroplan import EclipsingSystem
from astropy.coordinates import EarthLocation, SkyCoord
from astropy.time import Time
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.declare.target import Ephemeris
from obsy.engine.sky.body import Fixed
from obsy.engine.sky.transit import transits
from obsy.schemas.site import Location

# Ephemeris: Hartman et al. 2011 as revised by Wang et al. 2019; duration as in EXOTIC's report of this night
HAT_P_32, PLANET_B = Fixed(31.042742, 46.687851), Ephemeris(2455867.402743, 2.1500082, 24 * 0.130)
WHIPPLE = Location(31.6811, -110.8783, 1268.0)
DUSK, DAWN = datetime(2017, 12, 20, 1, tzinfo=UTC), datetime(2017, 12, 20, 13, tzinfo=UTC)


def test_the_transit_of_a_known_night_is_found():
    (found,) = transits(PLANET_B, HAT_P_32, WHIPPLE, DUSK, DAWN)
    location = EarthLocation.from_geodetic(WHIPPLE.longitude_deg, WHIPPLE.latitude_deg, WHIPPLE.elevation_m)
    middle = Time(found.middle)
    early = middle.light_travel_time(SkyCoord(HAT_P_32.ra_deg, HAT_P_32.dec_deg, unit="deg"), location=location)
    # Predicted BJD_TDB 2458107.71129; fitted to 142 frames of that night: 2458107.71155 +- 0.00090
    assert (middle.tdb + early).jd == pytest.approx(2455867.402743 + 1042 * 2.1500082, abs=0.05 / 86400)


def test_contacts_lie_half_a_duration_from_the_middle():
    (found,) = transits(PLANET_B, HAT_P_32, WHIPPLE, DUSK, DAWN)
    assert found.middle - found.ingress == found.egress - found.middle
    assert (found.egress - found.ingress).total_seconds() == pytest.approx(0.130 * 86400)


@given(st.integers(0, 3000))
def test_transits_recur_with_the_period_but_for_the_earths_own_motion(hours):
    start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    found = transits(PLANET_B, HAT_P_32, WHIPPLE, start, start + timedelta(days=10))
    assert 4 <= len(found) <= 6
    assert all(transit.ingress < start + timedelta(days=10) and transit.egress > start for transit in found)
    for one, other in zip(found, found[1:], strict=False):
        assert (other.middle - one.middle).total_seconds() == pytest.approx(2.1500082 * 86400, abs=30)


def test_astroplan_finds_the_same_transit_but_for_the_light_time():
    system = EclipsingSystem(Time(2455867.402743, format="jd", scale="tdb"), 2.1500082 * u.day, duration=3.12 * u.hour)
    theirs = system.next_primary_eclipse_time(Time(DUSK), n_eclipses=1)[0]
    (ours,) = transits(PLANET_B, HAT_P_32, WHIPPLE, DUSK, DAWN)
    assert abs((Time(ours.middle) - theirs).to_value("s")) < 510


def test_a_transit_that_only_ends_in_the_interval_counts():
    (whole,) = transits(PLANET_B, HAT_P_32, WHIPPLE, DUSK, DAWN)
    after = whole.egress - timedelta(minutes=1)
    assert transits(PLANET_B, HAT_P_32, WHIPPLE, after, after + timedelta(hours=1)) == (whole,)
    assert transits(PLANET_B, HAT_P_32, WHIPPLE, whole.egress, whole.egress + timedelta(hours=1)) == ()
