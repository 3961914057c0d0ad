"""Faults of any class, lies and hangs, in any order and at any time: no roof is left open, and none strikes a mount."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from obsy.engine.devices.ports import Reading
from obsy.errors import DeviceError
from tests.support.effort import EFFORT, costly
from tests.support.lying import EXCEPTIONS, LIES, PLACES, WAYS, Lies
from tests.support.safety import HASTY, Shed, kept

SEQUENCES = 1000 if EFFORT > 1 else 100
"""Ten thousand in `make drills`."""
DWELL_S, FAULTS_S, HEALS_S = 65.0, 400.0, 600.0
"""It opens after a safe dwell; faults begin and end within so long; then whatever hangs has its deadlines."""
QUICK = (Phase.explicit, Phase.reuse, Phase.generate)
CALLS = {
    "roof": ("close", "close", "state", "open", "stop"),
    "mount": ("park", "park", "state", "stop", "unpark", "place"),
    "weather": ("read",),
}
ANY = st.one_of(st.sampled_from(LIES), st.sampled_from(tuple(EXCEPTIONS)))


@dataclass(frozen=True)
class Fault:
    """From a second on, and for so many, a call of a device does this instead."""

    device: str
    call: str
    way: str
    begin_s: int
    lasts_s: int


@st.composite
def faults(draw: st.DrawFn) -> Fault:
    """A fault of any device."""
    device = draw(st.sampled_from(tuple(CALLS)))
    call = draw(st.sampled_from(CALLS[device]))
    way = draw(st.sampled_from(PLACES) if call == "place" else ANY)
    return Fault(device, call, way, draw(st.integers(0, 250)), draw(st.sampled_from([5, 30, 150])))


class Night:
    """A keeper's roof, and somebody who wants it open all the time."""

    def __init__(self, told: list[Fault], rains_at_s: int) -> None:
        self.told, self.rains_at_s = told, rains_at_s
        self.shed = Shed(lasts_s=1e6, policy=HASTY)
        self.sensor = Lies(self.shed.clock)
        self.keeper = kept(self.shed.shelter, {"rain": self})
        self.keeper.hear(self.shed.events.append)
        self.begun_s = 0.0

    async def read(self) -> Reading:
        """Its rain sensor."""

        async def measured() -> Reading:
            rains = self.begun_s and self.shed.elapsed_s - self.begun_s >= self.rains_at_s
            return Reading({"rain": 5.0 if rains else 0.0}, self.shed.clock.now())

        found: Reading = await self.sensor.through("read", measured)
        return found

    async def want_it_open(self) -> None:
        """Open it, and let the mount work, for as long as the keeper lets it."""
        while True:
            with suppress(DeviceError):
                await self.keeper.open()
                if self.shed.roof.at == 1.0:
                    self.shed.mounts[0].home = False
            await self.shed.clock.sleep(20.0)

    async def keep_renewing(self) -> None:
        """Want it to stay open, rain or not."""
        while True:
            self.keeper.renew()
            await self.shed.clock.sleep(5.0)

    async def play(self) -> None:
        """The night, from a safe dwell to a while after the last fault."""
        shed, clock = self.shed, self.shed.clock
        keeping = asyncio.ensure_future(self.keeper.run())
        await clock.sleep(DWELL_S)
        wanting = {asyncio.ensure_future(work) for work in (self.want_it_open(), self.keep_renewing())}
        await clock.sleep(60.0)
        self.begun_s = shed.elapsed_s
        lies = {"roof": shed.roof.lies, "mount": shed.mounts[0].lies, "weather": self.sensor}
        for second in range(int(FAULTS_S)):
            for each in self.told:
                if each.begin_s == second:
                    until = clock.now() + timedelta(seconds=each.lasts_s)
                    lies[each.device].tell(each.call, each.way, clock.now(), until)
            await clock.sleep(1.0)
            assert shed.roof.struck == [], second
        await clock.sleep(HEALS_S)
        assert not keeping.done()
        for task in (keeping, *wanting):
            task.cancel()
        await asyncio.wait({keeping, *wanting})


def test_every_class_of_exception_is_among_them() -> None:
    some = ("KeyError", "SystemExit", "GeneratorExit", "MemoryError", "OSError")
    assert {f"raises {name}" for name in some} <= set(WAYS)
    assert len(EXCEPTIONS) > 40


@pytest.mark.timeout(3600)
@settings(max_examples=costly(SEQUENCES), phases=QUICK, deadline=None)
@given(told=st.lists(faults(), max_size=6), rains_at_s=st.integers(0, 300))
def test_in_rain_the_roof_is_closed_once_nothing_is_broken_and_it_never_strikes(
    told: list[Fault], rains_at_s: int
) -> None:
    night = Night(told, rains_at_s)
    night.shed.run(night.play())
    assert night.shed.roof.struck == []
    assert night.shed.roof.at == 0.0
