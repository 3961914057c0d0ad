"""A shelter of lying devices on virtual time, and what is said while it is brought to safety."""

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from obsy.engine.devices.ports import Roof, WeatherPort
from obsy.engine.devices.simulated.clock import VirtualClock, VirtualLoop
from obsy.engine.events import Event
from obsy.engine.safety.keeper import Keeper
from obsy.engine.safety.monitor import WeatherMonitor
from obsy.engine.safety.shelter import Shelter, ShelteredMount
from obsy.schemas.enclosure import Enclosure
from obsy.schemas.mount import Mount
from obsy.schemas.policy import Safety
from obsy.schemas.site import Location
from obsy.schemas.weather import Weather
from tests.support.lying import LyingMount, LyingRoof

RAIN = Weather.model_validate(
    {"kind": "weather", "name": "rain", "site": "here", "measures": ["rain"], "every": "30 s", "max_age": "60 s"}
)
NERPIO = Location(38.16, -2.33, 1650.0)
NIGHT = datetime(2026, 11, 21, 20, tzinfo=UTC)
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
SAFETY = Safety.model_validate({"limits": {"rain": "above 0 mm/h"}, "dwell": "10 min"})
HASTY = SAFETY.model_copy(update={"dwell": 60.0})
"""The same for tests whose story is not the dwell: each of its seconds is played."""


def a_mount(name: str = "gem") -> Mount:
    """A German mount that parks level to the north."""
    return Mount.model_validate(
        {
            "kind": "mount",
            "name": name,
            "enclosure": "roll-off",
            "type": "german-equatorial",
            "slew": "4 deg/s",
            "settle": "8 s",
            "altitude": "above 15 deg",
            "meridian": {"past": "10 min", "flip": "3 min"},
            "park": {"azimuth": "0 deg", "altitude": "0 deg"},
        }
    )


def an_enclosure(clearance: str = "parked") -> Enclosure:
    """A roof of 45 s."""
    return Enclosure.model_validate(
        {
            "kind": "enclosure",
            "name": "roll-off",
            "site": "here",
            "type": "roll-off",
            "travel": "45 s",
            "timeout": "90 s",
            "clearance": clearance,
        }
    )


def kept(shelter: Shelter, weather: Mapping[str, WeatherPort], inputs: tuple[Weather, ...] = (RAIN,)) -> Keeper:
    """Who keeps a roof that no journal has heard of open."""
    keeper = Keeper(shelter, WeatherMonitor(shelter.clock, shelter.policy, inputs, weather))
    shelter.stance.exposed = False
    return keeper


@dataclass
class Shed:
    """A shelter whose roof and mounts may lie."""

    clearance: str = "parked"
    count: int = 1
    start: datetime = NIGHT
    policy: Safety = SAFETY
    lasts_s: float = 1800.0
    """After so long a roof that does not close is given up, or a test would play for ever."""
    events: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.loop = VirtualLoop()
        self.clock = VirtualClock(self.start, self.loop)
        self.mounts = tuple(LyingMount(self.clock) for _ in range(self.count))
        self.roof = LyingRoof(self.clock, self.mounts, clears=self.clearance == "free")
        sheltered = tuple(ShelteredMount(a_mount(f"gem-{n}"), mount) for n, mount in enumerate(self.mounts))
        declared, ends = an_enclosure(self.clearance), self.start + timedelta(seconds=self.lasts_s)
        self.shelter = Shelter(self.clock, NERPIO, declared, self.roof, sheltered, self.policy, ends=ends)

    def seen_closed(self) -> "Shed":
        """The same, after it was proven closed over its mounts."""
        self.shelter.stance.exposed = False
        return self

    def under_the_sky(self) -> "Shed":
        """The same, open, with every mount awake."""
        self.roof.at = 1.0
        self.shelter.stance.meant, self.shelter.stance.exposed = Roof.OPEN, True
        for mount in self.mounts:
            mount.home = False
        return self

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Play it to its end."""
        with asyncio.Runner(loop_factory=lambda: self.loop) as runner:
            return runner.run(work)

    def names(self) -> list[str]:
        """What was said, in its order."""
        return [event.name for event in self.events]

    @property
    def elapsed_s(self) -> float:
        """How long it took."""
        return (self.clock.now() - self.start).total_seconds()
