"""One mount under a kept roof: where it must not be, and past what it must not track."""

from collections.abc import Callable
from math import inf

from obsy.engine.devices.ports import Roof
from obsy.engine.safety import moving, seeing
from obsy.engine.safety.asking import ask, attempt
from obsy.engine.safety.limits import why_past
from obsy.engine.safety.shelter import HALF_TURN_DEG, ShelteredMount
from obsy.engine.safety.watching import RoofWatch
from obsy.errors import DeviceError

LIMITS_S = 30.0
"""How often its limits are looked at; the sky turns by an eighth of a degree meanwhile."""
SILENT_S = 60.0
"""A mount under an open roof that says nothing for so long is told of, before the roof is to close over it."""

Call = Callable[[str], None]


class MountWatch:
    """Calls people once for each time that a mount is not as it must be, and stops it."""

    def __init__(self, mount: ShelteredMount, watch: RoofWatch, tell: Call, call: Call, violated: Call) -> None:
        """tell: calls people. call: it is not safe besides. violated: the roof is to be made safe, too."""
        self._mount, self._watch, self._shelter = mount, watch, watch.shelter
        self._tell, self._call, self._violated = tell, call, violated
        self._astray, self._looked_s = "", -inf
        self._past_s: float | None = None
        """Since when it is past a limit."""
        self._silent_s: float | None = None
        self._stopped = 0

    async def look(self) -> None:
        """Look at it, as it is to be done every second."""
        meant, why = self._shelter.stance.meant, await self._watch.why_astray(self._mount)
        known, self._astray = self._astray, why
        if why not in ("", known) and self._shelter.stance.meant is Roof.CLOSED:
            await moving.stop_mount(self._mount)
        if why and not known:
            self._call(why)
        if meant is Roof.OPEN and (now_s := self._shelter.clock.monotonic()) - self._looked_s >= LIMITS_S:
            self._looked_s = now_s
            await self._look_at_limits(now_s)

    async def _look_at_limits(self, now_s: float) -> None:
        """Stop it if it tracks past a limit for longer than a slew takes."""
        declared = self._mount.declared
        if not (why := await self._why_past(now_s)):
            self._past_s, self._stopped = None, 0
            return
        self._past_s = now_s if self._past_s is None else self._past_s
        if now_s - self._past_s < 2.0 * HALF_TURN_DEG / declared.slew + declared.settle:
            return
        self._stopped += 1
        if self._stopped == 1:
            self._tell(f"{why}: it is stopped")
        elif self._stopped == 2:  # noqa: PLR2004
            self._violated(f"{why}; it was told to stop")
        await attempt(ask(f"the mount '{declared.name}', told to stop,", self._mount.port.stop))

    async def _why_past(self, now_s: float) -> str:
        """Return which limit it has passed; a mount that says nothing is not known to track, and is told of."""
        place = self._shelter.place
        try:
            state = await seeing.mount_state(self._mount)
        except DeviceError as silence:
            self._hear_nothing(now_s, silence)
            return ""
        self._silent_s = None
        return why_past(self._mount.declared, state, place) if place is not None else ""

    def _hear_nothing(self, now_s: float, silence: DeviceError) -> None:
        self._silent_s = now_s if self._silent_s is None else self._silent_s
        if now_s - self._silent_s >= SILENT_S and not self._shelter.clears:
            self._silent_s = inf
            self._tell(f"{silence}, nor anything for {SILENT_S:g} s under the open roof")
