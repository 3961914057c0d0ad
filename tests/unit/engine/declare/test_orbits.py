"""Asteroids and comets go by their names, with elements that others have too."""

import pytest

from obsy.engine.declare.orbits import MOONS, body, epoch, orbit
from obsy.schemas.target import Asteroid, Comet


@pytest.mark.parametrize("spelt", ["Ceres", "1 Ceres", "(1) Ceres", "ceres", "asteroid Ceres"])
def test_an_asteroid_goes_by_name_and_number(spelt: str) -> None:
    found = orbit(spelt)
    assert found is not None
    assert found.name == "1 Ceres"


@pytest.mark.parametrize("spelt", ["161P", "161P/Hartley-IRAS", "161p hartley-iras", "comet Hartley-IRAS"])
def test_a_comet_goes_by_designation_and_discoverers(spelt: str) -> None:
    found = orbit(spelt)
    assert found is not None
    assert found.name == "161P/Hartley-IRAS"


@pytest.mark.parametrize("spelt", ["NEAT", "PANSTARRS", "1", "", "P", "Horsehead"])
def test_what_is_said_of_many_or_of_none_is_no_name(spelt: str) -> None:
    assert orbit(spelt) is None


@pytest.mark.parametrize(
    ("name", "shape", "angles_deg"),
    [
        # JPL's sb441-n16 (DE441): the heliocentric state of 2026-12-26 TT, turned into elements
        ("1 Ceres", (2.7666400, 0.0798978), (10.58618, 80.24729, 73.06764, 317.50393)),
        ("4 Vesta", (2.3610355, 0.0902704), (7.14390, 103.69902, 151.38542, 135.60475)),
        ("10 Hygiea", (3.1496353, 0.1057062), (3.82364, 283.06900, 312.72426, 286.91615)),
    ],
)
def test_elements_are_those_of_jpl(name: str, shape: tuple[float, ...], angles_deg: tuple[float, ...]) -> None:
    found = orbit(name)
    assert found is not None
    told = found.elements
    assert isinstance(told, Asteroid)
    assert (told.semi_major_axis, told.eccentricity) == pytest.approx(shape, abs=2e-7)
    assert (told.inclination, told.node, told.argument, told.mean_anomaly) == pytest.approx(angles_deg, abs=1e-4)


def test_a_comet_is_where_the_minor_planet_center_has_it() -> None:
    # MPC, 2026-10-04, epoch 2026-10-03: T 2026-11-27.1779 TT, q 1.265114 au
    found = orbit("161P")
    assert found is not None
    assert isinstance(found.elements, Comet)
    assert found.elements.distance == pytest.approx(1.265114, abs=2e-4)
    assert found.elements.perihelion.strftime("%Y-%m-%d") == "2026-11-27"


def test_a_moon_is_sought_at_its_planet() -> None:
    assert {planet for planet, _ in MOONS.values()} <= {found.body for name in MOONS if (found := body(name))}
    assert body("ceres") is None


def test_the_elements_say_when_they_hold() -> None:
    assert epoch("asteroids") == epoch("comets") == "2026-12-26"
