"""One roof at a start that has no guard: kept by this process until the night answers for it."""

import asyncio
import threading
from collections.abc import Callable

from obsy.engine.declare.equipment import SafetyEquipment
from obsy.engine.devices.ports import Roof
from obsy.engine.events import INFO, Event, words
from obsy.engine.events.roof import AlarmRaised
from obsy.engine.journal import announce, stamp, tell_stderr
from obsy.engine.runtime.reached import Reached, kept_roof

LOOK_S = 1.0
"""How often it is asked whether the roof is to be closed."""


class RoofGuard:
    """Has a roof kept that was found as it is."""

    def __init__(  # noqa: PLR0913, PLR0917
        self,
        equipment: SafetyEquipment,
        name: str,
        reached: Reached,
        close: threading.Event,
        seen: Callable[[], None],
        fails: Callable[[bool], None],
    ) -> None:
        """close: the order to close it. seen: called when it is open or proven closed. fails: it does not close."""
        self._name, self._clock = name, reached.clock
        self._close, self._seen, self._fails = close, seen, fails
        self._keeper = kept_roof(equipment, name, reached)
        self._keeper.hear(self._say)

    async def run(self) -> None:
        """Keep a roof closed, or open for as long as it is safe and dark, until it is closed by order."""
        keeping = asyncio.ensure_future(self._keeper.run())
        try:
            await self._keeper.found()
            while not self._close.is_set():
                if self._keeper.meant in (Roof.OPEN, Roof.CLOSED):
                    self._fails(False)
                    self._seen()
                self._keeper.renew()
                await self._clock.sleep(LOOK_S)
            await self._keeper.give_back()
            self._fails(False)
            self._seen()
        finally:
            keeping.cancel()

    def _say(self, event: Event) -> None:
        if event.severity == INFO:
            return
        entry = {"event": event.name, **event.under(self._name).facts()}
        tell_stderr(f"obsy: {words(entry)}")
        announce({"time": stamp(self._clock.now()), **entry})
        if isinstance(event, AlarmRaised):
            self._fails(True)
