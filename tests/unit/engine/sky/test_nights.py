"""Sun and Moon over many nights, against one night alone."""

from datetime import date, timedelta

import numpy as np
import pytest

from obsy.engine.sky.body import Fixed
from obsy.engine.sky.grid import Grid
from obsy.engine.sky.nights import PER_NIGHT, STEP_S, many_nights
from obsy.engine.sky.tracks import tracks
from obsy.schemas.site import Location

ARCSEC = 1 / 3600


@pytest.mark.parametrize(
    "place", [Location(37.2236, -2.5463, 2168.0), Location(-90.0, 0.0, 2835.0), Location(-17.7, 179.99)]
)
@pytest.mark.parametrize("night", [0, 6])
def test_sun_and_moon_are_those_of_the_night(place: Location, night: int) -> None:
    nights = many_nights(date(2026, 11, 21), 7, place)
    assert nights.count == 7
    track = tracks([Fixed(30.0, 20.0)], Grid(nights.grid.at(night * PER_NIGHT), STEP_S, PER_NIGHT + 1), place)[0]
    rows = slice(night * PER_NIGHT, (night + 1) * PER_NIGHT + 1)
    for name, most in (("sun_altitude_deg", ARCSEC), ("moon_altitude_deg", ARCSEC), ("moon_illuminated_percent", 1e-4)):
        assert getattr(nights, name)[rows] == pytest.approx(getattr(track, name), abs=most)
    ra, dec = np.radians([30.0, 20.0])
    star = np.array([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)])
    apart = np.degrees(np.arccos(nights.moon[rows] @ star))
    assert apart == pytest.approx(track.moon_separation_deg, abs=0.3 * ARCSEC)


def test_it_lasts_from_the_noon_of_the_longitude_to_the_last_noon() -> None:
    nights = many_nights(date(2026, 11, 21), 2, Location(20.0, -155.0))
    assert (nights.grid.start.hour, nights.grid.start.minute) == (22, 20)
    assert nights.grid.end - nights.grid.start == timedelta(days=2)
