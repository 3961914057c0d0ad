"""What is, against what is meant to be: the questions that a keeper asks every second, whatever was commanded."""

from datetime import datetime

from obsy.engine.devices.ports import Roof
from obsy.engine.safety import moving, seeing
from obsy.engine.safety.daylight import Direction, SunHeight, why_against
from obsy.engine.safety.shelter import Shelter, ShelteredMount
from obsy.engine.safety.steady import SET_S, SteadyTime
from obsy.errors import DeviceError

SILENT_LOOKS = 10
"""So many looks, a second apart, the roof's switches may say nothing before that is a violation."""
SUN_EVERY_S = 10.0
"""How often the Sun is asked for; it climbs by 0.04 deg meanwhile."""


class RoofWatch:
    """Sees what must not be; it moves nothing."""

    def __init__(self, shelter: Shelter) -> None:
        """Nothing has been looked at."""
        self.shelter = shelter
        self._time = SteadyTime(shelter.clock)
        self._sun = SunHeight(shelter.place) if shelter.place is not None else None
        self._light, self._asked_s = "", float("-inf")

    def why_too_light(self) -> str:
        """Return why no roof may be open now; empty if the Sun is low enough."""
        if self._sun is None:
            return "nobody knows where it stands, and how high the Sun is there"
        if (now_s := self.shelter.clock.monotonic()) - self._asked_s >= SUN_EVERY_S:
            self._asked_s = now_s
            by_both = (self._sun.why_too_light(self.shelter.policy.sun, now) for now in self._times())
            self._light = next(filter(None, by_both), "")
        return self._light

    def _times(self) -> tuple[datetime, ...]:
        """Return the time by the clock, and as it would be had nobody set it: by neither may it be light."""
        now, steady = self.shelter.clock.now(), self._time.now()
        return (now,) if abs((now - steady).total_seconds()) < SET_S else (now, steady)

    async def why_wrong(self) -> str:
        """Return why the roof is not as it is meant to be; empty while it is, or while it is being moved."""
        stance, meant = self.shelter.stance, self.shelter.stance.meant
        if meant not in (Roof.OPEN, Roof.CLOSED):
            return ""
        seen = await seeing.roof(self.shelter)
        if stance.meant is not meant or seen in (meant, Roof.UNKNOWN):  # changed while the switches were asked
            return ""
        return f"the roof is meant to be {meant}, and its switches say '{seen}'"

    def why_silent(self) -> str:
        """Return that the switches say nothing; to be asked at every look, for a question may hang."""
        stance = self.shelter.stance
        stance.unseen += 1
        if stance.meant not in (Roof.OPEN, Roof.CLOSED) or stance.unseen <= SILENT_LOOKS:
            return ""
        return f"the roof's switches have said nothing that can be understood for {SILENT_LOOKS} s"

    async def why_passing(self) -> str:
        """Return what proves that a roof that travels, whoever set it going, passes over a mount; empty otherwise."""
        shelter, stance = self.shelter, self.shelter.stance
        await seeing.roof(shelter)
        if stance.meant is not Roof.UNKNOWN or stance.passes or not stance.travels:
            return ""
        return await moving.first_reason(moving.whys_astray(shelter))

    async def why_astray(self, mount: ShelteredMount) -> str:
        """Return what proves that a mount is out of park under a closed roof, or by day near the Sun under another."""
        shelter, meant = self.shelter, self.shelter.stance.meant
        if meant is Roof.CLOSED:
            why = "" if shelter.clears else await seeing.why_astray(mount)
            return f"under the closed roof {why}" if why and shelter.stance.meant is meant else ""
        if self._sun is None or not self.why_too_light():
            return ""
        why = await self._why_against(mount)
        return "" if why and await seeing.roof(shelter) is Roof.CLOSED else why

    async def _why_against(self, mount: ShelteredMount) -> str:
        """Return why a mount must not point where it does; empty if it may, is parked or does not say where it points.

        It is not stopped: by day every roof is being closed, and this mount is on its way home.
        """
        try:
            state = await seeing.mount_state(mount)
        except DeviceError:
            return ""
        place = self.shelter.place
        if place is None or state.azimuth_deg is None or state.altitude_deg is None:
            return ""
        if seeing.seen_parked(state, mount.declared.park):
            return ""
        pointing = Direction(state.azimuth_deg, state.altitude_deg)
        why = why_against(self.shelter.policy.sun, place, pointing, self.shelter.clock.now())
        return f"the mount '{mount.declared.name}' {why}" if why else ""
