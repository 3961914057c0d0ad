from datetime import UTC, datetime, timedelta

import astropy.units as u
import numpy as np
import pytest
from astroplan import EclipsingSystem
from astropy.coordinates import EarthLocation, SkyCoord
from astropy.time import Time
from hypothesis import given, settings
from hypothesis import strategies as st

from obsy.engine.declare.target import Ephemeris
from obsy.engine.sky.body import Fixed
from obsy.engine.sky.grid import Grid
from obsy.engine.sky.transit import barycentric_epoch, phase, transits
from obsy.schemas.site import Location
from tests.support.effort import costly

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


def test_within_a_span_that_ends_before_it_begins_there_is_none() -> None:
    assert transits(PLANET_B, HAT_P_32, WHIPPLE, DAWN + timedelta(days=30), DAWN) == ()


# U Cep: 01h02m18.4s +81d52m32s. Minima: J.M. Kreiner, Atlas of O-C diagrams: HJD 2451492.3223 + 2.49309 E
U_CEP = Fixed(15.5768, 81.8756)


@pytest.mark.parametrize("scale", ["HJD_UTC", "HJD_TT", "BJD_TDB", "BJD_UTC", "JD_UTC", "JD_TT"])
def test_an_epoch_of_any_scale_is_light_at_the_barycentre(scale):
    found = barycentric_epoch(Ephemeris(2451492.3223, 2.49309, 9.0, scale), U_CEP)
    epoch = Time(found, format="mjd", scale="tdb")
    where, clock = scale.split("_")
    said = Time(2451492.3223, format="jd", scale=clock.lower())
    centre = EarthLocation.from_geocentric(0, 0, 0, unit=u.m)
    star, kind = SkyCoord(U_CEP.ra_deg, U_CEP.dec_deg, unit="deg"), {"HJD": "heliocentric", "BJD": "barycentric"}
    at_earth = epoch.utc - epoch.utc.light_travel_time(star, location=centre, ephemeris="builtin")
    back = at_earth if where == "JD" else at_earth + at_earth.light_travel_time(star, kind=kind[where], location=centre)
    assert abs((back - said).to_value("s")) < 0.1
    assert abs((epoch - Time(2451492.3223, format="jd", scale="tdb")).to_value("s")) < 70 + 510


@settings(max_examples=costly(100))
@given(st.integers(0, 3000))
def test_the_phase_is_that_of_the_minima_that_are_found(hours):
    ephemeris, start = Ephemeris(2451492.3223, 2.49309, 9.0, "HJD_UTC"), DUSK + timedelta(hours=hours)
    grid = Grid(start, 600.0, 100)
    turned = phase(ephemeris, U_CEP, WHIPPLE, grid)
    assert ((turned >= 0) & (turned < 1)).all()
    for minimum in transits(ephemeris, U_CEP, WHIPPLE, start, grid.end):
        since = np.array([(grid.at(n) - minimum.middle).total_seconds() for n in range(100)]) / 86400 / 2.49309
        off_s = ((turned - since + 0.5) % 1 - 0.5) * 2.49309 * 86400
        # The Earth comes nearer or goes away by at most a ten-thousandth of the time that passes.
        assert (np.abs(off_s) <= 0.1 + 1.1e-4 * np.abs(since) * 2.49309 * 86400).all()


def test_the_errors_of_epoch_and_period_add_up_from_one_transit_to_the_next():
    vague = PLANET_B._replace(epoch_error_d=0.00017, period_error_d=7.1e-6)
    (found,) = transits(vague, HAT_P_32, WHIPPLE, DUSK, DAWN)  # the 1,042nd since the epoch
    assert found.error.total_seconds() == pytest.approx(86400 * np.hypot(0.00017, 1042 * 7.1e-6), abs=0.01)
    (sure,) = transits(PLANET_B, HAT_P_32, WHIPPLE, DUSK, DAWN)
    assert sure.error == timedelta(0)
