"""Motion by Picard's iteration, held against the conic of two bodies and against scipy's integrator."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from obsy.engine.sky.grid import Floats
from obsy.engine.sky.orbit import GAUSS, Orbit
from obsy.engine.sky.picard import PlaceAndSpeed, moved

EPOCH = 61000.0
ORBITS = {
    "asteroid": Orbit(2.55, 0.078, 10.6, 80.3, 73.6, 60000.0, EPOCH),
    "near the Earth": Orbit(0.9, 0.4, 3.0, 20.0, 210.0, 61100.0, EPOCH),
    "comet near the Sun": Orbit(0.2, 0.995, 60.0, 80.0, 70.0, 61090.0, EPOCH),
    "comet that does not come again": Orbit(0.6, 1.2, 140.0, 10.0, 5.0, 61050.0, EPOCH),
}


def suns_pull(_: Floats, places: Floats) -> Floats:
    return np.asarray(-(GAUSS**2) * places / np.linalg.norm(places, axis=-1, keepdims=True) ** 3)


def begun(orbit: Orbit) -> PlaceAndSpeed:
    at = np.array([EPOCH])
    return PlaceAndSpeed(orbit.heliocentric(at)[0], orbit.speed(at)[0])


@pytest.mark.parametrize("name", ORBITS)
@pytest.mark.parametrize("days", [400.0, -400.0])
def test_two_bodies_go_on_their_conic(name: str, days: float) -> None:
    orbit = ORBITS[name]
    at = EPOCH + np.arange(0.0, days, np.sign(days))
    still = np.broadcast_to(begun(orbit).place, (1, 3))
    for guess in (orbit.heliocentric, lambda when: np.broadcast_to(still, (len(when), 3))):
        found = moved(begun(orbit), EPOCH, at, guess, suns_pull)
        assert np.abs(found - orbit.heliocentric(at)).max() < 2e-8  # 0.004 arcsec, an astronomical unit away


def test_a_pull_that_changes_with_time_is_followed_as_scipy_follows_it() -> None:
    orbit = ORBITS["asteroid"]

    def pull(when: Floats, places: Floats) -> Floats:
        turning = np.stack([np.cos(when / 40.0), np.sin(when / 40.0), 0.0 * when], axis=-1)
        return np.asarray(suns_pull(when, places) + 1e-6 * turning)

    def turn(when: float, state: Floats) -> Floats:
        return np.concatenate([state[3:], pull(np.array([when]), state[None, :3])[0]])

    at = EPOCH + np.arange(300.0, 330.0)
    begin = begun(orbit)
    state = np.concatenate(begin)
    theirs = solve_ivp(turn, (EPOCH, at[-1]), state, method="DOP853", t_eval=at, rtol=1e-12, atol=1e-14).y[:3].T
    assert np.abs(moved(begin, EPOCH, at, orbit.heliocentric, pull) - theirs).max() < 1e-9


def test_a_single_day_and_the_begin_itself_are_where_they_are() -> None:
    orbit = ORBITS["asteroid"]
    for at in (np.array([EPOCH]), np.array([EPOCH + 77.5]), np.array([EPOCH - 77.5])):
        found = moved(begun(orbit), EPOCH, at, orbit.heliocentric, suns_pull)
        np.testing.assert_allclose(found, orbit.heliocentric(at), atol=1e-9)
