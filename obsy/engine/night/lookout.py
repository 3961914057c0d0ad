"""Reads every weather input at its own pace, and tells the night when the verdict turns."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from obsy.engine.devices.ports import Clock, Reading, WeatherInput
from obsy.engine.night.conditions import Memory, Source, Verdict, judge
from obsy.errors import DeviceError
from obsy.schemas.policy import Safety
from obsy.schemas.weather import Weather

ANSWER_S = 10.0
"""An input that has not answered by then did not answer."""
NOTED_EVERY = timedelta(minutes=5)

Tell = Callable[[Verdict], Awaitable[None]]
Note = Callable[..., None]


class Lookout:
    """The newest word of every input, and the verdict on it."""

    def __init__(self, clock: Clock, safety: Safety, inputs: tuple[Weather, ...], ports: dict[str, WeatherInput]) -> None:
        """Nothing has been read, so nothing is safe."""
        self._clock, self._safety, self._inputs, self._ports = clock, safety, inputs, ports
        self._newest: dict[str, Reading] = {}
        self._memory = Memory({}, clock.now())
        self._noted: datetime | None = None

    def trust_the_open_roof(self) -> None:
        """Take over a roof that is open already: what holds now counts, and no dwell is owed."""
        self._memory = Memory({}, None)

    async def watch(self, tell: Tell, note: Note) -> None:
        """Read for ever; every turn of the verdict is told before anything else is read."""
        last: Verdict | None = None
        next_read = {each.name: self._clock.now() for each in self._inputs}
        while True:
            await self._read([each for each in self._inputs if next_read[each.name] <= self._clock.now()], next_read)
            verdict = self.verdict()
            if last is None or verdict.safe != last.safe:
                last = verdict
                await tell(verdict)
            self._write(note)
            await self._clock.sleep((min(next_read.values()) - self._clock.now()).total_seconds())

    def verdict(self) -> Verdict:
        """What the newest readings say at this moment."""
        sources = tuple(
            Source(each.name, each.measures, each.max_age, self._newest.get(each.name)) for each in self._inputs
        )
        verdict, self._memory = judge(self._safety, sources, self._memory, self._clock.now())
        return verdict

    async def read_all(self) -> None:
        """One reading of every input that answers."""
        await self._read(list(self._inputs), {})

    async def _read(self, inputs: list[Weather], next_read: dict[str, datetime]) -> None:
        """Ask those that are due, at the same time; one that does not answer keeps its last word, which grows old."""
        answers = await asyncio.gather(*(self._ask(each.name) for each in inputs))
        for each, reading in zip(inputs, answers, strict=True):
            next_read[each.name] = self._clock.now() + timedelta(seconds=each.every)
            if reading is not None:
                self._newest[each.name] = reading

    async def _ask(self, name: str) -> Reading | None:
        try:
            return await asyncio.wait_for(self._ports[name].read(), ANSWER_S)
        except (DeviceError, TimeoutError):
            return None

    def _write(self, note: Note) -> None:
        """Note the weather now and then, for the report and for replays."""
        now = self._clock.now()
        if self._noted is not None and now - self._noted < NOTED_EVERY:
            return
        self._noted = now
        fresh = {
            quantity: round(value, 2)
            for each in self._inputs
            if (reading := self._newest.get(each.name)) and (now - reading.taken_at).total_seconds() <= each.max_age
            for quantity, value in sorted(reading.values.items())
        }
        note("weather", **fresh)
