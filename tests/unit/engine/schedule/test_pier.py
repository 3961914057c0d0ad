"""On which side of its pier a mount hangs; that mounts decide alike is held by `devices/simulated/test_sides.py`."""

from math import inf

import pytest

from obsy.engine.schedule.pier import EAST, WEST, flips, side_of, tracks_on_s

DAY_S = 86164.0905
"""Of 24 sidereal hours (Astronomical Almanac 2026, 1e-4 s)."""


@pytest.mark.parametrize(
    ("hour_angle_h", "later_s", "side"),
    [
        (-1e-9, 0.0, EAST),
        (0.0, 0.0, WEST),
        (-1.0, DAY_S / 24 - 0.01, EAST),
        (-1.0, DAY_S / 24 + 0.01, WEST),
        (1.0, -DAY_S / 24 + 0.01, WEST),
        (1.0, -DAY_S / 24 - 0.01, EAST),
    ],
)
def test_the_side_is_that_of_the_target_when_the_mount_is_sent(hour_angle_h: float, later_s: float, side: int) -> None:
    assert side_of(hour_angle_h, later_s) == side


def test_a_side_is_the_sign_of_the_hour_angle() -> None:
    assert [side_of(hour_angle_h) for hour_angle_h in (-0.00001, 0.00001)] == [-1, 1]


@pytest.mark.parametrize(
    ("hour_angle_h", "lasts_s"), [(-1.0, DAY_S / 24 + 600.0), (0.0, 600.0), (0.1, 600 - DAY_S / 240)]
)
def test_a_mount_in_the_east_tracks_as_far_past_the_meridian_as_it_may(hour_angle_h: float, lasts_s: float) -> None:
    assert tracks_on_s(EAST, hour_angle_h, 600.0) == pytest.approx(lasts_s, abs=1e-3)
    assert tracks_on_s(WEST, hour_angle_h, 600.0) == tracks_on_s(EAST, hour_angle_h, None) == inf


@pytest.mark.parametrize(
    ("last", "to", "past_s", "turns"),
    [(EAST, WEST, 0.0, True), (WEST, EAST, 600.0, True), (WEST, WEST, 0.0, False), (EAST, WEST, None, False)],
)
def test_a_mount_flips_only_from_side_to_side_and_only_if_it_must(
    last: int, to: int, past_s: float | None, turns: bool
) -> None:
    assert flips(last, to, past_s) == turns
