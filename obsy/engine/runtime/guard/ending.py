"""When a guard may end: over roofs that are proven closed and, on a new site, over one that was never of use."""

import asyncio
from collections.abc import Iterable, Mapping

from obsy.engine.devices.ports import Roof
from obsy.engine.events import Event
from obsy.engine.events.roof import AlarmRaised
from obsy.engine.runtime.guard.reached import Reached
from obsy.engine.safety.keeper import Keeper
from obsy.errors import DeviceError

UNNEEDED_S = 60.0
"""A guard that a night has started ends when all is closed, and nobody has been connected for so long."""


class Ending:
    """Knows what became of each roof of a guard, and so whether the guard may end."""

    def __init__(self, roofs: Iterable[str], *, setting_up: bool) -> None:
        """setting_up: whether none was ever reached here."""
        self._roofs = frozenset(roofs)
        self._unused = set(self._roofs if setting_up else ())
        """The roofs of a new site that were neither proven closed nor told to open yet."""
        self._called = set[str]()
        """The roofs to which people were called since they were closed last."""
        self._alone_since_s: float | None = None
        self.ordered = False
        """Whether the guard was told to end."""

    @property
    def setting_up(self) -> bool:
        """Whether no roof was ever of use: what was never reached keeps nobody waiting who tells the guard to end."""
        return self._unused == self._roofs

    def hear(self, roof: str, event: Event) -> None:
        """Take what happens to a roof."""
        if isinstance(event, AlarmRaised):
            self._called.add(roof)
        elif event.name == "roof-closed":
            self._called.discard(roof)
            self._unused.discard(roof)

    def opens(self, roof: str) -> None:
        """Take that a roof is told to open. Raise DeviceError if none may be any more."""
        if self.ordered:
            raise DeviceError(f"the roof '{roof}' stays closed: its guard was told to end")
        self._unused.discard(roof)

    def close_what_is_open(self, keepers: Mapping[str, Keeper]) -> None:
        """Once ordered, let no roof stay open, nor go on opening; what people were called for before counts no more."""
        for name, keeper in keepers.items():
            if self.ordered and keeper.meant in (Roof.OPEN, Roof.MOVING):
                self._called.discard(name)
                keeper.withdraw()

    def is_due(
        self, keepers: Mapping[str, Keeper], reached: Mapping[str, Reached], *, is_alone: bool, while_needed: bool
    ) -> bool:
        """Return whether every roof is over with, and the guard was told to end, or has been alone for a while."""
        now = asyncio.get_running_loop().time()
        over = all(self._is_over(name, keeper, reached[name]) for name, keeper in keepers.items())
        self._alone_since_s = (self._alone_since_s or now) if over and is_alone else None
        if self.ordered:
            return over
        return while_needed and self._alone_since_s is not None and now - self._alone_since_s >= UNNEEDED_S

    def _is_over(self, roof: str, keeper: Keeper, reached: Reached) -> bool:
        """Whether a roof is proven closed, a rehearsal gives it up, or whoever sets it up was called to it in vain."""
        given_up = reached.ends is not None and reached.clock.now() >= reached.ends
        in_vain = self.ordered and roof in self._unused & self._called
        return keeper.meant is Roof.CLOSED or given_up or in_vain
