"""One roof at a start: kept closed, or open for as long as it is safe and dark, until the night answers for it."""

import asyncio
import threading
from collections.abc import Callable
from datetime import datetime

from obsy.engine.declare.equipment import SafetyEquipment
from obsy.engine.devices.ports import Roof
from obsy.engine.events import Event, words
from obsy.engine.events.roof import AlarmRaised
from obsy.engine.journal import announce, stamp, tell_stderr
from obsy.engine.runtime.reached import Reached
from obsy.engine.safety import seeing
from obsy.engine.safety.asking import told
from obsy.engine.safety.closing import make_safe
from obsy.engine.safety.monitor import WeatherMonitor
from obsy.engine.safety.shelter import Shelter, ShelteredMount
from obsy.schemas.policy import SunLimits
from obsy.schemas.site import Location

LOOK_S, READ_EVERY = 1.0, 10
"""How often the roof is looked at, and at every how manieth look the weather is read."""


class RoofGuard:
    """Guards one roof."""

    def __init__(  # noqa: PLR0913, PLR0917
        self,
        equipment: SafetyEquipment,
        name: str,
        reached: Reached,
        close: threading.Event,
        seen: Callable[[], None],
        fails: Callable[[bool], None],
    ) -> None:
        """close: the order to close it. seen: called after each look. fails: told that it does not close, or did."""
        self._close, self._seen, self._fails = close, seen, fails
        enclosure = next(each for each in equipment.enclosures if each.name == name)
        mounts = tuple(ShelteredMount(each, reached.mounts[each.name]) for each in equipment.mounts_of(name))
        place, policy, inputs = equipment.site.location, equipment.safety, equipment.inputs_of(name)
        self._shelter = Shelter(reached.clock, place, enclosure, reached.enclosure, mounts, policy, ends=reached.ends)
        self._monitor = WeatherMonitor(reached.clock, policy, inputs, dict(reached.weather))
        self._monitor.trust_the_open_roof()

    async def run(self) -> None:
        """Keep a roof closed, or open for as long as it is safe and dark, until it is closed by order."""
        shelter, monitor = self._shelter, self._monitor
        looks, proven, stays = 0, False, False
        while True:
            seen = await seeing.roof(shelter)
            if seen is Roof.OPEN and not self._close.is_set():
                stays = await _stays_open(shelter, monitor) if looks % READ_EVERY == 0 else stays
            if seen is not Roof.OPEN or not stays or self._close.is_set():
                if seen is not Roof.CLOSED or not proven:
                    await self._make_safe()
                proven = True
            self._seen()
            looks += 1
            if self._close.is_set() and proven:
                return
            await shelter.clock.sleep(LOOK_S)

    async def _make_safe(self) -> None:
        """Return when a roof is seen closed; a mount that does not park counts by the weather of the moment."""
        shelter, monitor = self._shelter, self._monitor

        async def keep_reading() -> None:
            while True:
                await monitor.read_all()
                await shelter.clock.sleep(READ_EVERY * LOOK_S)

        reading = asyncio.create_task(keep_reading())
        try:
            await make_safe(shelter, self._say, lambda: not monitor.verdict().safe)
        finally:
            reading.cancel()
        self._fails(False)

    def _say(self, event: Event) -> None:
        entry = {"event": event.name, **event.under(self._shelter.declared.name).facts()}
        tell_stderr(f"obsy: {words(entry)}")
        announce({"time": stamp(self._shelter.clock.now()), **entry})
        if isinstance(event, AlarmRaised):
            self._fails(True)


async def _stays_open(shelter: Shelter, monitor: WeatherMonitor) -> bool:
    """Return whether a roof that was found open may stay so for now; whether it may for long, the night decides."""
    shelter.stance.exposed = True
    await monitor.read_all()
    if not monitor.verdict().safe or shelter.place is None:
        return False
    try:
        return not why_too_light(shelter.policy.sun, shelter.place, shelter.clock.now())
    except Exception as fault:  # what tells how high the Sun stands cannot even be loaded
        tell_stderr(f"obsy: nobody knows how high the Sun stands: {told(fault)}")
        return False


def why_too_light(limits: SunLimits, place: Location, now: datetime) -> str:
    """Return why no roof may be open now; empty if the Sun is low enough. Loaded late: it stands on astropy."""
    from obsy.engine.safety.daylight import why_too_light as asked  # noqa: PLC0415

    return asked(limits, place, now)
