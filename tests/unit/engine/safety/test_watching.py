"""The watch believes no command: what is not as it is meant to be is stopped, told and made safe, whoever fails."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from obsy.engine.devices.ports import MountState, Roof
from obsy.engine.safety import seeing, watching
from obsy.engine.safety.sun import Direction, why_against
from obsy.engine.safety.verdict import Verdict
from obsy.engine.safety.watching import StandingWatch
from obsy.schemas.policy import Safety
from tests.support.safety import NERPIO, NIGHT, NOON, SAFETY, Shed

OPENED = "the roof is meant to be closed, and its switches say 'open'"
SUN_AT_NOON = Direction(183.1, 31.9)
"""Of NOON at NERPIO, to 2 deg: azimuth and altitude."""


@dataclass
class Scene:
    """A shed that is watched."""

    shed: Shed
    safe: bool = True
    distrusted: list[str] = field(default_factory=list)

    def watch(self, seconds: float, **instead: Any) -> BaseException | None:
        """Watch for so long; return what ended it before."""
        shed = self.shed
        tools = {"distrust": self.distrusted.append, "log": shed.events.append, **instead}
        watch = StandingWatch(shed.shelter, lambda: Verdict(self.safe, "wet"), **tools)

        async def for_a_while() -> BaseException | None:
            task = asyncio.ensure_future(watch.watch())
            await asyncio.wait({task}, timeout=seconds)
            if task.done():
                return task.exception()
            task.cancel()
            await asyncio.wait({task})
            return None

        found: BaseException | None = shed.run(for_a_while())
        return found

    def alarms(self) -> list[str]:
        return [event.facts()["reason"] for event in self.shed.events if event.name == "alarm"]


def opened_by_itself(**what: Any) -> Scene:
    """A roof that is meant to be closed, and is not."""
    shed = Shed(lasts_s=1e6, **what).seen_closed()
    shed.shelter.stance.meant, shed.roof.at = Roof.CLOSED, 1.0
    return Scene(shed)


def closed(**what: Any) -> Scene:
    """A roof that is closed as it is meant to be."""
    shed = Shed(lasts_s=1e6, **what).seen_closed()
    shed.shelter.stance.meant = Roof.CLOSED
    return Scene(shed)


def test_what_is_as_it_is_meant_to_be_is_left_alone() -> None:
    for scene in (closed(), Scene(Shed(lasts_s=1e6).under_the_sky())):
        assert scene.watch(120.0) is None
        assert (scene.distrusted, scene.shed.events, scene.shed.roof.moved) == ([], [], [])


def test_a_roof_that_opened_by_itself_is_told_of_and_closed() -> None:
    scene = opened_by_itself()
    assert scene.watch(100.0) is None
    assert (scene.distrusted, scene.alarms(), scene.shed.roof.at) == ([OPENED], [OPENED], 0.0)


def noting(told: list[str], device: Any, name: str) -> Callable[[], Awaitable[None]]:
    """A device's call that is noted before it is made."""
    call = getattr(device, name)

    async def note() -> None:
        told.append(f"{type(device).__name__}.{name}")
        await call()

    return note


def test_all_that_moves_is_told_to_stop_before_anything_else_is_told_to_move() -> None:
    scene, told = opened_by_itself(), []
    for device, names in ((scene.shed.roof, ("stop", "close")), (scene.shed.mounts[0], ("stop", "park"))):
        for name in names:
            setattr(device, name, noting(told, device, name))
    scene.shed.mounts[0].home = False
    assert scene.watch(100.0) is None
    assert sorted(told[:2]) == ["LyingMount.stop", "LyingRoof.stop"]
    assert {"LyingMount.park", "LyingRoof.close"} <= set(told[2:])


def test_from_the_first_moment_no_mount_may_move(monkeypatch: pytest.MonkeyPatch) -> None:
    scene, meant = opened_by_itself(), []
    monkeypatch.setattr(watching, "make_safe", lambda *_: asyncio.sleep(1e5))
    assert scene.watch(100.0, distrust=lambda _: meant.append(scene.shed.shelter.stance.meant)) is None
    assert meant == [Roof.UNKNOWN]


def break_it(*_: object) -> None:
    raise ZeroDivisionError


@pytest.mark.parametrize("tool", ["distrust", "log"])
def test_whoever_cannot_be_told_keeps_no_roof_open(tool: str) -> None:
    scene = opened_by_itself()
    assert scene.watch(100.0, **{tool: break_it}) is None
    assert scene.shed.roof.at == 0.0


