"""What the hardware truly did in a drill, second by second, and whether that was well. obsy's own words count nowhere.

Only whether people were called is taken from the journal.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from obsy.engine.declare.observatory import Observatory
from obsy.engine.devices.simulated.ephemeris import separation_deg, standing, sun
from obsy.engine.devices.simulated.parts import Parts
from obsy.engine.drills.deeds import Deeds
from obsy.engine.drills.replay import Replay
from obsy.engine.sky.twilight import Night
from obsy.schemas.enclosure import Enclosure
from obsy.schemas.mount import Mount
from obsy.schemas.policy import WeatherLimit
from obsy.schemas.scenario import THE_COMPUTER
from obsy.schemas.weather import Weather

LOOKS_S = 5.0
"""Between two looks at what is known."""
DAWN = "it is dawn"
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
class _Stretch:
    """For how long a roof stood open though something said that it must not, in seconds."""

    why: str
    last_s: float
    """When that was last so; a lull shorter than what ends a hold ends no stretch."""
    begun: bool = False
    """Whether anything has moved to close it."""
    idle_s: float = 0.0
    """So long nothing had, though something could."""
    unsafe_s: float = 0.0
    """So long it was not closed, though something could close it."""
    excused_s: float = 0.0
    """So long nothing could."""


@dataclass
class _Judge:
    observatory: Observatory
    world: Replay
    night: Night
    roof: Enclosure
    mounts: list[Mount]
    stretches: list[_Stretch] = field(default_factory=list)

    def deeds(self, said: list[dict[str, object]]) -> Deeds:
        """Look at every second."""
        found, position = Deeds(self.roof.name), 0.0
        standing: dict[str, _Stretch] = {}
        begin, end = self.night.start.timestamp(), self.night.end.timestamp()
        for second in range(int(end - begin)):
            at_s = begin + second
            self.world.turn_to(at_s)
            position = self.world.state.roof(self.roof).value(at_s)
            self._look(found, at_s, position)
            found.open_s += position != 0.0
            standing = self._lengthen(standing, at_s) if position != 0.0 else {}
        self._sum_up(found)
        found.closed_at_end = position == 0.0
        found.collisions = len(self.world.state.hardware.collisions)
        found.alarms = sum(entry.get("event") == "alarm" for entry in said)
        found.faults = [*self._faults(found), *self._late(found)]
        return found

    def _lengthen(self, standing: dict[str, _Stretch], at_s: float) -> dict[str, _Stretch]:
        """Return what says now that the roof must be closed, each a second longer."""
        reasons = dict.fromkeys(self._reasons(at_s), at_s)
        for why in reasons.keys() - standing.keys():
            standing[why] = _Stretch(why, at_s)
            self.stretches.append(standing[why])
        held, begins = self._is_held(at_s), self._is_closing(at_s)
        for why, each in list(standing.items()):
            each.last_s = reasons.get(why, each.last_s)
            if why not in reasons and at_s - each.last_s >= getattr(self._limit(why), "cleared_s", 0.0):
                del standing[why]
                continue
            each.begun |= begins
            each.idle_s += not held and not each.begun
            each.unsafe_s += not held
            each.excused_s += held
        return standing

    def _sum_up(self, found: Deeds) -> None:
        """Say the worst of its stretches."""
        found.idle_s = max((each.idle_s for each in self.stretches), default=0.0)
        found.excused_s = max((each.excused_s for each in self.stretches), default=0.0)
        if self.stretches:
            worst = max(self.stretches, key=lambda each: each.unsafe_s - self.allowed_s(each.why))
            found.unsafe_s, found.why = worst.unsafe_s, worst.why

    def _is_closing(self, at_s: float) -> bool:
        """Return whether the roof is on its way, or one of its mounts goes home first."""
        mounts = (self.world.state.mount(each) for each in self.mounts)
        parks = any(each.parked and (each.altitude.moving(at_s) or each.azimuth.moving(at_s)) for each in mounts)
        return parks or self.world.state.roof(self.roof).goal == 0.0

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

    def _reasons(self, at_s: float) -> Iterator[str]:
        """Yield why the roof must be closed now."""
        if self.night.dawn is not None and at_s >= self.night.dawn.timestamp():
            yield DAWN
        for quantity in type(self.observatory.safety.limits).model_fields:
            limit = self._limit(quantity)
            if limit is None:
                continue
            value = self.world.state.timeline.value(quantity, at_s)
            above, below = getattr(limit, "above", None), getattr(limit, "below", None)
            if (above is not None and value > above) or (below is not None and value < below):
                yield quantity
        yield from (each.name for each in self._inputs() if self._says_nothing(each, at_s))

    def _limit(self, why: str) -> WeatherLimit | None:
        return getattr(self.observatory.safety.limits, why, None)

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

    def begins_s(self, why: str) -> float:
        """Return how long nothing may move for that reason: until it must be noticed, and its hold is over."""
        age = max((each.max_age for each in self._inputs() if why in each.measures), default=0.0)
        limit = self._limit(why)
        return age + LOOKS_S + (limit.held_s if limit is not None else 0.0)

    def allowed_s(self, why: str) -> float:
        """Return how long a roof may stay open for that reason: to begin, to park and to close."""
        home = max((360.0 / each.slew + each.settle for each in self.mounts), default=0.0)
        return self.begins_s(why) + home + self.roof.travel + GRACE_S

    def _faults(self, found: Deeds) -> Iterator[str]:
        if found.struck_s:
            yield f"it moved over an unparked mount for {found.struck_s:.0f} s"
        if found.astray_s > GRACE_S:
            yield f"a mount moved under the closed roof for {found.astray_s:.0f} s"
        if found.collisions:
            yield f"{found.collisions} times a mount was sent somewhere under a roof that was not open"
        if found.sun_s > GRACE_S:
            yield f"a mount pointed near the Sun for {found.sun_s:.0f} s"
        if not found.closed_at_end and not self._is_held(self.night.end.timestamp() - 1):
            yield "not closed at the end"
        opens = self.world.state.parts.scenario.roof == "opens"
        works = any(each.mount.name in {mount.name for mount in self.mounts} for each in self.observatory.instruments)
        if opens and works and not found.open_s:
            yield "it never opened: nothing was rehearsed (where that is meant, the scenario says 'roof: stays-closed')"
        if not opens and found.open_s:
            yield "it opened, though its scenario says 'roof: stays-closed'"

    def _late(self, found: Deeds) -> Iterator[str]:
        for each in self.stretches:
            begins_s, allowed_s = self.begins_s(each.why), self.allowed_s(each.why)
            if each.idle_s > begins_s:
                yield f"nothing moved to close it for {each.idle_s:.0f} s ({each.why}); {begins_s:.0f} s are allowed"
            if each.unsafe_s > allowed_s:
                yield f"open for {each.unsafe_s:.0f} s ({each.why}); {allowed_s:.0f} s are allowed"
            if each.excused_s > allowed_s + CALLED_WITHIN_S and not found.alarms:
                yield f"open for {each.excused_s:.0f} s in danger, and nobody was called"
