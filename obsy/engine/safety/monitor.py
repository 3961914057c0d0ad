"""Reads every weather input at its own pace, and tells when the verdict turns."""

import asyncio
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from math import copysign, inf
from typing import Any

from obsy.engine.declare.overrides import Overrides
from obsy.engine.devices.ports import Clock, Reading, WeatherPort
from obsy.engine.events import Event, Log
from obsy.engine.events.roof import AlarmRaised, OverrideBegun, OverrideEnded, WeatherNoted
from obsy.engine.journal import stamp, tell_stderr
from obsy.engine.safety.asking import ask, told
from obsy.engine.safety.evidence import EvidenceLog
from obsy.engine.safety.judging import UNREAD, Evidence, Judging
from obsy.engine.safety.steady import SteadyTime
from obsy.engine.safety.verdict import JudgedInput, Verdict
from obsy.errors import DeviceError
from obsy.schemas.override import Override
from obsy.schemas.policy import Safety
from obsy.schemas.weather import Weather
from obsy.units import WEATHER

ANSWER_S = 10.0
"""An input that has not answered by then did not answer."""
NOTED_EVERY_S = 300.0
ROUNDED_S = 0.01
"""What adding up seconds may lose."""
LARGEST = sys.float_info.max
"""What is beyond it, JSON cannot say."""
CENTURY = range(1970, 2170)
"""Times far outside it cannot be reckoned with."""
LONGEST_REASON = 200
NO_OVERRIDES = Overrides()

Tell = Callable[[Verdict], None]


