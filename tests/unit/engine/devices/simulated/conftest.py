"""A small observatory in a temporary folder, and time that jumps."""

import asyncio
import selectors
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest

from obsy.engine.devices.simulated.parts import Parts
from obsy.engine.devices.simulated.world import World
from obsy.schemas.enclosure import Enclosure
from obsy.schemas.mount import Mount
from obsy.schemas.scenario import Scenario
from obsy.schemas.site import Site
from obsy.schemas.train import Train
from obsy.schemas.weather import Weather

T = TypeVar("T")
EVENING = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)


class Jumping(selectors.DefaultSelector):
    """Where a wall clock would wait, time moves on."""

    elapsed_s = 0.0

    def select(self, timeout: float | None = None) -> Any:
        ready = super().select(0)
        self.elapsed_s += 0 if ready else timeout or 0
        return ready


class JumpingLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self.jumping = Jumping()
        super().__init__(self.jumping)

    def time(self) -> float:
        return self.jumping.elapsed_s


@dataclass(frozen=True)
class TestClock:
    """A Clock on a JumpingLoop, to the millisecond."""

    __test__ = False
    start: datetime
    loop: JumpingLoop

    def now(self) -> datetime:
        return self.start + timedelta(milliseconds=round(self.loop.time() * 1000))

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(0.0, seconds))

    async def settle(self, work: "Future[T]", due: datetime) -> T:
        await self.sleep((due - self.now()).total_seconds())
        return work.result(60)


class AtOnce(Executor):
    """An executor that works while it is asked."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> "Future[T]":
        done: Future[T] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:
            done.set_exception(error)
        return done


@dataclass(frozen=True)
class FewStars:
    """Three stars around the place that was asked for are enough for most tests."""

    ra_deg: np.ndarray = field(default_factory=lambda: np.array([39.0, 39.1, 39.2]))
    dec_deg: np.ndarray = field(default_factory=lambda: np.array([41.0, 41.05, 40.95]))
    mag: np.ndarray = field(default_factory=lambda: np.array([8.0, 9.0, 10.0]))


def few_stars(ra_deg: float, dec_deg: float, radius_deg: float) -> FewStars:
    return FewStars()


def train(**camera: Any) -> Train:
    roles = ["L", "R", "V", "Ha"]
    return Train.model_validate(
        {
            "kind": "train",
            "name": "apo",
            "mount": "m",
            "telescope": {"aperture": "130 mm", "focal_length": "650 mm"},
            "camera": {
                "model": "A 256",
                "size": "256 x 192 px",
                "pixel": "5.4 um",
                "gain": 100,
                "offset": 50,
                "temperature": "-10 degC",
                "conversion": "0.8 e/ADU",
                "read_noise": "1.5 e",
                "dark_current": "0.02 e/s",
                "full_well": "50000 e",
                "pedestal": "500 ADU",
                "download": "2 s",
                "timeout": "30 s",
            }
            | camera,
            "filters": {"change": "3 s", "slots": [{"role": r, "label": f"{r} 50mm"} for r in roles]},
            "focuser": {
                "travel": "60000 steps",
                "best": "30000 steps",
                "drift": "-20 steps/degC",
                "sample": "100 steps",
                "every": "1 h",
            },
            "panel": {"settle": "5 s"},
        }
    )


def enclosure(**said: Any) -> Enclosure:
    plain = {"kind": "enclosure", "name": "roof", "site": "hill", "type": "roll-off"}
    return Enclosure.model_validate(plain | {"travel": "40 s", "timeout": "90 s"} | said)


def mount(**said: Any) -> Mount:
    plain = {
        "kind": "mount",
        "name": "m",
        "enclosure": "roof",
        "type": "german-equatorial",
        "slew": "3 deg/s",
        "settle": "5 s",
        "altitude": {"above": "20 deg"},
        "meridian": {"past": "10 min", "flip": "3 min"},
        "park": {"azimuth": "0 deg", "altitude": "38 deg"},
    }
    return Mount.model_validate(plain | said)


def scenario(**said: Any) -> Scenario:
    return Scenario.model_validate({"kind": "scenario", "name": "s", "seed": 7} | said)


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    return Parts(
        site=Site.model_validate(
            {
                "kind": "site",
                "name": "hill",
                "latitude": "38.16 deg",
                "longitude": "-2.33 deg",
                "elevation": "1650 m",
                "timezone": "Europe/Madrid",
                "observer": "A. Person",
            }
        ),
        enclosures=(enclosure(),),
        mounts=(mount(),),
        trains=(train(),),
        weather=(
            Weather.model_validate(
                {
                    "kind": "weather",
                    "name": "station",
                    "site": "hill",
                    "measures": ["rain", "cloud", "temperature"],
                    "every": "30 s",
                    "max_age": "2 min",
                }
            ),
        ),
        scenario=scenario(),
        night=date(2026, 11, 21),
        incoming=tmp_path / "incoming",
        scratch=tmp_path / "scratch",
        state=tmp_path / "world.json",
        stars=few_stars,
    )


class OneOfEach:
    """A world's first enclosure, mount and train, for stories that need no second."""

    def __init__(self, world: World) -> None:
        first = next(iter(world.trains.values()))
        self.world, self.weather = world, world.weather
        self.enclosure, self.mount = next(iter(world.enclosures.values())), next(iter(world.mounts.values()))
        self.camera, self.wheel, self.focuser, self.panel = first.camera, first.wheel, first.focuser, first.panel
        self.rotator, self._state = first.rotator, world.state

    @property
    def collisions(self) -> tuple[str, ...]:
        return self.world.state.hardware.collisions

    @property
    def refusals(self) -> tuple[str, ...]:
        return self.world.state.hardware.refusals


Story = Callable[[Any, TestClock], Awaitable[T]]


def play(parts: Parts, story: Story[T], start: datetime = EVENING) -> T:
    """What a story in a world ends in, in no time."""
    loop = JumpingLoop()
    try:
        asyncio.set_event_loop(loop)
        clock = TestClock(start, loop)
        world = World(parts, clock, AtOnce())

        async def told() -> T:
            return await story(OneOfEach(world), clock)

        return loop.run_until_complete(told())
    finally:
        asyncio.set_event_loop(None)
        loop.close()


@pytest.fixture
def tell(parts: Parts) -> Callable[..., Any]:
    """Play a story; `at` is its moment, `among` other parts, all else changes the scenario."""

    def told(story: Story[Any], at: datetime = EVENING, among: Parts = parts, **said: Any) -> Any:
        return play(replace(among, scenario=scenario(**said)), story, at)

    return told