def test_a_stop_that_breaks_keeps_no_roof_open(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = opened_by_itself()
    monkeypatch.setattr("obsy.engine.safety.moving.stop", break_it)
    assert scene.watch(100.0) is None
    assert scene.shed.roof.at == 0.0


class Mute:
    """What cannot be printed or reckoned with."""

    def __repr__(self) -> str:
        raise ValueError("no words")


@pytest.mark.parametrize("answer", [{"parked": Mute()}, Mute(), MountState(True, False, Mute(), 0.0)])  # type: ignore[arg-type]
def test_an_answer_that_cannot_be_printed_ends_no_watch(answer: object) -> None:
    scene = opened_by_itself()
    keep = scene.shed.mounts[0].state

    async def state() -> Any:
        return answer if scene.shed.elapsed_s < 60.0 else await keep()

    scene.shed.mounts[0].state = state  # type: ignore[method-assign]
    assert scene.watch(300.0) is None
    assert scene.shed.roof.at == 0.0


def test_what_cannot_be_watched_is_made_safe(monkeypatch: pytest.MonkeyPatch) -> None:
    scene, look = closed(), seeing.roof

    async def once_broken(shelter: Any) -> Roof:
        monkeypatch.setattr(seeing, "roof", look)
        raise ZeroDivisionError

    monkeypatch.setattr(seeing, "roof", once_broken)
    assert scene.watch(30.0) is None
    assert scene.alarms() == ["the roof cannot be watched: ZeroDivisionError()"]


def test_by_the_choice_of_the_policy_it_closes_over_a_mount_only_while_it_is_unsafe() -> None:
    choice = Safety.model_validate(
        {"limits": {"rain": "above 0 mm/h"}, "dwell": "10 min", "if_not_parked": "close after 1 min"}
    )
    for safe in (True, False):
        scene = opened_by_itself(policy=choice)
        scene.safe = safe
        scene.shed.mounts[0].home = False
        scene.shed.mounts[0].lies.tell("park", "refuses")
        assert scene.watch(300.0) is None
        assert (scene.shed.roof.at == 0.0) is not safe


def test_a_mount_that_leaves_its_park_under_a_closed_roof_is_stopped_and_told_of_once() -> None:
    scene, stopped = closed(), []
    mount = scene.shed.mounts[0]

    async def stop() -> None:
        stopped.append(scene.shed.elapsed_s)

    mount.stop, mount.home = stop, False  # type: ignore[method-assign]
    assert scene.watch(600.0) is None
    (why,) = scene.alarms()
    assert why.startswith("under the closed roof the mount 'gem-0' is not parked")
    assert scene.distrusted == [why]
    assert stopped == [1.0]
    assert not mount.home
    assert scene.shed.roof.moved == []


def test_a_mount_that_goes_on_moving_under_a_closed_roof_is_stopped_again_and_again() -> None:
    scene, stopped = closed(), []
    mount = scene.shed.mounts[0]

    async def state() -> MountState:
        return MountState(False, False, min(60.0, scene.shed.elapsed_s), 0.0)

    async def stop() -> None:
        stopped.append(scene.shed.elapsed_s)

    mount.stop, mount.state = stop, state  # type: ignore[method-assign]
    assert scene.watch(10.5) is None
    assert stopped == [float(second) for second in range(1, 11)]
    assert len(scene.alarms()) == 1


def test_a_mount_that_comes_home_and_leaves_again_is_told_of_again() -> None:
    scene = closed()
    mount, keep = scene.shed.mounts[0], scene.shed.mounts[0].state

    async def state() -> MountState:
        mount.home = 10.0 < scene.shed.elapsed_s < 20.0
        return await keep()

    mount.state = state  # type: ignore[method-assign]
    assert scene.watch(40.0) is None
    assert len(scene.alarms()) == 2


@pytest.mark.parametrize("lie", ["silent", "refuses"])
def test_a_mount_that_is_silent_calls_nobody_and_delays_no_look_at_the_roof(lie: str) -> None:
    scene = closed()
    scene.shed.mounts[0].lies.tell("state", lie)
    assert scene.watch(60.0) is None
    assert scene.alarms() == []
    scene = opened_by_itself(clearance="free")
    scene.shed.mounts[0].lies.tell("state", lie)
    assert scene.watch(3.0) is None
    assert scene.alarms() == [OPENED]


def test_under_a_roof_that_clears_it_a_mount_may_stand_anywhere() -> None:
    scene = closed(clearance="free")
    scene.shed.mounts[0].home = False
    assert scene.watch(60.0) is None
    assert scene.alarms() == []


def pointing_at(scene: Scene, where: Direction) -> Scene:
    """The same, with every mount pointing there, and a roof that does not close."""

    async def state() -> MountState:
        return MountState(False, True, where.latitude, where.longitude)

    for mount in scene.shed.mounts:
        mount.state, mount.home = state, False  # type: ignore[method-assign]
    scene.shed.shelter.stance.meant = Roof.UNKNOWN
    return scene


def by_day(where: Direction = SUN_AT_NOON, at: float = 1.0, **what: Any) -> Scene:
    scene = pointing_at(closed(start=NOON, **what), where)
    scene.shed.roof.at = at
    return scene


def test_by_day_a_mount_that_points_at_the_sun_under_a_roof_that_is_not_closed_is_told_of() -> None:
    for clearance in ("parked", "free"):
        scene = by_day(clearance=clearance)
        assert scene.watch(60.0) is None
        (why,) = scene.alarms()
        assert why.startswith("the mount 'gem-0' points within")
        assert "of the Sun; the policy says farther than 30 deg" in why


def away(azimuth_deg: float) -> Direction:
    return Direction(azimuth_deg, SUN_AT_NOON.latitude)


def without_a_place(scene: Scene) -> Scene:
    scene.shed.shelter = replace(scene.shed.shelter, place=None)
    return scene


@pytest.mark.parametrize(
    "scene",
    [
        lambda: by_day(away(90.0)),
        lambda: by_day(at=0.0),
        lambda: pointing_at(closed(start=NIGHT), SUN_AT_NOON),
        lambda: without_a_place(by_day()),
    ],
)
def test_away_from_the_sun_or_under_a_closed_roof_or_by_night_nobody_is_called(scene: Callable[[], Scene]) -> None:
    made = scene()
    assert made.watch(60.0) is None
    assert made.alarms() == []


def test_the_angle_from_the_sun_is_what_it_is() -> None:
    for off_deg in (0.0, 20.0, 28.0, 32.0, 90.0):
        pointing = Direction(SUN_AT_NOON.longitude, SUN_AT_NOON.latitude + off_deg)
        assert bool(why_against(SAFETY.sun, NERPIO, pointing, NOON)) is (off_deg < 30.0)
    assert why_against(SAFETY.sun, NERPIO, SUN_AT_NOON, NIGHT) == ""