class WeatherMonitor:
    """The newest word of every input, and the verdict on it."""

    def __init__(
        self,
        clock: Clock,
        safety: Safety,
        inputs: tuple[Weather, ...],
        ports: Mapping[str, WeatherPort],
        overrides: Overrides = NO_OVERRIDES,
    ) -> None:
        """Nothing has been read, so nothing is safe."""
        self._clock, self._inputs, self._ports = clock, inputs, ports
        self._time = SteadyTime(clock)
        known = (JudgedInput(each.name, each.measures, each.max_age) for each in inputs)
        self._judging = Judging(safety, known, self._now(), overrides.honoured)
        self._refused = list(overrides.refused)
        self._evidence = EvidenceLog(self._judging, self._now(), self._say)
        self._reading: dict[str, asyncio.Task[None]] = {}
        self._due_s = dict.fromkeys((each.name for each in inputs), clock.monotonic())
        self._turn_s, self._note_s = -inf, clock.monotonic()
        """When the verdict may turn by itself, and when the weather is noted next."""
        self._tell: Tell | None = None
        self._note: Log = lambda event: None

    @property
    def current(self) -> Verdict:
        """The verdict of the last second."""
        return self._judging.current

    def listen(self, tell: Tell, note: Log) -> None:
        """Tell of the verdict once every input has been asked, and then of each turn; note the weather now and then.

        Neither may wait for anything, nor raise.
        """
        self._tell, self._note = tell, note

    def restate(self) -> bool:
        """Note all that the verdict rests on, for whoever begins to listen; return whether there is one."""
        self._evidence.restate(self._now())
        return self.current != UNREAD

    def trust_the_open_roof(self) -> None:
        """Take over a roof that is open already: what holds now counts, and no dwell is owed."""
        self._evidence.take(Evidence(self._now(), trusts=True))

    def look(self) -> None:
        """Begin to read each input whose time has come, and judge; to be called every second.

        Nothing is waited for: an input that is silent delays no other, and is not asked again meanwhile.
        """
        self._enforce()
        now_s = self._clock.monotonic() + ROUNDED_S
        for each in self._inputs:
            if now_s >= self._due_s[each.name]:
                self._begin_reading(each)
        if now_s >= self._turn_s or self._time.is_set():
            self._judge(Evidence(self._now()))
        elif now_s >= self._note_s:
            self._write()

    def _enforce(self) -> None:
        """Let each override begin and end at its time; it must be so by the clock, and by the time that nobody sets."""
        while self._refused:
            self._say(AlarmRaised(reason=self._refused.pop()))
        if not (known := self._judging.overrides):
            return
        times = self._now(), self._clock.now()
        names = tuple(name for name, each in known.items() if all(each.since <= at < each.until for at in times))
        before = self._judging.overriding
        if names == before:
            return
        for name in [name for name in known if (name in names) != (name in before)]:
            self._tell_of(known[name], OverrideBegun if name in names else OverrideEnded)
        self._judge(Evidence(self._now(), overrides=names))

    def tell_overrides(self) -> None:
        """Tell whoever begins to hear what is in force already."""
        for name in self._judging.overriding:
            self._tell_of(self._judging.overrides[name], OverrideBegun)

    def _tell_of(self, each: Override, event: type[OverrideBegun] | type[OverrideEnded]) -> None:
        said = {"override": each.name, "owner": each.owner, "what": each.what, "reason": each.reason}
        self._say(event(**said, until=stamp(each.until)))

    def distrust(self, why: str) -> None:
        """Let something else that is not safe count as an unsafe reading now."""
        self._judge(Evidence(self._now(), why=why))

    async def read_all(self) -> None:
        """Return when every input has been read, or has not answered, all at the same time."""
        await asyncio.gather(*(self._begin_reading(each) for each in self._inputs))

    def close(self) -> None:
        """Read nothing any more."""
        for task in self._reading.values():
            task.cancel()

    def _begin_reading(self, each: Weather) -> "asyncio.Task[None]":
        if each.name not in self._reading:
            self._due_s[each.name] = inf
            self._reading[each.name] = asyncio.ensure_future(self._read(each))
        return self._reading[each.name]

    async def _read(self, each: Weather) -> None:
        """One that does not answer keeps its last word, which grows old."""
        try:
            seen = await self._ask(each.name)
        finally:
            del self._reading[each.name]
            self._due_s[each.name] = self._clock.monotonic() + each.every
        self._judge(seen)

    def _judge(self, seen: Evidence) -> None:
        """Judge what is known, and tell of a turn."""
        judging = self._judging
        if self._time.is_set() and (not judging.unasked or seen.why):
            self._take(Evidence(seen.at, why=self._time.step()))
        self._take(seen)
        if judging.unasked:
            return
        left = ((turn - seen.at).total_seconds() for turn in judging.turns(seen.at))
        self._turn_s = self._clock.monotonic() + min(left, default=inf)
        if self._clock.monotonic() + ROUNDED_S >= self._note_s:
            self._write()

    def _take(self, seen: Evidence) -> None:
        if self._evidence.take(seen) and self._tell is not None:
            self._tell(self.current)

    def _say(self, event: Event) -> None:
        try:
            self._note(event)
        except Exception as fault:  # whoever cannot be told keeps nothing from being judged
            tell_stderr(f"obsy: not noted ({told(fault)}): {event.name}")

    def verdict(self) -> Verdict:
        """What the newest readings say at this moment, unless something else is not safe."""
        self._judge(Evidence(self._now()))
        return self.current

    def is_bad(self) -> bool:
        """Return whether the weather itself is unsafe at this moment, whatever dwell is owed and whatever else is."""
        return self._judging.is_bad(self._now())

    def _now(self) -> datetime:
        return _noted(self._time.now())

    async def _ask(self, name: str) -> Evidence:
        """Return its reading, or why there is none: whatever a driver does wrong is no evidence."""

        async def understood() -> Reading:  # asked as a whole: an answer may be such that to look at it raises
            reading = await self._ports[name].read()
            if not _is_understood(reading):
                raise DeviceError("what it says is no dated reading")
            values = {quantity: _number(value) for quantity, value in dict(reading.values).items()}
            return Reading(values, _noted(self._time.since(reading.taken_at)))

        try:
            reading = await ask(f"the weather input '{name}'", understood, ANSWER_S)
        except DeviceError as error:
            return Evidence(self._now(), name, None, str(error)[:LONGEST_REASON] or "it gives no reason")
        return Evidence(self._now(), name, reading)

    def _write(self) -> None:
        """Note the weather now and then, for the report."""
        now, self._note_s = self._now(), self._clock.monotonic() + NOTED_EVERY_S
        fresh: dict[str, Any] = {
            quantity: round(value, 2)
            for each in self._inputs
            if (reading := self._judging.newest.get(each.name))
            and (now - reading.taken_at).total_seconds() <= each.max_age
            for quantity, value in sorted(reading.values.items())
            if quantity in WEATHER and abs(value) <= LARGEST  # not a number is not
        }
        self._note(WeatherNoted(**fresh))


def _noted(when: datetime) -> datetime:
    """Return a time as the journal can say it: nothing is judged that cannot be judged again."""
    return when.replace(microsecond=when.microsecond // 1000 * 1000) if when.microsecond % 1000 else when


def _number(value: float) -> float:
    """Return a reading as a float; an int may be larger than every float."""
    try:
        return float(value)
    except OverflowError:
        return copysign(inf, value > 0 or -1)


def _is_understood(reading: object) -> bool:
    """Return whether it is numbers by name, with the time at which they were measured."""
    if not isinstance(reading, Reading) or not isinstance(reading.taken_at, datetime):
        return False
    if not isinstance(reading.values, Mapping) or not all(isinstance(name, str) for name in reading.values):
        return False
    numbers = all(isinstance(value, float | int) and not isinstance(value, bool) for value in reading.values.values())
    return numbers and reading.taken_at.utcoffset() is not None and reading.taken_at.year in CENTURY
