"""Which part of a transit fits into the times that are free."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from obsy.engine.choice.transits.parts import accepted, flip, highest, share_of
from obsy.engine.declare.survey import declare
from obsy.engine.declare.target import Ephemeris
from obsy.engine.schedule.cover import CoverGoal
from obsy.engine.sky.body import Fixed
from obsy.engine.sky.grid import Grid, Window
from obsy.engine.sky.track import Track
from obsy.engine.sky.transit import Transit
from obsy.schemas.mount import Mount
from obsy.schemas.site import Location

MIDDLE, HOUR = datetime(2026, 12, 11, tzinfo=UTC), timedelta(hours=1)
EVENT = Transit(MIDDLE - HOUR, MIDDLE, MIDDLE + HOUR)
GOAL = CoverGoal(
    Ephemeris(2461385.5, 3.0, 2.0), Fixed(75.0, 20.0), Location(38.0, -2.0, 0.0), HOUR, 60.0, accept="either"
)


def hours(start: float, end: float) -> Window:
    return Window(MIDDLE + start * HOUR, MIDDLE + end * HOUR)


@pytest.mark.parametrize(
    ("free", "part"),
    [
        ([hours(-2, 2)], "whole"),
        ([hours(-2, 1.9)], "ingress"),
        ([hours(-1.9, 2)], "egress"),
        ([hours(-3, 0), hours(0, 3)], "either"),
        ([hours(-1.9, 1.9)], None),
        ([], None),
    ],
)
def test_the_whole_is_wanted_in_one_go_else_a_half(free: list[Window], part: str | None) -> None:
    assert accepted(GOAL, EVENT, free) == part


def test_the_share_of_a_part_adds_up_over_all_that_is_free() -> None:
    assert share_of(hours(-1, 1), [hours(-2, -0.5), hours(0.5, 0.75)]) == pytest.approx(0.375)
    assert share_of(hours(0, 0), []) == 1.0 and share_of(hours(-1, 1), [hours(2, 3)]) == 0.0


def rising() -> Track:
    grid = Grid.over(MIDDLE - 2 * HOUR, MIDDLE + 2 * HOUR, 60.0)
    hour = (grid.seconds - 3600) / 3600  # at the meridian an hour before the middle
    return Track.partly(grid, altitude_deg=80 - 10 * np.abs(hour), hour_angle_h=hour)


def test_it_is_judged_in_its_middle_or_where_it_is_highest_of_what_is_left() -> None:
    track = rising()
    assert track.grid.at(highest(track, hours(-2, 2), [hours(-2, 2)], MIDDLE)) == MIDDLE
    assert track.grid.at(highest(track, hours(-2, 2), [hours(-2, -0.5)], MIDDLE)) == MIDDLE - HOUR


def test_a_mount_that_flips_does_so_on_the_meridian(root) -> None:
    mount: Mount = declare(root).instruments[0].mount
    assert flip(rising(), hours(-2, 2), mount) == MIDDLE - HOUR
    assert flip(rising(), hours(-0.5, 2), mount) is None
    assert flip(rising(), hours(-2, 2), mount.model_copy(update={"meridian": None})) is None
