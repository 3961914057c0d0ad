"""A mount that tracks on past its limits is stopped, people are called once, and one that goes on is made safe."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from obsy.engine.devices.ports import MountState, Pier, Roof
from obsy.engine.safety.beneath import MountWatch
from obsy.engine.safety.shelter import ShelteredMount
from obsy.engine.safety.watching import RoofWatch
from obsy.errors import DeviceError
from tests.support.fakes import FakeMount
from tests.support.safety import NERPIO, NIGHT, Shed, a_mount

GEM = a_mount()
"""It reaches down to 15 deg, and slews for at most 98 s."""
TRACKS = MountState(parked=False, tracking=True, altitude_deg=60.0, azimuth_deg=150.0, pier=Pier.WEST)


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
    """What people are called for, what is unsafe besides, and what the roof is made safe for; and when, s."""

    said: list[tuple[str, float]] = field(default_factory=list)
    unsafe: list[tuple[str, float]] = field(default_factory=list)
    violated: list[tuple[str, float]] = field(default_factory=list)


def watched(mount: Saying, shed: Shed, *seen: MountState | None, place: bool = True, meant: Roof = Roof.OPEN) -> Told:
    """Look every second at a mount that is elsewhere each half minute, under a roof that is meant to be open."""
    told = Told()
    sheltered = ShelteredMount(GEM, mount)
    shelter = replace(shed.shelter, mounts=(sheltered,), place=NERPIO if place else None)
    shelter.stance.meant = meant

    def into(said: list[tuple[str, float]]) -> Callable[[str], None]:
        return lambda why: said.append((why, shed.elapsed_s))

    async def play() -> None:
        hears = (into(told.said), into(told.unsafe), into(told.violated))
        watch = MountWatch(sheltered, RoofWatch(shelter), *hears)
        for mount.says in seen:
            for _ in range(30):
                await watch.look()
                await shed.clock.sleep(1.0)

    shed.run(play())
    return told


LOW = replace(TRACKS, altitude_deg=3.0)
WORDS = "the mount 'gem' tracks at 3.0 deg, and reaches down to 15 deg"


def test_a_mount_that_tracks_past_its_limit_for_longer_than_a_slew_is_stopped_and_people_are_called() -> None:
    shed = Shed()
    mount = Saying(shed.clock)
    told = watched(mount, shed, *[LOW] * 9)
    assert told == Told(said=[(f"{WORDS}: it is stopped", 120.0)])
    assert mount.stopped_s == [120.0]


def test_one_that_tracks_on_all_the_same_is_made_safe() -> None:
    shed = Shed()
    mount = Saying(shed.clock, obeys=False)
    told = watched(mount, shed, *[LOW] * 8)
    assert len(told.said) == 1
    assert told.violated == [(f"{WORDS}; it was told to stop", 150.0)], "once, however long it goes on"
    assert mount.stopped_s == [120.0, 150.0, 180.0, 210.0]


@pytest.mark.parametrize("between", [TRACKS, None])
def test_a_slew_may_pass_the_limits(between: MountState | None) -> None:
    shed = Shed()
    mount = Saying(shed.clock)
    told = watched(mount, shed, LOW, LOW, LOW, between, LOW, LOW, LOW, TRACKS)
    assert (told.said, mount.stopped_s) == ([], [])


def test_one_that_comes_back_within_its_limits_and_passes_them_again_is_told_of_again() -> None:
    shed = Shed()
    told = watched(Saying(shed.clock, obeys=False), shed, *[LOW] * 5, TRACKS, *[LOW] * 5)
    assert [at_s for _, at_s in told.said] == [120.0, 300.0]
    assert told.violated == []


def test_under_a_roof_that_is_being_made_safe_the_limits_are_left_to_whoever_parks() -> None:
    shed = Shed()
    assert watched(Saying(shed.clock), shed, *[LOW] * 6, meant=Roof.UNKNOWN) == Told()


def test_a_mount_that_says_nothing_for_a_minute_under_an_open_roof_is_told_of_once() -> None:
    shed = Shed()
    told = watched(Saying(shed.clock), shed, TRACKS, *[None] * 6, TRACKS, *[None] * 4)
    assert told == Told([("silent, nor anything for 60 s under the open roof", at_s) for at_s in (90.0, 300.0)])
    dome = Shed(clearance="free")
    assert watched(Saying(dome.clock), dome, *[None] * 6) == Told()


def test_where_nobody_knows_where_it_stands_nothing_is_judged() -> None:
    shed = Shed()
    assert watched(Saying(shed.clock), shed, *[LOW] * 6, place=False) == Told()


def test_a_mount_that_is_seen_out_of_its_park_under_a_closed_roof_is_unsafe_and_stopped() -> None:
    shed = Shed()
    mount = Saying(shed.clock)
    told = watched(mount, shed, TRACKS, meant=Roof.CLOSED)
    ((why, at_s),) = told.unsafe
    assert (at_s, mount.stopped_s, told.said, told.violated) == (0.0, [0.0], [], [])
    assert "gem" in why
