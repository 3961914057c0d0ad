"""What the hardware truly did in a drill, second by second, and whether that was well. obsy's own words count nowhere.

Only whether people were called is taken from the journal.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from obsy.engine.declare.observatory import Observatory
from obsy.engine.devices.simulated.ephemeris import standing, sun
from obsy.engine.devices.simulated.parts import Parts
from obsy.engine.drills.broken import BLIND, GRACE_S, NOTICED_S, Broken
from obsy.engine.drills.deeds import Deeds
from obsy.engine.drills.replay import Replay
from obsy.engine.journal import moment
from obsy.engine.separation import separation_deg
from obsy.engine.sky.twilight import Night
from obsy.schemas.enclosure import Enclosure
from obsy.schemas.mount import Mount
from obsy.schemas.policy import Above, Below, WeatherLimit
from obsy.schemas.scenario import Fault
from obsy.schemas.weather import Weather

LOOKS_S = 5.0
"""Between two looks at what is known."""
DAWN = "it is dawn"
CALLED_WITHIN_S = 300.0
"""A roof that stands open in bad weather for so much longer than it may must have called people."""


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
        found.append(_Judge(observatory, world, night, roof, mounts, Broken(world, roof, mounts)).deeds(said))
    return found


@dataclass
class _Stretch:
    """For how long a roof stood open though something said that it must not, in seconds."""

    why: str
    begin_s: float
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
    waited_s: float = 0.0
    """So long nothing but a mount has kept it open; whoever is begun again waits anew."""
    called: bool = False
    """Whether people were called in that time, and soon enough."""


@dataclass
class _Judge:
    observatory: Observatory
    world: Replay
    night: Night
    roof: Enclosure
    mounts: list[Mount]
    broken: Broken
    stretches: list[_Stretch] = field(default_factory=list)
    since: dict[str, float] = field(default_factory=dict)
    """Since when each reason has been one, whether or not the roof is open."""
    over: bool = False
    """Whether the roof closes over a mount as the policy says, or has."""

    def deeds(self, said: list[dict[str, object]]) -> Deeds:
        """Look at every second."""
        found, position = Deeds(self.roof.name), 0.0
        standing: dict[str, _Stretch] = {}
        begin, end = self.night.start.timestamp(), self.night.end.timestamp()
        for second in range(int(end - begin)):
            at_s = begin + second
            self.world.turn_to(at_s)
            position = self.world.state.roof(self.roof).value(at_s)
            reasons = list(self._reasons(at_s))
            found.dared_s += self._dares(reasons, at_s)
            found.open_s += position != 0.0
            standing = self._lengthen(standing, reasons, at_s) if position != 0.0 else {}
            self._look(found, at_s, position, self._has_waited(at_s, standing))
        self._sum_up(found)
        found.closed_at_end = position == 0.0
        found.collisions = len(self.world.state.hardware.collisions)
        alarms_s = [moment(str(entry["time"])).timestamp() for entry in said if entry.get("event") == "alarm"]
        found.alarms = len(alarms_s)
        self._hear(alarms_s)
        waited = any(self._is_waited_for(each) for each in standing.values())
        found.faults = [*self._faults(found, waited=waited), *self._late(found), *self._unrehearsed()]
        return found

    def _hear(self, alarms_s: list[float]) -> None:
        """Note which stretches people were called in; the journal's times are as wrong as the clock was set."""
        steps = (each.told.by or 0.0 for each in self.world.state.timeline.all_of("clock"))
        slack_s = sum(map(abs, steps)) + LOOKS_S
        for each in self.stretches:
            last_s = each.begin_s + self.allowed_s(each.why) + CALLED_WITHIN_S + slack_s
            each.called = any(each.begin_s - slack_s <= at_s <= last_s for at_s in alarms_s)

    def _unrehearsed(self) -> Iterator[str]:
        for each in self.world.state.timeline.never(self.night.end.timestamp()):
            what = f"the {each.fault} of '{each.device}'" if isinstance(each, Fault) else "a change of the weather"
            yield f"{what} never came: it was not rehearsed (a drill plays from dusk on, for an hour and a half)"

    def _lengthen(self, standing: dict[str, _Stretch], now: list[str], at_s: float) -> dict[str, _Stretch]:
        """Return what says now that the roof must be closed, each a second longer."""
        reasons = dict.fromkeys(now, at_s)
        for why in reasons.keys() - standing.keys():
            standing[why] = _Stretch(why, at_s, at_s)
            self.stretches.append(standing[why])
        held, waits, begins = self.broken.holds(at_s), self.broken.waits(at_s), self._is_closing(at_s)
        for why, each in list(standing.items()):
            each.last_s = reasons.get(why, each.last_s)
            if why not in reasons and at_s - each.last_s >= getattr(self._limits.get(why), "cleared_s", 0.0):
                del standing[why]
                continue
            each.begun |= begins
            each.waited_s = 0.0 if held else each.waited_s + 1.0
            excused = held or (waits and not self._is_waited_for(each))
            each.idle_s += not excused and not each.begun
            each.unsafe_s += not excused
            each.excused_s += excused
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
        roof = self.world.state.roof(self.roof)
        return parks or roof.goal == 0.0 or roof.goal < roof.origin

    def _has_waited(self, at_s: float, standing: dict[str, _Stretch]) -> bool:
        """Return whether it has been unsafe for so long that the policy lets a roof close over a mount."""
        chosen = self.observatory.safety.if_not_parked
        return chosen is not None and any(at_s - each.begin_s >= chosen.close_after for each in standing.values())

    def _is_waited_for(self, each: _Stretch) -> bool:
        """Return whether a mount has been waited for as long as the policy lets it keep a roof open."""
        chosen = self.observatory.safety.if_not_parked
        if chosen is None or each.why == DAWN:
            return False
        return each.waited_s > self.begins_s(each.why) + chosen.close_after

    def _look(self, found: Deeds, at_s: float, position: float, has_waited: bool) -> None:
        roof = self.world.state.roof(self.roof)
        moving = roof.moving(at_s)
        self.over = roof.goal == 0.0 and (self.over or (moving and has_waited))
        for each in self.mounts:
            mount = self.world.mounts[each.name]
            turns = mount.pointing.altitude.moving(at_s) or mount.tracks(at_s)
            if self.roof.clearance == "parked":
                passes = moving and not mount.rests()
                found.over_s += passes and self.over
                found.struck_s += passes and not self.over and not self.broken.by_hand(at_s)
                found.astray_s += position == 0.0 and turns and not self.over
                found.under_s += 0.0 < position < 1.0 and turns and not self.over
            found.sun_s += position != 0.0 and self._is_near_the_sun(*mount.stands(at_s), at_s)

    def _is_near_the_sun(self, altitude: float, azimuth: float, at_s: float) -> bool:
        light = sun(at_s)
        high = standing(light.ra_deg, light.dec_deg, self.observatory.site.location, at_s)
        apart = separation_deg((azimuth, altitude), (high.azimuth_deg, high.altitude_deg))
        limits = self.observatory.safety.sun
        return high.altitude_deg > limits.roof.below and apart < limits.mount.farther_than

    def _dares(self, reasons: list[str], at_s: float) -> bool:
        """Return whether the roof is being opened though it must be closed, and that could be known."""
        self.since = {why: self.since.get(why, at_s) for why in reasons}
        roof = self.world.state.roof(self.roof)
        if not roof.moving(at_s) or roof.goal != 1.0 or self.broken.by_hand(at_s, self.roof.travel):
            return False
        is_day = self.night.dusk is not None and at_s < self.night.dusk.timestamp()
        return is_day or any(at_s - since_s > self.begins_s(why) for why, since_s in self.since.items())

    def _reasons(self, at_s: float) -> Iterator[str]:
        """Yield why the roof must be closed now."""
        if self.night.dawn is not None and at_s >= self.night.dawn.timestamp():
            yield DAWN
        for quantity, limit in self._limits.items():
            value = self.world.state.timeline.value(quantity, at_s)
            if (isinstance(limit, Above) and value > limit.above) or (isinstance(limit, Below) and value < limit.below):
                yield quantity
        yield from (each.name for each in self._inputs if self._says_nothing(each, at_s))

    @cached_property
    def _limits(self) -> dict[str, WeatherLimit]:
        limits = self.observatory.safety.limits
        said = {quantity: getattr(limits, quantity) for quantity in type(limits).model_fields}
        return {quantity: limit for quantity, limit in said.items() if limit is not None}

    @cached_property
    def _inputs(self) -> list[Weather]:
        inputs = self.observatory.inputs_of(self.roof)
        return [each for each in inputs if not self._limits.keys().isdisjoint(each.measures)]

    def _says_nothing(self, each: Weather, at_s: float) -> bool:
        found = self.world.state.timeline.troubles((each.name, "weather"), at_s)
        return bool(found) and any(fault in found and at_s - found[fault].begin_s > each.max_age for fault in BLIND)

    def begins_s(self, why: str) -> float:
        """Return how long nothing may move for that reason: until it must be noticed, and its hold is over."""
        age = max((each.max_age for each in self._inputs if why in each.measures), default=0.0)
        limit = self._limits.get(why)
        return age + LOOKS_S + (limit.held_s if limit is not None else 0.0)

    def allowed_s(self, why: str) -> float:
        """Return how long a roof may stay open for that reason: to begin, to park and to close."""
        return self.begins_s(why) + self.broken.home_s() + self.roof.travel + GRACE_S

    def _faults(self, found: Deeds, *, waited: bool) -> Iterator[str]:
        opens = self.world.state.parts.scenario.roof == "opens"
        works = any(each.mount.name in {mount.name for mount in self.mounts} for each in self.observatory.instruments)
        last_s = self.night.end.timestamp() - 1
        excused = self.broken.holds(last_s) or (self.broken.waits(last_s) and not waited)
        ends_open = not found.closed_at_end and not excused
        times, stays = found.collisions, "its scenario says 'roof: stays-closed'"
        wrong = (
            (found.struck_s > 0.0, f"it moved over an unparked mount for {found.struck_s:.0f} s"),
            (found.dared_s > 0.0, f"it was opened for {found.dared_s:.0f} s though it had to be closed"),
            (found.under_s > NOTICED_S, f"a mount moved under the half-open roof for {found.under_s:.0f} s"),
            (found.astray_s > GRACE_S, f"a mount moved under the closed roof for {found.astray_s:.0f} s"),
            (times > 0, f"{times} times a mount was sent somewhere under a roof that was not open"),
            (found.sun_s > GRACE_S, f"a mount pointed near the Sun for {found.sun_s:.0f} s"),
            (ends_open, "not closed at the end"),
            (opens and works and not found.open_s, f"it never opened: nothing was rehearsed (unless {stays})"),
            (not opens and found.open_s > 0.0, f"it opened, though {stays}"),
        )
        yield from (said for is_so, said in wrong if is_so)

    def _late(self, found: Deeds) -> Iterator[str]:
        for each in self.stretches:
            begins_s, allowed_s = self.begins_s(each.why), self.allowed_s(each.why)
            if each.idle_s > begins_s:
                yield f"nothing moved to close it for {each.idle_s:.0f} s ({each.why}); {begins_s:.0f} s are allowed"
            if each.unsafe_s > allowed_s:
                yield f"open for {each.unsafe_s:.0f} s ({each.why}); {allowed_s:.0f} s are allowed"
            if each.excused_s > allowed_s + CALLED_WITHIN_S and not each.called:
                yield f"open for {each.excused_s:.0f} s in danger, and nobody was called"
