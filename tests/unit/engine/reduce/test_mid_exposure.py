"""The middle of an exposure as the Sun and the barycentre time it, beside astropy's own."""

from datetime import UTC, datetime, timedelta

import pytest
from astropy import units as u
from astropy.coordinates import AltAz, EarthLocation, SkyCoord
from astropy.time import Time

import tests.support.offline  # noqa: F401
from obsy.engine.reduce.mid_exposure import mid_exposure
from obsy.schemas.site import Location

DAY_S = 86400.0
BEGAN = datetime(2026, 10, 14, 21, 3, 12, 500000, tzinfo=UTC)
HERE = Location(40.0, -3.5, 700.0)


@pytest.mark.long
@pytest.mark.parametrize("towards", [(94.79, 73.83), (325.68, 43.59), (10.0, -20.0)])
def test_times_are_those_of_astropy(towards: tuple[float, float]) -> None:
    """To the 40 microseconds of a float; the Sun's middle is seen from the Earth's, which differs by 21 ms at most."""
    told = mid_exposure(BEGAN, 120.0, towards, HERE)
    here = EarthLocation.from_geodetic(HERE.longitude_deg * u.deg, HERE.latitude_deg * u.deg, HERE.elevation_m * u.m)
    middle = Time((BEGAN + timedelta(seconds=60)).replace(tzinfo=None), scale="utc", location=here)
    star = SkyCoord(*towards, unit="deg")
    at_sun = middle + middle.light_travel_time(star, "heliocentric", ephemeris="builtin")
    at_barycentre = middle.tdb + middle.light_travel_time(star, ephemeris="builtin")
    assert (told.jd_utc - middle.jd) * DAY_S == pytest.approx(0, abs=1e-4)
    assert (told.bjd_tdb - at_barycentre.jd) * DAY_S == pytest.approx(0, abs=1e-3)
    assert (told.hjd_utc - at_sun.jd) * DAY_S == pytest.approx(0, abs=0.022)
    secant = float(star.transform_to(AltAz(obstime=middle, location=here)).secz)
    assert told.airmass == pytest.approx(secant, rel=0.01)


@pytest.mark.parametrize(
    ("began", "bjd_tdb"),
    [("2017-12-20T01:33:43.317", 2458107.56985755), ("2017-12-20T08:36:12.023", 2458107.86322832)],
)
def test_published_times_are_met(began: str, bjd_tdb: float) -> None:
    """Within 50 ms, of the first and the last of 140 frames of HAT-P-32 from Mount Hopkins, 60 s each.

    Source: UT-OBS in the headers of rzellem/EXOTIC_sampledata; BJD_TDB in EXOTIC's examples/sampledata.json.
    """
    there = Location(31.68, -110.88, 2600.0)
    told = mid_exposure(datetime.fromisoformat(began + "+00:00"), 60.0, (31.04283, 46.68783), there)
    assert (told.bjd_tdb - bjd_tdb) * DAY_S == pytest.approx(0, abs=0.05)
