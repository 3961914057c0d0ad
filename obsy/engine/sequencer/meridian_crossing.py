"""Takes a German mount across the meridian: once its target is past it, and before its own limit there."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from obsy.engine.devices.directions import hour_angle_deg, of_date, off_turn_deg
from obsy.engine.devices.ports import Clock, LeasedMount, MountPort, Pier, Pointing
from obsy.engine.events import Log
from obsy.engine.events.flipping import FlipAwaited, FlipFailed, Flipped
from obsy.engine.safety.asking import ask, attempt
from obsy.engine.sidereal import DEGREES_PER_S
from obsy.errors import DeviceError
from obsy.schemas.mount import Mount
from obsy.schemas.site import Location

WELL_PAST_S = 60.0
"""So long after its target has passed the meridian a mount is sent to it anew: sooner, it might stay on its side."""
TRIES = 2
AGAIN, NO_MORE = "tried again", "given up"
QUARTER_DEG = 90.0
UNTURNED = "the picture has not turned over: the mount hangs where it hung, whatever it says"
STAYS = "it still says that it hangs west of its pier"
WOULD_STAY = "it says that it would stay west of its pier"


async def side_of(mount: MountPort) -> Pier:
    """Return the side of the pier on which a mount hangs; unknown if it does not say."""
    try:
        said = getattr(await ask("the mount", mount.state), "pier", None)
    except DeviceError:
        return Pier.UNKNOWN
    return said if isinstance(said, Pier) else Pier.UNKNOWN


class MeridianCrossing:
    """On which side one mount hangs, and until when it may.

    West of its pier a mount looks east, and nears the pier as its target sets. Of what it says and of what follows
    from where its target stood when it was sent there, the worse is believed: a mount that says nothing, or always the
    same, is flipped all the same. One that says east may in truth hang west if it was sent to what rose, or to what
    was not yet well past the meridian.
    """

    def __init__(self, clock: Clock, mount: LeasedMount, stands: tuple[Mount, Location], log: Log) -> None:
        """Stands: what is declared of the mount, and where it stands."""
        declared, self._place = stands
        self._limits = declared.meridian if declared.type == "german-equatorial" else None
        self._clock, self._mount, self._log = clock, mount, log
        self._sent_rising, self._sent_near, self._side = False, False, Pier.UNKNOWN

    async def check_turned(self, before_deg: float | None, after_deg: float | None, which: Mapping[str, Any]) -> None:
        """Raise DeviceError, the mount standing, if it says that it changed sides and its picture has not turned over.

        before_deg, after_deg: how the camera stood on either side; None where nobody saw it, and nothing is known.
        """
        if None in (before_deg, after_deg) or off_turn_deg(before_deg or 0.0, after_deg or 0.0) > QUARTER_DEG:
            return
        await attempt(self._mount.stand())
        self._log(FlipFailed(**which, reason=UNTURNED, then=NO_MORE))
        raise DeviceError(f"{which['object']} has passed the meridian, and {UNTURNED}")

    async def slew(self, aim: Pointing, which: Mapping[str, Any]) -> bool:
        """Go there; return whether the mount changed sides on its way, by what it says or by where it was sent before.

        Raise DeviceError, the mount standing, if it stays on a side on which it may not track there, tried twice.
        """
        if self._limits is None:
            await self._mount.slew(aim)
            return False
        before, began = await side_of(self._mount), self._clock.now()
        was_sent_rising, past_s = self._sent_rising and not self._sent_near, self._past_s(aim)
        self._sent_rising, self._sent_near = past_s < WELL_PAST_S, 0.0 <= past_s < WELL_PAST_S
        await self._mount.slew(aim)
        after = self._side = await side_of(self._mount)
        if after is Pier.WEST and self._past_s(aim) > self._limits.past:
            await attempt(self._mount.stand())
            self._log(FlipFailed(**which, reason=STAYS, then=AGAIN))
            await self._go_over(aim, range(TRIES, TRIES + 1), began, which)
            return True
        has_changed = {before, after} == {Pier.EAST, Pier.WEST}
        if has_changed:
            self._log(Flipped(**which, side=after, tries=1, spent_s=self._since(began)))
        return has_changed or (was_sent_rising and past_s >= 0.0)

    @property
    def may_hang_east(self) -> bool:
        """Whether it said so last, or was sent just past the meridian: on its way over it may then stay there."""
        return self._side is Pier.EAST or self._sent_near

    async def leaves(self, aim: Pointing) -> datetime | None:
        """Return when the mount must have left the side on which it tracks; None if it may stay."""
        if self._limits is None:
            return None
        if not self._sent_rising and self._side is not Pier.EAST:
            self._side = await side_of(self._mount)
        if not self._sent_rising and self._side is not Pier.WEST:
            return None
        return self._clock.now() + timedelta(seconds=self._limits.past - self._past_s(aim))

    async def cross(self, aim: Pointing, until: datetime, which: Mapping[str, Any]) -> bool:
        """Have the mount on the other side, at rest; return whether there is time for that.

        While it waits for its target it stands: what does not track passes no limit. Raise DeviceError, the mount
        standing, if it does not change sides, tried twice.
        """
        assert self._limits is not None  # noqa: S101  `leaves` said so
        began = self._clock.now()
        waits_s = max(0.0, WELL_PAST_S - self._past_s(aim))
        if began + timedelta(seconds=waits_s + self._limits.flip) > until:
            return False
        if waits_s > 0.0:
            self._log(FlipAwaited(**which, until=began + timedelta(seconds=waits_s)))
            await self._mount.stand()
            await self._clock.sleep(waits_s)
        await self._go_over(aim, range(1, TRIES + 1), began, which)
        return True

    async def _go_over(self, aim: Pointing, tries: range, began: datetime, which: Mapping[str, Any]) -> None:
        assert self._limits is not None  # noqa: S101
        why = ""
        for number in tries:
            why = await self._why_it_stays(aim)
            if not why:
                self._log(Flipped(**which, side=self._side, tries=number, spent_s=self._since(began)))
                return
            is_last = number == tries[-1]
            self._log(FlipFailed(**which, reason=why, then=NO_MORE if is_last else AGAIN))
            if not is_last:  # later, for some change sides well past the meridian alone, but within its limit
                await self._clock.sleep(max(0.0, (self._limits.past - self._past_s(aim)) / 2))
        await attempt(self._mount.stand())  # where it was not sent, it still tracks
        raise DeviceError(f"{which['object']} has passed the meridian, and the mount does not change sides: {why}")

    async def _why_it_stays(self, aim: Pointing) -> str:
        """Send the mount to the other side; return why it is not there, and then it stands. Empty if it is."""
        try:
            if await ask("the mount", lambda: self._mount.side_for(aim)) is Pier.WEST:
                return WOULD_STAY
            await self._mount.slew(aim)
        except DeviceError as fault:
            return str(fault)  # a slew that fails stops the mount by itself, or somebody else has it
        self._sent_rising = self._sent_near = False
        self._side = await side_of(self._mount)
        if self._side is not Pier.WEST:
            return ""
        await attempt(self._mount.stand())
        return STAYS

    def _since(self, began: datetime) -> float:
        return round((self._clock.now() - began).total_seconds(), 3)

    def _past_s(self, aim: Pointing) -> float:
        """How long a place is past the meridian now, seconds; negative before it."""
        now = self._clock.now()
        ra_deg, _ = of_date(aim.ra_deg, aim.dec_deg, now)
        return hour_angle_deg(ra_deg, self._place, now) / DEGREES_PER_S
