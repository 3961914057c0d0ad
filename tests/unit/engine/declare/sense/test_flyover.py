"""What no flyover of a satellite is long enough for is told before a night has to find it out."""

from datetime import timedelta

import pytest

from obsy.engine.declare.sense.flyover import longest_flyover_s
from obsy.engine.sky.grid import Grid, Window
from obsy.engine.sky.openings import openings
from obsy.engine.sky.tracks import tracks
from obsy.schemas.constraints.altitude import Altitude
from obsy.schemas.target import Satellite
from tests.support.satellites import OVER, TLE
from tests.unit.engine.sky.test_flyover import EVENING


def satellite(inclination: str, eccentricity: str, turns: str) -> Satellite:
    said = f"{TLE[1][:8]}{inclination}{TLE[1][16:26]}{eccentricity}{TLE[1][33:52]}{turns}{TLE[1][63:68]}"
    return Satellite(tle=(TLE[0], f"{said}{sum(int(each) if each.isdigit() else each == '-' for each in said) % 10}"))


def longest(of: Satellite, lowest: float) -> float:
    """Return the longest time above an altitude in two days."""
    (track,) = tracks([of], Grid.over(EVENING.start, EVENING.start + timedelta(days=2), 10.0), OVER)
    found = [each.window for each in openings([Altitude.model_construct(above=lowest)], track)]
    return max((each.end - each.start).total_seconds() for each in found if within(each, track.grid))


def within(each: Window, grid: Grid) -> bool:
    return grid.start < each.start and each.end < grid.end


@pytest.mark.parametrize("orbit", [(" 65.0000", "0010000", "13.70000000"), (" 51.6000", "0005000", " 4.55000000")])
@pytest.mark.parametrize("lowest", [5.0, 30.0])
def test_no_flyover_of_two_days_is_longer_and_some_are_nearly_as_long(
    orbit: tuple[str, str, str], lowest: float
) -> None:
    flown = satellite(*orbit)
    most_s = longest_flyover_s(flown, lowest)
    assert most_s is not None
    assert 0.85 * most_s < longest(flown, lowest) < most_s


def test_what_turns_with_the_earth_never_leaves_the_sky() -> None:
    assert longest_flyover_s(satellite("  0.1000", "0001000", " 1.00270000"), 30.0) is None
