"""A mount that tracks past its limits is seen, and one that slews, stands or is parked is left alone."""

from dataclasses import replace

import erfa
import numpy as np
import pytest

from obsy.engine.devices.ports import MountState, Pier
from obsy.engine.safety.limits import why_past
from tests.support.safety import NERPIO, a_mount

GEM = a_mount()
"""It reaches down to 15 deg, may track for 10 min past the meridian, and slews for at most 98 s."""
TRACKS = MountState(parked=False, tracking=True, altitude_deg=60.0, azimuth_deg=150.0, pier=Pier.WEST)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, ""),
        ({"altitude_deg": 13.9}, "tracks at 13.9 deg, and reaches down to 15 deg"),
        ({"altitude_deg": 14.0}, ""),
        ({"azimuth_deg": 184.0}, ""),
        ({"azimuth_deg": 190.0}, "min past the meridian, and may for 10 min"),
        ({"azimuth_deg": 190.0, "pier": Pier.EAST}, ""),
        ({"azimuth_deg": 190.0, "pier": Pier.UNKNOWN}, ""),
        ({"azimuth_deg": 190.0, "tracking": None}, ""),
        ({"azimuth_deg": 190.0, "tracking": False}, ""),
        ({"altitude_deg": 0.0, "parked": True}, ""),
        ({"altitude_deg": None}, ""),
    ],
)
def test_a_mount_is_past_a_limit_only_while_it_tracks(changes: dict[str, object], told: str) -> None:
    why = why_past(GEM, replace(TRACKS, **changes), NERPIO)  # type: ignore[arg-type]
    assert told in why
    assert bool(why) is bool(told)


@pytest.mark.parametrize(("past_s", "told"), [(0.0, ""), (659.999, ""), (660.001, "tracks 11 min past the meridian")])
def test_a_block_may_end_a_minute_late_past_the_meridian(past_s: float, told: str) -> None:
    angles = np.radians([past_s * 360.0 / 86164.1, 10.0, NERPIO.latitude_deg])
    azimuth_deg, altitude_deg = map(float, np.degrees(erfa.hd2ae(*angles)))
    why = why_past(GEM, replace(TRACKS, altitude_deg=altitude_deg, azimuth_deg=azimuth_deg), NERPIO)
    assert told in why
    assert bool(why) is bool(told)
