"""What the hardware truly did in a drill, second by second, and whether that was well. obsy's own words count nowhere.

Only whether people were called is taken from the journal.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from obsy.engine.declare.observatory import Observatory
from obsy.engine.devices.simulated.ephemeris import separation_deg, standing, sun
from obsy.engine.devices.simulated.parts import Parts
from obsy.engine.drills.deeds import Deeds
from obsy.engine.drills.replay import Replay
from obsy.engine.sky.twilight import Night
from obsy.schemas.enclosure import Enclosure
from obsy.schemas.mount import Mount
from obsy.schemas.scenario import THE_COMPUTER
from obsy.schemas.weather import Weather

GRACE_S = 60.0
"""Beside what is declared: the calls, the looks, a refusal or two."""
CALLED_WITHIN_S = 300.0
"""A roof that stands open in bad weather for so much longer than it may must have called people."""
BLIND = ("disconnect", "freeze", "garbage", "timeout")
"""The faults by which an input says nothing, or nothing that can be believed."""
HELD = (*BLIND, "stuck", "slow", "delay", "moved", "kill", "power-cut")
"""The faults of roof, mount and computer for which a closing may have to wait."""
AGAIN_S = 10.0
"""After so long a process that ended is begun again, where a drill does not say otherwise."""


def judge(
    observatory: Observatory, parts: Parts, night: Night, trace: Path, said: list[dict[str, object]]
) -> list[Deeds]:
    """Return the deeds of every roof from the night's beginning to its end.

    trace: what the hardware did. said: the journal.
    """
    world = Replay(parts, trace)
    found = []
    for roof in observatory.enclosures:
        mounts = [each for each in observatory.mounts if each.enclosure == roof.name]
        found.append(_Judge(observatory, world, night, roof, mounts).deeds(said))
    return found


@dataclass
class _Judge:
    observatory: Observatory
    world: Replay
    night: Night
    roof: Enclosure
    mounts: list[Mount]

    def deeds(self, said: list[dict[str, object]]) -> Deeds:
        """Look at every second."""
        found, first, unsafe_s, excused_s, position = Deeds(self.roof.name), "", 0.0, 0.0, 0.0
        begin, end = self.night.start.timestamp(), self.night.end.timestamp()
        for second in range(int(end - begin)):
            at_s = begin + second
            self.world.turn_to(at_s)
            position = self.world.state.roof(self.roof).value(at_s)
            self._look(found, at_s, position)
            found.open_s += position != 0.0
            why = self._why_unsafe(at_s) if position != 0.0 else ""
            first = (first or why) if why else ""
            excused = bool(why) and self._is_held(at_s)
            excused_s = (excused_s + excused) if why else 0.0
            unsafe_s = (unsafe_s + (not excused)) if why else 0.0
            if unsafe_s > found.unsafe_s:
                found.unsafe_s, found.why = unsafe_s, first
            found.excused_s = max(found.excused_s, excused_s)
        found.closed_at_end = position == 0.0
        found.collisions = len(self.world.state.hardware.collisions)
        found.alarms = sum(entry.get("event") == "alarm" for entry in said)
        found.faults = list(self._faults(found))
        return found

    def _look(self, found: Deeds, at_s: float, position: float) -> None:
        moving = self.world.state.roof(self.roof).moving(at_s)
        for each in self.mounts:
            mount = self.world.mounts[each.name]
            turns = mount.pointing.altitude.moving(at_s) or mount.tracks(at_s)
            if self.roof.clearance == "parked":
                found.struck_s += moving and not mount.rests() and not self._by_hand(at_s, self.roof.name, "roof")
                found.astray_s += position == 0.0 and turns
            altitude, azimuth = mount.stands(at_s)
            light = sun(at_s)
            high = standing(light.ra_deg, light.dec_deg, self.observatory.site.location, at_s)
            apart = separation_deg((azimuth, altitude), (high.azimuth_deg, high.altitude_deg))
            limits = self.observatory.safety.sun
            near = high.altitude_deg > limits.roof.below and apart < limits.mount.farther_than
            found.sun_s += near and position != 0.0

    def _by_hand(self, at_s: float, *names: str) -> bool:
        moved = (each for each in self.world.state.timeline.all_of(*names) if each.told.fault == "moved")
        return any(each.begin_s <= at_s < each.begin_s + self.roof.travel + GRACE_S for each in moved)

    def _why_unsafe(self, at_s: float) -> str:
        """Return why the roof must be closed; empty if it may be open."""
        if self.night.dawn is not None and at_s >= self.night.dawn.timestamp():
            return "it is dawn"
        state, safety = self.world.state, self.observatory.safety
        for quantity in type(safety.limits).model_fields:
            limit = getattr(safety.limits, quantity)
            if limit is None:
                continue
            value = state.timeline.value(quantity, at_s)
            above, below = getattr(limit, "above", None), getattr(limit, "below", None)
            if (above is not None and value > above) or (below is not None and value < below):
                return quantity
        blind = (each.name for each in self._inputs() if self._says_nothing(each, at_s))
        return next(blind, "")

    def _inputs(self) -> Iterator[Weather]:
        limits = self.observatory.safety.limits
        for each in self.observatory.inputs_of(self.roof):
            if any(getattr(limits, quantity, None) is not None for quantity in each.measures):
                yield each

    def _says_nothing(self, each: Weather, at_s: float) -> bool:
        found = self.world.state.timeline.troubles((each.name, "weather"), at_s)
        return any(fault in found and at_s - found[fault].begin_s > each.max_age for fault in BLIND)

    def _is_held(self, at_s: float) -> bool:
        """Return whether something that is broken now may keep a roof from being closed, or just did."""
        mounts = ("mount", *(each.name for each in self.mounts))
        for each in self.world.state.timeline.all_of(self.roof.name, "roof", *mounts, *THE_COMPUTER):
            told, lasts = each.told, each.end_s
            if told.fault in ("kill", "power-cut"):
                lasts = each.begin_s + (told.lasts or AGAIN_S) + GRACE_S
            holds = told.fault in HELD or (told.fault == "lie" and told.device in mounts)
            if holds and each.begin_s <= at_s < lasts:
                return True
        return False

    def allowed_s(self, why: str) -> float:
        """Return how long a roof may stay open for that reason: to notice it, to hold, to park and to close."""
        hold = getattr(getattr(self.observatory.safety.limits, why, None), "hold_for", None) or 0.0
        age = max((each.max_age for each in self._inputs()), default=0.0)
        home = max((360.0 / each.slew + each.settle for each in self.mounts), default=0.0)
        return age + 5.0 + hold + home + self.roof.travel + GRACE_S

    def _faults(self, found: Deeds) -> Iterator[str]:
        if found.struck_s:
            yield f"it moved over an unparked mount for {found.struck_s:.0f} s"
        if found.astray_s > GRACE_S:
            yield f"a mount moved under the closed roof for {found.astray_s:.0f} s"
        if found.collisions:
            yield f"{found.collisions} times a mount was sent somewhere under a roof that was not open"
        if found.sun_s > GRACE_S:
            yield f"a mount pointed near the Sun for {found.sun_s:.0f} s"
        if found.unsafe_s > (allowed_s := self.allowed_s(found.why)):
            yield f"open for {found.unsafe_s:.0f} s ({found.why}); {allowed_s:.0f} s are allowed"
        if not found.closed_at_end and not self._is_held(self.night.end.timestamp() - 1):
            yield "not closed at the end"
        if found.excused_s > self.allowed_s(found.why) + CALLED_WITHIN_S and not found.alarms:
            yield f"open for {found.excused_s:.0f} s in danger, and nobody was called"
