"""A mount that tracks past its limits is seen, and one that slews, stands or is parked is left alone."""

import asyncio
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from erfa import ae2hd
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.devices.ports import MountState, Pier
from obsy.engine.events import Event
from obsy.engine.safety.limits import hour_angle, keep_within_limits, why_past
from obsy.engine.safety.shelter import ShelteredMount
from obsy.errors import DeviceError
from tests.support.fakes import FakeMount
from tests.support.safety import NERPIO, NIGHT, Shed, a_mount

GEM = a_mount()
"""It reaches down to 15 deg, may track for 10 min past the meridian, and slews for at most 98 s."""
TRACKS = MountState(parked=False, tracking=True, altitude_deg=60.0, azimuth_deg=150.0, pier=Pier.WEST)


@given(st.floats(-90.0, 90.0), st.floats(0.0, 360.0), st.floats(-89.0, 89.0))
def test_the_hour_angle_is_erfas(altitude: float, azimuth: float, latitude: float) -> None:
    theirs, _ = ae2hd(*np.radians([azimuth, altitude, latitude]))
    ours = np.radians(hour_angle(altitude, azimuth, latitude))
    if abs(altitude) < 89.9 and abs(altitude - abs(latitude)) > 0.1:
        assert abs(np.angle(np.exp(1j * (theirs - ours)))) < 1e-6


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, ""),
        ({"altitude_deg": 13.9}, "tracks at 13.9 deg, and reaches down to 15 deg"),
        ({"altitude_deg": 14.1}, ""),
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


@dataclass
class Saying(FakeMount):
    """Tracks where it is told to, until it is stopped; silent where that is None."""

    says: MountState | None = TRACKS
    obeys: bool = True
    stopped_s: list[float] = field(default_factory=list)

    def state_now(self) -> MountState:
        if self.says is None:
            raise DeviceError("silent")
        return replace(self.says, tracking=False) if self.stopped_s and self.obeys else self.says

    async def stop(self) -> None:
        self.stopped_s.append((self.clock.now() - NIGHT).total_seconds())


@dataclass
class Told:
    """What is said, and when, s, and what is found violated."""

    said: list[tuple[str, float]] = field(default_factory=list)
    violated: list[str] = field(default_factory=list)


def watched(mount: Saying, shed: Shed, *seen: MountState | None, place: bool = True) -> Told:
    """Watch a mount that is elsewhere each half minute."""
    told = Told()
    sheltered = (ShelteredMount(GEM, mount),)
    shelter = replace(shed.shelter, mounts=sheltered, place=NERPIO if place else None)

    def say(event: Event) -> None:
        told.said.append((str(event.facts()["reason"]), shed.elapsed_s))

    async def play() -> None:
        watch = asyncio.ensure_future(keep_within_limits(shelter, say, told.violated.append))
        for mount.says in seen:
            await shed.clock.sleep(30.0)
        await asyncio.sleep(0)
        watch.cancel()

    shed.run(play())
    return told


LOW = replace(TRACKS, altitude_deg=3.0)
WORDS = "the mount 'gem' tracks at 3.0 deg, and reaches down to 15 deg"


def test_a_mount_that_tracks_past_its_limit_for_longer_than_a_slew_is_stopped_and_people_are_called() -> None:
    shed = Shed()
    mount = Saying(shed.clock)
    told = watched(mount, shed, *[LOW] * 9)
    assert told.said == [(f"{WORDS}: it is stopped", 120.0)]
    assert (mount.stopped_s, told.violated) == ([120.0], [])


def test_one_that_tracks_on_all_the_same_is_made_safe() -> None:
    shed = Shed()
    mount = Saying(shed.clock, obeys=False)
    told = watched(mount, shed, *[LOW] * 6)
    assert len(told.said) == 1
    assert set(told.violated) == {f"{WORDS}; it was told to stop"}
    assert mount.stopped_s[:2] == [120.0, 150.0]


@pytest.mark.parametrize("between", [TRACKS, None])
def test_a_slew_may_pass_the_limits(between: MountState | None) -> None:
    shed = Shed()
    mount = Saying(shed.clock)
    told = watched(mount, shed, LOW, LOW, LOW, between, LOW, LOW, LOW, TRACKS)
    assert (told.said, mount.stopped_s) == ([], [])


def test_where_nobody_knows_where_it_stands_nothing_is_judged() -> None:
    shed = Shed()
    assert watched(Saying(shed.clock), shed, *[LOW] * 6, place=False) == Told()
