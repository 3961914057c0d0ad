"""Of a transit's model: another program's numbers, and what must hold of any planet."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.science.transit.model import (
    MANY,
    LimbDarkening,
    PlanetOrbit,
    duration_d,
    exposed_flux,
    orbit_of_duration,
    transit_flux,
)

# batman-package 2.5.3, as stellarphot ships it (transit_fitting/tests/data/batman_reference_lightcurves.ecsv).
CENTRAL = (0.035, PlanetOrbit(5.72, 12.2, 90.0), LimbDarkening(0.3, 0.3))
BATMAN = {
    -0.07741353383458649: 1.0,
    -0.07397293233082702: 0.9994633486292817,
    -0.07053233082706767: 0.999049742082175,
    -0.05332932330827067: 0.9987281248694697,
    -0.0017203007518796776: 0.9985590717722693,
}


def test_the_light_is_as_batman_works_it_out():
    times = np.array(list(BATMAN))
    np.testing.assert_allclose(transit_flux(times, *CENTRAL), list(BATMAN.values()), atol=3e-8)


# batman-package 2.5.3, asked at these times of the same eccentric orbit; ratio 0.1489, limb 0.35 and 0.25.
ECCENTRIC = PlanetOrbit(2.15, 6.05, 88.9, 0.159, 50.0)
OF_ECCENTRIC = {
    -0.055: 0.9986244569,
    -0.05: 0.9920654062,
    -0.03: 0.9759855772,
    0.0: 0.9737580766,
    0.02: 0.9746169203,
    0.052: 0.9951379881,
}


def test_an_eccentric_orbit_is_as_batman_works_it_out():
    found = transit_flux(np.array(list(OF_ECCENTRIC)), 0.1489, ECCENTRIC, LimbDarkening(0.35, 0.25))
    np.testing.assert_allclose(found, list(OF_ECCENTRIC.values()), atol=3e-8)


@given(st.floats(0.01, 0.2), st.floats(3.0, 30.0), st.floats(0.0, 0.9), st.floats(0.0, 0.6), st.floats(0.0, 0.4))
def test_a_transit_is_even_in_time_and_no_deeper_than_a_middle_without_limb(ratio, axis, impact, linear, square):
    orbit = PlanetOrbit(3.0, axis, float(np.degrees(np.arccos(impact / axis))))
    flux = transit_flux(np.linspace(-0.2, 0.2, 21), ratio, orbit, LimbDarkening(linear, square))
    np.testing.assert_allclose(flux, flux[::-1], atol=1e-9)
    brightest = 1 / (1 - linear / 3 - square / 6)
    assert (flux <= 1.0).all() and (flux >= 1 - ratio**2 * brightest * (1 + 1e-6)).all()


@given(st.floats(0.02, 0.2), st.floats(1.0, 6.0), st.floats(0.0, 0.8))
def test_an_orbit_made_of_a_duration_has_that_duration(ratio, hours, impact):
    orbit = orbit_of_duration(4.0, hours / 24, ratio, impact)
    assert duration_d(ratio, orbit) * 24 == pytest.approx(hours, rel=1e-6)


def test_a_dark_side_hides_nothing():
    behind = transit_flux(np.array([1.5]), 0.1, PlanetOrbit(3.0, 8.0, 90.0), LimbDarkening(0.3, 0.2))
    assert behind.tolist() == [1.0]


def test_a_planet_that_misses_its_star_has_no_duration():
    assert duration_d(0.1, PlanetOrbit(3.0, 8.0, 80.0)) == 0.0


def test_a_long_exposure_softens_the_contact():
    ratio, orbit, limb = CENTRAL
    contact = np.array([-duration_d(ratio, orbit) / 2 - 1e-3])
    assert exposed_flux(contact, 0.0, ratio, orbit, limb)[0] == 1.0
    assert exposed_flux(contact, 900.0, ratio, orbit, limb)[0] < 1.0


@pytest.mark.parametrize("ratio", [0.01, 0.12, 0.9, 1.0])
@pytest.mark.parametrize("limb", [LimbDarkening(0.4, 0.25), LimbDarkening(0.9, -0.3), LimbDarkening(0.0, 0.0)])
def test_a_long_light_curve_is_the_same_light_as_a_short_one(ratio, limb):
    orbit, times = PlanetOrbit(2.15, 6.05, 88.9), np.linspace(-0.09, 0.09, 4 * MANY + 3)
    few = [transit_flux(some, ratio, orbit, limb) for some in np.array_split(times, 12)]
    np.testing.assert_allclose(transit_flux(times, ratio, orbit, limb), np.concatenate(few), rtol=0, atol=1e-7 * ratio)
