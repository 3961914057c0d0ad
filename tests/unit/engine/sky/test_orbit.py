import numpy as np
import pytest

from obsy.engine.sky.orbit import Orbit, asteroid

A_AU, EPOCH = 2.767218108003098, 49731.0
CERES = asteroid(
    A_AU, 0.07610292126891821, (10.60069567603618, 80.65851514365535, 71.4492152612411), 340.389084821267, EPOCH
)


def test_an_asteroid_passes_perihelion_nearest_its_epoch():
    period_d = 365.25 * A_AU**1.5
    assert CERES.perihelion_mjd - EPOCH == pytest.approx((360 - 340.389084821267) / 360 * period_d, rel=1e-4)


def test_at_perihelion_it_is_at_its_perihelion_distance():
    where = CERES.heliocentric(np.array([CERES.perihelion_mjd]))
    assert np.linalg.norm(where) == pytest.approx(CERES.q_au)


def test_an_orbit_in_the_ecliptic_is_tilted_by_the_obliquity():
    quarter = Orbit(1.0, 0.0, 0.0, 0.0, 0.0, 60000.0).heliocentric(np.array([60000.0 + 365.2568983 / 4]))
    assert quarter[0] == pytest.approx([0.0, 0.917482062, 0.397777156], abs=1e-6)


def test_a_polar_orbit_climbs_towards_the_ecliptic_pole():
    quarter = Orbit(1.0, 0.0, 90.0, 0.0, 0.0, 60000.0).heliocentric(np.array([60000.0 + 365.2568983 / 4]))
    assert quarter[0] == pytest.approx([0.0, -0.397777156, 0.917482062], abs=1e-6)


@pytest.mark.parametrize(("q", "e"), [(0.0, 0.5), (-1.0, 0.5), (1.0, -0.1), (float("nan"), 0.5)])
def test_an_impossible_orbit_is_refused(q, e):
    with pytest.raises(ValueError, match="perihelion|eccentricity"):
        Orbit(q, e, 0.0, 0.0, 0.0, 60000.0)
