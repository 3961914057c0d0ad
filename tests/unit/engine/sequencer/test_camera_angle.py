"""A camera is turned as a plan asks, by what its stars say, whatever its rotator believes or claims."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import nan
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.devices.directions import off_turn_deg
from obsy.engine.devices.ports import Exposure, Job, Pointing, SolvedPointing
from obsy.engine.events import Event
from obsy.engine.events.observing import PointingUnknown
from obsy.engine.events.turning import CameraTurned, TurningFailed
from obsy.engine.sequencer.bounded import bounded
from obsy.engine.sequencer.camera_angle import CameraAngle, way_deg
from obsy.engine.sequencer.devices import ImagingDevices
from obsy.engine.sequencer.setting_up import SOLVED_S
from obsy.errors import DeviceError
from obsy.schemas.rotator import Rotator
from tests.support.fakes import SetClock
from tests.support.stage import TRAIN

DUSK = datetime(2026, 11, 21, 18, tzinfo=UTC)
TARGET = Pointing(120.0, 60.0)
WHICH = {"train": "newton", "object": "M1", "block": "b"}
ZERO_DEG = 33.0
"""How the camera truly stands where the scale is 0."""
WIDE = "above 0 deg and below 360 deg"


def a_rotator(**declared: Any) -> Rotator:
    return Rotator.model_validate({"speed": "6 deg/s", "turn": "within 0.5 deg and at most 4 tries", **declared})


class Turned:
    """A camera on a rotator that truly turns; `does` says what becomes of a turn, `says` what it claims."""

    def __init__(self, folder: Path, *, backwards: bool = False, **declared: Any) -> None:
        self.clock = SetClock(DUSK)
        self.told: list[Event] = []
        self.turns: list[float] = []
        self.folder, self.place, self.blind = folder, 10.0, 0
        self.exposed: list[tuple[float, str | None]] = []
        self.way = -1.0 if backwards else 1.0
        self.upside_down = False
        self.does: Callable[[float], float] = lambda degrees: degrees
        self.says: Callable[[float], Any] = lambda place: place
        thing: Any = self
        train = TRAIN.model_copy(update={"rotator": a_rotator(**declared)})
        devices = ImagingDevices(train, thing, None, None, None, lambda path: 2.0, self.pointed, thing, rotator=thing)
        self.angle = CameraAngle(self.clock, bounded(devices), self.told.append)

    @property
    def looks(self) -> int:
        return len(self.exposed)

    @property
    def up_deg(self) -> float:
        return (ZERO_DEG + self.way * self.place + 180.0 * self.upside_down) % 360.0

    async def turn(self, degrees: float) -> None:
        self.turns.append(degrees)
        await self.clock.sleep(abs(degrees - self.place) / 6.0)
        self.place = self.does(degrees)

    async def position(self) -> Any:
        return self.says(self.place)

    async def expose(self, exposure: Exposure) -> Path:
        await self.clock.sleep(exposure.seconds)
        self.exposed.append((exposure.seconds, exposure.filter))
        path = self.folder / f"{self.looks}.fits"
        path.touch()
        return path

    def pointed(self, path: Path, believed: Pointing, scale_arcsec: float) -> Pointing | str:
        self.blind -= 1
        return "no stars" if self.blind >= 0 else SolvedPointing(120.0, 60.0, up_deg=self.up_deg)

    def submit(self, work: Any, *args: Any) -> Any:
        done: Future[Any] = Future()
        done.set_result(work(*args))
        return done

    def reach(self, wanted_deg: float | None, within_s: float = 900.0) -> list[str]:
        exposure = Exposure("light", 60.0, "L", 0, 0, 1, "M1")
        until = self.clock.now() + timedelta(seconds=within_s)
        job = Job("newton", "M1", TARGET, exposure, 1, until, angle_deg=wanted_deg)
        asyncio.run(self.angle.reach(job, TARGET, until, WHICH))
        return [each.name for each in self.told]

    def of(self, kind: type[Event]) -> list[Any]:
        return [each for each in self.told if isinstance(each, kind)]


def test_it_turns_by_what_the_stars_say_and_looks_again(tmp_path: Path) -> None:
    camera = Turned(tmp_path)
    assert camera.reach(90.0) == ["angle-measured", "angle-measured", "camera-turned"]
    assert off_turn_deg(camera.up_deg, 90.0, 180.0) < 0.01
    assert len(camera.turns) == 1
    (turned,) = camera.of(CameraTurned)
    assert (turned.off_deg, turned.tries, turned.rotator_deg) == (0.0, 2, 57.0)


def test_upside_down_is_well_and_moves_nothing(tmp_path: Path) -> None:
    camera = Turned(tmp_path)
    camera.upside_down = True
    assert camera.reach(43.2) == ["angle-measured", "camera-turned"]
    assert camera.turns == []


def test_what_nothing_turns_is_left(tmp_path: Path) -> None:
    camera = Turned(tmp_path)
    assert (camera.reach(None), camera.looks) == ([], 0)


def test_where_it_was_seen_well_it_is_not_looked_at_again_until_it_has_been_turned(tmp_path: Path) -> None:
    camera = Turned(tmp_path)
    camera.reach(90.0)
    camera.told.clear()
    assert (camera.reach(270.0), camera.looks) == ([], 2)
    camera.place += 3.0  # by hand
    assert camera.reach(90.0) == ["angle-measured", "camera-turned"]
    assert camera.looks == 3
    assert off_turn_deg(camera.up_deg, 90.0, 180.0) < 0.01


def test_for_another_angle_it_is_turned_by_its_scale_before_it_looks(tmp_path: Path) -> None:
    camera = Turned(tmp_path)
    camera.reach(90.0)
    camera.told.clear()
    assert camera.reach(20.0) == ["angle-measured", "camera-turned"]
    assert off_turn_deg(camera.up_deg, 20.0, 180.0) < 0.01


def test_one_that_counts_the_other_way_than_declared_is_found_out_and_told(tmp_path: Path) -> None:
    camera = Turned(tmp_path, backwards=True)
    names = camera.reach(40.0)
    assert names[-1] == "camera-turned"
    assert off_turn_deg(camera.up_deg, 40.0, 180.0) < 0.5
    right = Turned(tmp_path, backwards=True, counts="west")
    right.reach(40.0)
    assert len(right.turns) == 1
    told = Turned(tmp_path, backwards=True, turn="within 0.5 deg and at most 2 tries")
    told.reach(40.0)
    (failed,) = told.of(TurningFailed)
    assert failed.reason.endswith("it turns the other way than declared: write 'counts: west' in its rotator")


@pytest.mark.parametrize(
    ("does", "says", "reason"),
    [
        (lambda degrees: 10.0, lambda place: place, "33.0 deg off after 4 looks"),  # noqa: ARG005 never arrives
        (lambda degrees: 10.0, lambda place: 43.0, "33.0 deg off after 4 looks"),  # noqa: ARG005 and claims to
        (lambda degrees: degrees, lambda place: nan, "answered nan, which is no angle"),  # noqa: ARG005
        (lambda degrees: degrees, lambda place: "north", "answered 'north', which is no angle"),  # noqa: ARG005
        (lambda degrees: degrees, lambda place: 1e9, "answered 1000000000.0, which is no angle"),  # noqa: ARG005
        (lambda degrees: degrees - 20.0, lambda place: place, "20.0 deg off after 4 looks"),  # jumps back
    ],
)
@pytest.mark.parametrize("gives_up", [False, True])
def test_a_rotator_that_lies_costs_the_block_only_where_that_is_declared(
    tmp_path: Path, does: Any, says: Any, reason: str, gives_up: bool
) -> None:
    told = "within 0.5 deg and at most 4 tries" + " and otherwise give up" * gives_up
    camera = Turned(tmp_path, turn=told)
    camera.does, camera.says = does, says
    if gives_up:
        with pytest.raises(DeviceError, match="the camera could not be turned for M1: "):
            camera.reach(76.0)
    else:
        camera.reach(76.0)
    (failed,) = camera.of(TurningFailed)
    assert reason in failed.reason
    assert failed.then == ("gives up" if gives_up else "goes on")
    assert camera.looks <= 4


def test_a_turn_that_fails_is_told_and_what_it_knew_counts_no_more(tmp_path: Path) -> None:
    camera = Turned(tmp_path)
    camera.reach(90.0)

    def breaks(degrees: float) -> float:
        raise DeviceError(f"stuck on the way to {degrees:g}")

    camera.does = breaks
    assert camera.reach(10.0)[-1] == "turning-failed"
    assert "stuck on the way" in camera.of(TurningFailed)[0].reason
    camera.does = lambda degrees: degrees
    looks = camera.looks
    camera.reach(90.0)
    assert camera.looks > looks


def test_a_sky_without_stars_ends_it_in_time(tmp_path: Path) -> None:
    camera = Turned(tmp_path)
    camera.blind = 99
    assert camera.reach(90.0) == ["pointing-unknown"] * 4 + ["turning-failed"]
    assert camera.exposed == [(5.0, "L"), (10.0, "L"), (20.0, "L"), (20.0, "L")]
    assert [each.reason for each in camera.of(PointingUnknown)] == ["no stars"] * 4
    late = Turned(tmp_path)
    late.reach(90.0, within_s=8.0)
    assert (late.looks, late.of(TurningFailed)[0].reason) == (0, "there was no time")
    just = Turned(tmp_path)
    just.reach(90.0, within_s=5.0 + TRAIN.camera.download + SOLVED_S)
    assert just.looks == 1


def test_north_up_is_an_angle_too_and_where_it_stands_is_told_to_a_hundredth(tmp_path: Path) -> None:
    camera = Turned(tmp_path)
    camera.place = 10.123456
    camera.reach(0.0)
    assert off_turn_deg(camera.up_deg, 0.0, 180.0) < 0.01
    (turned,) = camera.of(CameraTurned)
    assert turned.rotator_deg == 147.0
    assert camera.angle.stands_deg == pytest.approx(147.0)
    camera.says = lambda place: nan  # noqa: ARG005
    camera.reach(0.0)
    assert camera.angle.stands_deg is None


def test_a_solver_that_tells_no_angle_turns_nothing(tmp_path: Path) -> None:
    camera = Turned(tmp_path, turn="within 0.5 deg and at most 1 tries")
    camera.angle._devices = replace(camera.angle._devices, pointed=lambda *_: TARGET)
    camera.reach(90.0)
    assert camera.of(TurningFailed)[0].reason == "the solver tells no angle"
    assert camera.turns == []


def test_one_that_stays_is_not_taken_for_one_that_turns_backwards(tmp_path: Path) -> None:
    camera = Turned(tmp_path)
    camera.does = lambda degrees: 10.0  # noqa: ARG005
    camera.reach(76.0)
    assert camera.of(TurningFailed)[0].reason == "it is 33.0 deg off after 4 looks"
    once = Turned(tmp_path, turn="within 0.5 deg and at most 1 tries")
    once.reach(76.0)
    assert (once.of(TurningFailed)[0].reason, once.turns) == ("it is 33.0 deg off after 1 look", [])


def test_a_train_without_a_rotator_has_no_angle_to_reach(tmp_path: Path) -> None:
    devices = Turned(tmp_path).angle._devices
    for bare in (replace(devices, rotator=None), replace(devices, train=TRAIN)):
        with pytest.raises(ValueError, match="has no rotator"):
            CameraAngle(SetClock(DUSK), bare, print)


@given(st.floats(0.0, 360.0), st.floats(-400.0, 400.0), st.floats(0.0, 180.0), st.floats(180.0, 360.0))
def test_every_angle_lies_within_half_a_turn_of_range(here: float, by: float, low: float, wide: float) -> None:
    declared = a_rotator(range={"above": f"{low} deg", "below": f"{min(360.0, low + wide)} deg"})
    place = way_deg(here, by, declared)
    assert declared.range is not None
    assert declared.range.above <= place <= declared.range.below
    assert off_turn_deg(place, here + by, 180.0) < 1e-6


def test_the_nearer_of_two_places_is_taken(tmp_path: Path) -> None:
    assert way_deg(170.0, 20.0, a_rotator()) == 190.0
    assert way_deg(350.0, 20.0, a_rotator()) == 190.0
    assert way_deg(350.0, 20.0, a_rotator(range="above 0 deg and below 185 deg")) == 10.0
