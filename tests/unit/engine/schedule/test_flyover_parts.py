"""On one side of its pier a German mount takes a part of a flyover, and beside what is taken what is left."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from obsy.engine.schedule.flyover_parts import FlyoverPart, parts, parts_beside
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.pier import RISING, SETTING
from obsy.engine.schedule.request import FlyoverTaken
from obsy.engine.sky.flyover import Flyover, flyovers
from obsy.engine.sky.grid import Window
from obsy.engine.sky.track import Track
from obsy.schemas.target import Satellite
from tests.support.satellites import OVER, TLE

ONE = Satellite(tle=TLE)
OTHER = Satellite(tle=(TLE[0].replace("99001", "99002")[:-1] + "7", TLE[1].replace("99001", "99002")[:-1] + "5"))
GERMAN = Overheads(4.0, 8.0, 4.0, 2.0, 60.0, 180.0, 600.0, aims_s=13.0)
FORK = Overheads(4.0, 8.0, 4.0, 2.0, 60.0, 0.0, None, aims_s=13.0)
SPAN = Window(datetime(2026, 11, 21, 17, 20, tzinfo=UTC), datetime(2026, 11, 21, 19, 20, tzinfo=UTC))
START = datetime(2026, 11, 21, 18, tzinfo=UTC)


@pytest.fixture(scope="module")
def flown() -> tuple[Flyover, Track]:
    found = flyovers(ONE, (), SPAN, OVER)
    at = int(np.argmax(found.track.altitude_deg))
    middle = found.track.grid.at(at)
    window = Window(middle - timedelta(minutes=4), middle + timedelta(minutes=4))
    return Flyover(window, middle, 60.0), found.track


def test_a_mount_without_sides_takes_a_flyover_whole(flown: tuple[Flyover, Track]) -> None:
    assert [each.flyover for each in parts(*flown, FORK)] == [flown[0]]


def test_a_german_mount_takes_it_in_parts_in_none_of_which_it_changes_sides(flown: tuple[Flyover, Track]) -> None:
    flyover, track = flown
    found = list(parts(flyover, track, GERMAN))
    assert [each.half for each in found] == [SETTING, RISING]
    assert (found[0].flyover.window.start, found[-1].flyover.window.end) == (flyover.window.start, flyover.window.end)
    lost = found[1].flyover.window.start - found[0].flyover.window.end
    assert timedelta() < lost <= 2 * timedelta(seconds=track.grid.step_s)
    for each in found:
        within = slice(track.grid.index(each.flyover.window.start) + 1, track.grid.index(each.flyover.window.end) + 1)
        setting = track.hour_angle_h[within] % 24 <= 12
        assert setting.all() if each.half == SETTING else not setting.any()


def test_where_a_satellite_goes_west_it_is_taken_once_the_mount_that_is_sent_ahead_goes_there_by_its_side() -> None:
    found = flyovers(ONE, (), SPAN, OVER)
    grid = found.track.grid
    angles = np.linspace(-0.1, 0.1, grid.count)
    west = Track(**{**{f: getattr(found.track, f) for f in found.track.__dataclass_fields__}, "hour_angle_h": angles})
    first, second = parts(Flyover(Window(grid.start, grid.end), grid.start, 60.0), west, GERMAN)
    assert (first.half, second.half) == (RISING, SETTING)
    assert angles[grid.index(first.flyover.window.end)] < 0
    assert angles[grid.index(second.flyover.window.start)] > 150 * 1.0027 / 3600


@pytest.mark.parametrize(
    ("satellite", "half", "way_s"),
    [(ONE, SETTING, 17.0), (ONE, RISING, 197.0), (OTHER, SETTING, 62.0), (OTHER, RISING, 197.0)],
)
def test_what_is_taken_leaves_the_rest_and_time_for_the_way(satellite: Satellite, half: int, way_s: float) -> None:
    whole, taken = minutes(0, 20), minutes(8, 10)
    part = FlyoverPart(Flyover(whole, whole.start, 60.0), SETTING)
    left = parts_beside([part], ONE, [FlyoverTaken(satellite, taken, half)], GERMAN)
    way = timedelta(seconds=way_s)
    assert [each.flyover.window for each in left] == [
        Window(whole.start, taken.start - way),
        Window(taken.end + way, whole.end),
    ]


def test_where_all_is_taken_nothing_is_left() -> None:
    part = FlyoverPart(Flyover(minutes(4, 6), START, 60.0), SETTING)
    assert list(parts_beside([part], ONE, [FlyoverTaken(ONE, minutes(3, 7), SETTING)], FORK)) == []


def minutes(first: float, last: float) -> Window:
    return Window(START + timedelta(minutes=first), START + timedelta(minutes=last))
