"""In which half of the sky a target is; that mounts go by it too is held by `devices/simulated/test_sides.py`."""

from math import inf

import pytest

from obsy.engine.schedule.pier import RISING, SETTING, flips, half_of, tracks_on_s

DAY_S = 86164.0905
"""Of 24 sidereal hours (Astronomical Almanac 2026, 1e-4 s)."""


@pytest.mark.parametrize(
    ("hour_angle_h", "later_s", "half"),
    [
        (-1e-9, 0.0, RISING),
        (0.0, 0.0, SETTING),
        (-1.0, DAY_S / 24 - 0.01, RISING),
        (-1.0, DAY_S / 24 + 0.01, SETTING),
        (1.0, -DAY_S / 24 + 0.01, SETTING),
        (1.0, -DAY_S / 24 - 0.01, RISING),
        (11.999, 0.0, SETTING),
        (11.999, 60.0, RISING),  # past its lower culmination: the mount says -11.984 h
        (-11.99, 0.0, RISING),
        (-11.99, -60.0, SETTING),
    ],
)
def test_the_half_is_where_the_target_is_when_the_mount_is_sent(hour_angle_h: float, later_s: float, half: int) -> None:
    assert half_of(hour_angle_h, later_s) == half


def test_a_half_is_the_sign_of_the_hour_angle() -> None:
    assert [half_of(hour_angle_h) for hour_angle_h in (-0.00001, 0.00001)] == [-1, 1]


@pytest.mark.parametrize(
    ("hour_angle_h", "lasts_s"), [(-1.0, DAY_S / 24 + 600.0), (0.0, 600.0), (0.1, 600 - DAY_S / 240)]
)
def test_a_mount_in_the_east_tracks_as_far_past_the_meridian_as_it_may(hour_angle_h: float, lasts_s: float) -> None:
    assert tracks_on_s(RISING, hour_angle_h, 600.0) == pytest.approx(lasts_s, abs=1e-3)
    assert tracks_on_s(SETTING, hour_angle_h, 600.0) == tracks_on_s(RISING, hour_angle_h, None) == inf


@pytest.mark.parametrize(
    ("last", "to", "past_s", "turns"),
    [
        (RISING, SETTING, 0.0, True),
        (SETTING, RISING, 600.0, True),
        (SETTING, SETTING, 0.0, False),
        (RISING, SETTING, None, False),
    ],
)
def test_a_mount_flips_only_from_side_to_side_and_only_if_it_must(
    last: int, to: int, past_s: float | None, turns: bool
) -> None:
    assert flips(last, to, past_s) == turns
