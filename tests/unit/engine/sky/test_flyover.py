"""A satellite can be taken while it is high, lit, and the sky dark: to the second, and never else."""

from datetime import UTC, datetime, timedelta
from importlib import resources

import pytest
from skyfield.api import EarthSatellite, load, load_file, wgs84

from obsy.engine.sky.flyover import Flyovers, flyovers
from obsy.engine.sky.grid import Grid, Window
from obsy.engine.sky.tracks import tracks
from obsy.schemas.constraints.altitude import Altitude
from obsy.schemas.constraints.sun import Sun
from obsy.schemas.target import Satellite
from tests.support.satellites import OVER, TLE

EVENING = Window(datetime(2026, 11, 21, 17, 20, tzinfo=UTC), datetime(2026, 11, 21, 22, tzinfo=UTC))
DE421 = str(resources.files("skyfield_data") / "data" / "de421.bsp")
SECOND = timedelta(seconds=1)


def found(lowest: float, span: Window = EVENING, node: str = "180.0000 ", last: str = "4") -> Flyovers:
    limits = [Altitude.model_construct(above=lowest), Sun.model_construct(below=-10.0)]
    second = TLE[1].replace("180.0000 ", node)[:-1] + last
    return flyovers(Satellite(tle=(TLE[0], second)), limits, span, OVER)


@pytest.mark.once
@pytest.mark.parametrize("lowest", [10.0, 25.0, 50.0])
def test_its_edges_are_those_of_skyfield_to_a_second(lowest: float) -> None:
    scale, kernel = load.timescale(builtin=True), load_file(DE421)
    theirs, here = EarthSatellite(*TLE), wgs84.latlon(*OVER)
    ends = (scale.from_datetime(each) for each in (EVENING.start, EVENING.end))
    times, sorts = theirs.find_events(here, *ends, altitude_degrees=lowest)
    rises, sets = ([t.utc_datetime() for t, sort in zip(times, sorts, strict=True) if sort == n] for n in (0, 2))
    ours = found(lowest).lit
    assert ours
    for each in ours:
        dark = (each.window.start - SECOND, each.window.end + SECOND)
        lit = [bool(theirs.at(scale.from_datetime(at)).is_sunlit(kernel)) for at in dark]
        edges = zip((each.window.start, each.window.end), (rises, sets), lit, strict=True)
        assert all(min(abs(at - other) for other in those) < SECOND or not shines for at, those, shines in edges)
        inside = [each.window.start + SECOND, each.highest, each.window.end - SECOND]
        assert all(theirs.at(scale.from_datetime(at)).is_sunlit(kernel) for at in inside)
    kernel.close()


def test_it_is_highest_within_what_can_be_taken() -> None:
    (first, *_) = found(25.0).lit
    assert first.window.start <= first.highest <= first.window.end
    assert 60 < first.altitude_deg < 70


def test_it_is_told_as_high_as_it_is_within_and_not_beyond_an_edge() -> None:
    setting = found(25.0, node="320.0000 ", last="0").lit[0]
    assert setting.highest == setting.window.start, "it is dark only once it sets"
    second = TLE[1].replace("180.0000 ", "320.0000 ")[:-1] + "0"
    (then,) = tracks([Satellite(tle=(TLE[0], second))], Grid(setting.highest, 1.0, 1), OVER)
    assert setting.altitude_deg == pytest.approx(then.altitude_deg[0], abs=0.01)


def test_one_that_is_high_in_the_shadow_alone_is_hidden() -> None:
    late = Window(EVENING.start + timedelta(hours=4), EVENING.start + timedelta(hours=9))
    night = found(25.0, late, node=" 60.0000 ", last="1")
    assert (night.lit, night.hidden) == ((), True)
    assert not found(25.0).hidden


def test_one_that_never_comes_up_is_not_hidden() -> None:
    never = found(89.9)
    assert (never.lit, never.hidden) == ((), False)
