"""Where asteroids and comets stand, and how bright they are."""

from datetime import UTC, datetime

import numpy as np
import pytest
from astropy.coordinates import angular_separation

from obsy.engine.choice.sights import Sight, sights
from obsy.engine.choice.small_bodies import Vantage, asteroid_mag, comet_mag, placed
from obsy.engine.schedule.conditions import body
from obsy.engine.sky.body import coordinates
from obsy.engine.sky.grid import Grid
from obsy.schemas.site import Location

WHEN = datetime(2026, 12, 10, 23, tzinfo=UTC)
SUNWARD = np.array([1.0, 0.0, 0.0])


def named(*names: str) -> list[Sight]:
    every = [*sights("asteroids"), *sights("comets")]
    return [each for each in every if each.name in names]


@pytest.mark.parametrize(
    ("name", "when", "mag"),  # as almanacs announced these oppositions, to 0.1
    [("1 Ceres", datetime(2025, 10, 2, tzinfo=UTC), 7.6), ("4 Vesta", datetime(2025, 5, 2, tzinfo=UTC), 5.6)],
)
def test_an_asteroid_in_opposition_is_as_bright_as_it_was(name: str, when: datetime, mag: float) -> None:
    (found,) = placed(named(name), Vantage.at(when), None)
    assert found.mag == pytest.approx(mag, abs=0.25)


@pytest.mark.long
def test_the_places_are_those_that_a_plan_points_at() -> None:
    place, grid = Location(38.16, -2.33, 1650.0), Grid(WHEN, 60.0, 5)
    bodies = named("1 Ceres", "433 Eros", "2P/Encke", "78P/Gehrels")
    found = list(placed(bodies, Vantage.at(WHEN), None))
    assert len(found) == len(bodies) == 4
    for each in found:
        assert each.elements is not None
        ra, dec = coordinates(body(each.elements), grid, place)
        apart = angular_separation(*np.radians((each.ra_deg, each.dec_deg, ra[0], dec[0])))
        assert np.degrees(apart) < 1 / 60


def test_what_is_too_faint_is_left_out_and_what_nobody_knows_is_not() -> None:
    (ceres,) = named("1 Ceres")
    assert [*placed([ceres], Vantage.at(WHEN), 7.0)] == []
    assert len([*placed([ceres], Vantage.at(WHEN), 8.0)]) == 1
    unknown = Sight("ours", 0.0, 0.0, "asteroid", elements=ceres.elements)
    assert [each.mag for each in placed([unknown, Sight("star", 1.0, 2.0)], Vantage.at(WHEN), 7.0)] == [None]


def test_at_one_au_from_both_and_full_an_asteroid_has_its_absolute_magnitude() -> None:
    assert asteroid_mag((5.0, 0.15), 1e3 * SUNWARD, np.zeros(3)) == pytest.approx(5.0 + 10 * np.log10(1e3))
    # Seen from the Sun it is full; from 60 deg beside it, the IAU's curve takes off 2.149 mag for G = 0.15.
    beside = np.array([0.5, 3**0.5 / 2, 0.0])
    assert asteroid_mag((5.0, 0.15), SUNWARD, beside) == pytest.approx(7.149, abs=0.001)


def test_a_comet_brightens_by_the_fourth_power_of_its_way_to_the_sun() -> None:
    near, far = (comet_mag((8.0, 4.0), r * SUNWARD, (r - 1.0) * SUNWARD) for r in (1.0, 2.0))
    assert (near, far - near) == (8.0, pytest.approx(10 * np.log10(2)))
