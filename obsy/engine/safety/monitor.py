"""Reads every weather input at its own pace, and tells when the verdict turns."""

import asyncio
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from math import inf
from typing import Any

from obsy.engine.devices.ports import Clock, Reading, WeatherPort
from obsy.engine.events import Log
from obsy.engine.events.roof import WeatherNoted
from obsy.engine.safety.asking import ask, told
from obsy.engine.safety.steady import SteadyTime
from obsy.engine.safety.verdict import InputState, Verdict, VerdictMemory, judge, named
from obsy.errors import DeviceError
from obsy.schemas.policy import Safety
from obsy.schemas.weather import Weather
from obsy.units import WEATHER

ANSWER_S = 10.0
"""An input that has not answered by then did not answer."""
JUST_AFTER = timedelta(milliseconds=1)
NOTED_EVERY_S = 300.0
ROUNDED_S = 0.01
"""What adding up seconds may lose."""
LARGEST = sys.float_info.max
"""What is beyond it, JSON cannot say."""
CENTURY = range(1970, 2170)
"""Times far outside it cannot be reckoned with."""
LONGEST_REASON = 200

UNREAD = Verdict(False, "nothing has been read yet")
Tell = Callable[[Verdict], None]


class WeatherMonitor:
    """The newest word of every input, and the verdict on it."""

    def __init__(
        self, clock: Clock, safety: Safety, inputs: tuple[Weather, ...], ports: Mapping[str, WeatherPort]
    ) -> None:
        """Nothing has been read, so nothing is safe."""
        self._clock, self._safety, self._inputs, self._ports = clock, safety, inputs, ports
        self._newest: dict[str, Reading] = {}
        self._failing: dict[str, str] = {}
        self._time = SteadyTime(clock)
        self._memory = VerdictMemory({}, self._time.now())
        self._distrusted = ""
        self._reading: dict[str, asyncio.Task[None]] = {}
        self._due_s = dict.fromkeys((each.name for each in inputs), clock.monotonic())
        self._unasked = set(self._due_s)
        self._turn_s, self._note_s = -inf, clock.monotonic()
        """When the verdict may turn by itself, and when the weather is noted next."""
        self._tell: Tell | None = None
        self._note: Log = lambda event: None
        self.current = UNREAD
        """The verdict of the last second."""

    def listen(self, tell: Tell, note: Log) -> None:
        """Tell of the verdict once every input has been asked, and then of each turn; note the weather now and then.

        Neither may wait for anything, nor raise.
        """
        self._tell, self._note = tell, note

    def trust_the_open_roof(self) -> None:
        """Take over a roof that is open already: what holds now counts, and no dwell is owed."""
        self._memory = VerdictMemory({}, None)

    def look(self) -> None:
        """Begin to read each input whose time has come, and judge; to be called every second.

        Nothing is waited for: an input that is silent delays no other, and is not asked again meanwhile.
        """
        now_s = self._clock.monotonic() + ROUNDED_S
        for each in self._inputs:
            if now_s >= self._due_s[each.name]:
                self._begin_reading(each)
        if now_s >= self._turn_s or self._time.is_set():
            self._judge()
        elif now_s >= self._note_s:
            self._write()

    def distrust(self, why: str) -> None:
        """Let something else that is not safe count as an unsafe reading now."""
        self._distrusted = why
        self._judge()

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
            if (reading := await self._ask(each.name)) is not None:
                self._newest[each.name] = reading
        finally:
            del self._reading[each.name]
            self._due_s[each.name] = self._clock.monotonic() + each.every
        self._unasked.discard(each.name)
        self._judge()

    def _judge(self) -> None:
        """Judge what is known, and tell of a turn."""
        if self._unasked and not self._distrusted:
            return
        verdict, was = self.verdict(), self.current
        now, self.current = self._time.now(), verdict
        left = ((turn - now).total_seconds() for turn in self._turns(now))
        self._turn_s = self._clock.monotonic() + min(left, default=inf)
        if self._tell is not None and (verdict.safe != was.safe or was is UNREAD):
            self._tell(verdict)
        if not self._unasked and self._clock.monotonic() + ROUNDED_S >= self._note_s:
            self._write()

    def verdict(self) -> Verdict:
        """What the newest readings say at this moment, unless something else is not safe."""
        now = self._time.now()
        why, self._distrusted = self._distrusted or self._time.step(), ""
        if why:
            self._memory = replace(self._memory, last_unsafe=now)
            return Verdict(False, why)
        try:
            verdict, self._memory = judge(self._safety, self._sources(), self._memory, now)
        except Exception as fault:  # ours: what cannot be judged is not safe
            self._memory = replace(self._memory, last_unsafe=now)
            return Verdict(False, f"the weather cannot be judged: {told(fault)}")
        return verdict

    def is_bad(self) -> bool:
        """Return whether the weather itself is unsafe at this moment, whatever dwell is owed and whatever else is."""
        now = replace(self._memory, last_unsafe=None), self._time.now()
        try:
            return not judge(self._safety, self._sources(), *now)[0].safe
        except Exception:  # ours: what cannot be judged is not safe
            return True

    def _sources(self) -> tuple[InputState, ...]:
        return tuple(
            InputState(
                each.name, each.measures, each.max_age, self._newest.get(each.name), self._failing.get(each.name, "")
            )
            for each in self._inputs
        )

    def _turns(self, now: datetime) -> list[datetime]:
        """The moments to come at which the word of an input expires, or a hold ends."""
        expiries = [
            self._newest[each.name].taken_at + timedelta(seconds=each.max_age) + JUST_AFTER
            for each in self._inputs
            if each.name in self._newest
        ]
        holds = [
            self._memory.broken_since[quantity] + timedelta(seconds=hold_s)
            for quantity, limit in named(self._safety.limits)
            if quantity in self._memory.broken_since and (hold_s := getattr(limit, "hold_for", None))
        ]
        return [turn for turn in (*expiries, *holds) if turn > now]

    async def _ask(self, name: str) -> Reading | None:
        """Return its reading; None for whatever a driver does wrong, since that is no evidence."""

        async def understood() -> Reading:  # asked as a whole: an answer may be such that to look at it raises
            reading = await self._ports[name].read()
            if not _is_understood(reading):
                raise DeviceError("what it says is no dated reading")
            return Reading(dict(reading.values), self._time.since(reading.taken_at))

        try:
            reading = await ask(f"the weather input '{name}'", understood, ANSWER_S)
        except DeviceError as error:
            self._failing[name] = str(error)[:LONGEST_REASON]
            return None
        self._failing[name] = ""
        return reading

    def _write(self) -> None:
        """Note the weather now and then, for the report and for replays."""
        now, self._note_s = self._time.now(), self._clock.monotonic() + NOTED_EVERY_S
        fresh: dict[str, Any] = {
            quantity: round(value, 2)
            for each in self._inputs
            if (reading := self._newest.get(each.name)) and (now - reading.taken_at).total_seconds() <= each.max_age
            for quantity, value in sorted(reading.values.items())
            if quantity in WEATHER and abs(value) <= LARGEST  # not a number is not
        }
        self._note(WeatherNoted(**fresh))


def _is_understood(reading: object) -> bool:
    """Return whether it is numbers by name, with the time at which they were measured."""
    if not isinstance(reading, Reading) or not isinstance(reading.taken_at, datetime):
        return False
    if not isinstance(reading.values, Mapping) or not all(isinstance(name, str) for name in reading.values):
        return False
    numbers = all(isinstance(value, float | int) and not isinstance(value, bool) for value in reading.values.values())
    return numbers and reading.taken_at.utcoffset() is not None and reading.taken_at.year in CENTURY
