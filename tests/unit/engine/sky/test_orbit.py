import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from obsy.engine.sky.orbit import GAUSS, Orbit, asteroid, on_conic, speed_on_conic, stumpff

DAYS = np.array([-4000.0, -300.0, -1.0, 0.0, 1e-6, 20.0, 300.0, 4000.0])


@given(st.floats(0.005, 30), st.floats(0, 10), st.floats(-200000, 200000))
def test_every_answer_lies_on_the_conic(q, e, days):
    x, y = on_conic(q, e, np.array([days]))
    assert np.hypot(x, y) + e * x == pytest.approx(q * (1 + e), rel=1e-9, abs=1e-9 * np.hypot(x, y)[0])


@given(st.floats(0.005, 30), st.floats(0, 5), st.floats(0, 5000))
def test_before_and_after_perihelion_mirror_each_other(q, e, days):
    (before, after) = np.transpose(on_conic(q, e, np.array([-days, days])))
    assert before == pytest.approx(after * [1, -1], rel=1e-9, abs=1e-12)


@given(st.floats(0.005, 30), st.floats(0, 5), st.floats(-5000, 5000))
def test_the_speed_keeps_energy_and_the_area_that_is_swept(q, e, days):
    (x, y), (u, v) = (np.ravel(of(q, e, np.array([days]))) for of in (on_conic, speed_on_conic))
    assert x * v - y * u == pytest.approx(GAUSS * np.sqrt(q * (1 + e)), rel=1e-8)
    assert u * u + v * v == pytest.approx(GAUSS**2 * (2 / np.hypot(x, y) - (1 - e) / q), rel=1e-8, abs=1e-12)
    assert np.sign(x * u + y * v) in (0.0, np.sign(days)) or e < 1  # away from the Sun after perihelion


@pytest.mark.parametrize("e", [0.0, 0.6, 1.0, 1.4])
def test_the_speed_is_how_the_place_changes(e):
    days, step = np.array([-300.0, -20.0, 0.0, 5.0, 200.0]), 0.01
    before, after = (np.array(on_conic(0.9, e, days + side * step)) for side in (-1, 1))
    assert np.allclose(speed_on_conic(0.9, e, days), (after - before) / (2 * step), rtol=0, atol=1e-9)


@pytest.mark.parametrize("e", [0.0, 0.05, 0.5, 0.97, 0.9999])
def test_an_ellipse_obeys_keplers_equation(e):
    q, a = 1.2, 1.2 / (1 - e)
    for days in DAYS:
        mean = GAUSS * days / a**1.5
        turns = 2 * np.pi * np.round(mean / (2 * np.pi))
        eccentric = brentq(lambda E, m=mean - turns: E - e * np.sin(E) - m, -4, 4, xtol=1e-15, rtol=1e-15)
        expected = a * (np.cos(eccentric) - e), a * np.sqrt(1 - e * e) * np.sin(eccentric)
        assert np.allclose(np.ravel(on_conic(q, e, np.array([days]))), expected, rtol=0, atol=1e-9 * a)


def test_a_parabola_obeys_barkers_equation():
    q = 0.7
    w = 1.5 * GAUSS * DAYS / np.sqrt(2 * q**3)
    s = 2 * np.sinh(np.arcsinh(w) / 3)  # s^3 + 3 s = 2 w; Meeus, Astronomical Algorithms, ch. 34
    assert np.allclose(on_conic(q, 1.0, DAYS), (q * (1 - s * s), 2 * q * s), rtol=0, atol=1e-11)


@pytest.mark.parametrize("e", [1.0002, 1.2, 3.36])
def test_a_hyperbola_obeys_its_own_equation(e):
    q = 0.8
    a = q / (e - 1)
    for days in DAYS:
        mean = GAUSS * days / a**1.5
        anomaly = brentq(lambda H, m=mean: e * np.sinh(H) - H - m, -20, 20, xtol=1e-15, rtol=1e-15)
        expected = a * (e - np.cosh(anomaly)), a * np.sqrt(e * e - 1) * np.sinh(anomaly)
        assert np.allclose(np.ravel(on_conic(q, e, np.array([days]))), expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("e", [1 - 1e-9, 1 + 1e-9, 1 - 1e-13])
def test_nothing_jumps_at_the_parabola(e):
    assert np.allclose(on_conic(0.9, e, DAYS), on_conic(0.9, 1.0, DAYS), rtol=1e-6, atol=1e-6)


def test_the_series_joins_the_closed_form():
    below, above = stumpff(np.array([0.1 - 1e-12, -0.1 + 1e-12])), stumpff(np.array([0.1 + 1e-12, -0.1 - 1e-12]))
    assert np.allclose(below, above, rtol=0, atol=1e-13)


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
