from datetime import UTC, datetime

import astropy.units as u
import pytest
from astropy.coordinates import EarthLocation, SkyCoord
from astropy.time import Time

from obsy.engine.science.spectrum.towards_sun import heliocentric_km_s
from obsy.schemas.site import Location

pytestmark = [pytest.mark.long, pytest.mark.once]
PLACE = Location(38.2, -2.3, 1650.0)


@pytest.mark.parametrize(("when", "star"), [("2026-03-01T20:00", (279.23, 38.78)), ("2026-09-20T03:30", (88.8, 7.4))])
def test_the_correction_is_astropys_within_ten_metres_a_second(when: str, star: tuple[float, float]) -> None:
    at = EarthLocation.from_geodetic(PLACE.longitude_deg * u.deg, PLACE.latitude_deg * u.deg, PLACE.elevation_m * u.m)
    theirs = SkyCoord(*star, unit="deg").radial_velocity_correction("heliocentric", obstime=Time(when), location=at)
    ours = heliocentric_km_s(datetime.fromisoformat(when).replace(tzinfo=UTC), star, PLACE)
    assert ours == pytest.approx(theirs.to_value(u.km / u.s), abs=0.01)


def test_without_a_place_it_lacks_the_earths_turning_alone() -> None:
    when = datetime(2026, 3, 1, 20, tzinfo=UTC)
    with_turning, without = (heliocentric_km_s(when, (279.23, 38.78), each) for each in (PLACE, None))
    assert 0 < abs(with_turning - without) < 0.47
