"""Reads every weather input at its own pace, and tells the night when the verdict turns."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
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
NOTED_EVERY = timedelta(minutes=5)
LARGEST = sys.float_info.max
"""What is beyond it, JSON cannot say."""
CENTURY = range(1970, 2170)
"""Times far outside it cannot be reckoned with."""
LONGEST_REASON = 200

Tell = Callable[[Verdict], Awaitable[None]]


class WeatherMonitor:
    """The newest word of every input, and the verdict on it."""

    def __init__(
        self, clock: Clock, safety: Safety, inputs: tuple[Weather, ...], ports: dict[str, WeatherPort]
    ) -> None:
        """Nothing has been read, so nothing is safe."""
        self._clock, self._safety, self._inputs, self._ports = clock, safety, inputs, ports
        self._newest: dict[str, Reading] = {}
        self._failing: dict[str, str] = {}
        self._time = SteadyTime(clock)
        self._memory = VerdictMemory({}, self._time.now())
        self._distrusted = ""
        self._noted: datetime | None = None
        self._read_anew = asyncio.Event()

    def trust_the_open_roof(self) -> None:
        """Take over a roof that is open already: what holds now counts, and no dwell is owed."""
        self._memory = VerdictMemory({}, None)

    async def watch(self, tell: Tell, note: Log) -> None:
        """Read for ever, each input at its own pace, so that one that is silent delays no other; tell of every turn."""
        await self.read_all()
        async with asyncio.TaskGroup() as readers:
            for each in self._inputs:
                readers.create_task(self._keep_reading(each))
            last: Verdict | None = None
            while True:
                verdict = self.verdict()
                if last is None or verdict.safe != last.safe:
                    last = verdict
                    await tell(verdict)
                self._write(note)
                await self._wait()

    def distrust(self, why: str) -> None:
        """Let something else that is not safe count as an unsafe reading now."""
        self._distrusted = why
        self._read_anew.set()

    def verdict(self) -> Verdict:
        """What the newest readings say at this moment, unless something else is not safe."""
        now = self._time.now()
        why, self._distrusted = self._distrusted or self._time.step(), ""
        if why:
            self._memory = replace(self._memory, last_unsafe=now)
            return Verdict(False, why)
        sources = tuple(
            InputState(
                each.name, each.measures, each.max_age, self._newest.get(each.name), self._failing.get(each.name, "")
            )
            for each in self._inputs
        )
        try:
            verdict, self._memory = judge(self._safety, sources, self._memory, now)
        except Exception as fault:  # ours: what cannot be judged is not safe
            self._memory = replace(self._memory, last_unsafe=now)
            return Verdict(False, f"the weather cannot be judged: {told(fault)}")
        return verdict

    async def read_all(self) -> None:
        """One reading of every input that answers, all at the same time."""
        await asyncio.gather(*(self._read(each) for each in self._inputs))

    async def _keep_reading(self, each: Weather) -> None:
        while True:
            await self._clock.sleep(each.every)
            await self._read(each)
            self._read_anew.set()

    async def _read(self, each: Weather) -> None:
        """One that does not answer keeps its last word, which grows old."""
        reading = await self._ask(each.name)
        if reading is not None:
            self._newest[each.name] = reading

    async def _wait(self) -> None:
        """Until something was read, or what is known turns by itself."""
        wait_s = min(((turn - self._time.now()).total_seconds() for turn in self._turns()), default=None)
        with suppress(TimeoutError):
            async with asyncio.timeout(wait_s):  # wait_for of Python 3.11 may swallow the night's cancellation
                await self._read_anew.wait()
        self._read_anew.clear()

    def _turns(self) -> list[datetime]:
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
        return [turn for turn in (*expiries, *holds) if turn > self._time.now()]

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

    def _write(self, note: Log) -> None:
        """Note the weather now and then, for the report and for replays."""
        now = self._time.now()
        if self._noted is not None and now - self._noted < NOTED_EVERY:
            return
        self._noted = now
        fresh: dict[str, Any] = {
            quantity: round(value, 2)
            for each in self._inputs
            if (reading := self._newest.get(each.name)) and (now - reading.taken_at).total_seconds() <= each.max_age
            for quantity, value in sorted(reading.values.items())
            if quantity in WEATHER and abs(value) <= LARGEST  # not a number is not
        }
        note(WeatherNoted(**fresh))


def _is_understood(reading: object) -> bool:
    """Return whether it is numbers by name, with the time at which they were measured."""
    if not isinstance(reading, Reading) or not isinstance(reading.taken_at, datetime):
        return False
    if not isinstance(reading.values, Mapping) or not all(isinstance(name, str) for name in reading.values):
        return False
    numbers = all(isinstance(value, float | int) and not isinstance(value, bool) for value in reading.values.values())
    return numbers and reading.taken_at.utcoffset() is not None and reading.taken_at.year in CENTURY
