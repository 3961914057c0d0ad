from datetime import timedelta

import numpy as np
import pytest
from astroplan import moon_illumination
from astropy.coordinates import EarthLocation, SkyCoord, get_body

from obsy.engine.sky.grid import Grid
from obsy.engine.sky.moon import illuminated_percent, moon
from tests.support.turning import instants


def test_the_lit_share_between_two_hours_is_astroplans(evening: Grid):
    fine = Grid(evening.start + timedelta(minutes=17), 1800.0, 9)
    assert np.allclose(illuminated_percent(fine), 100 * moon_illumination(instants(fine)), atol=0.01)


@pytest.mark.long
@pytest.mark.once
def test_the_separation_is_from_where_the_observer_sees_the_moon(evening: Grid, calar_alto):
    times = instants(evening)
    location = EarthLocation.from_geodetic(calar_alto.longitude_deg, calar_alto.latitude_deg, calar_alto.elevation_m)
    theirs = get_body("moon", times, location)
    star = SkyCoord(10.68, 41.27, unit="deg").transform_to(theirs)
    ours = moon(evening, calar_alto).separation_deg(10.68, 41.27)
    # Ours is without aberration, which is common to both but for a few arcseconds.
    assert ours == pytest.approx(theirs.separation(star).deg, abs=30 / 3600)


def test_separations_of_many_targets_come_in_rows(evening: Grid, calar_alto):
    rows = moon(evening, calar_alto).separation_deg(np.zeros((3, 1)), np.zeros((3, 1)))
    assert rows.shape == (3, evening.count)
