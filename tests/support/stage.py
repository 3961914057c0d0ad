"""A night under one roof, on devices that may lie: it is played in steps, and anything may be broken between two."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from obsy.engine.declare.instrument import Instrument
from obsy.engine.devices.ports import Job
from obsy.engine.devices.simulated.clock import VirtualClock, VirtualLoop
from obsy.engine.events import Event
from obsy.engine.intent import Intent
from obsy.engine.night.context import NightContext, NightRules
from obsy.engine.night.loop import Loop
from obsy.engine.night.ports import Ports
from obsy.engine.night.tally import Tally
from obsy.engine.safety.guard import GuardedMount
from obsy.engine.safety.shelter import Shelter, ShelteredMount
from obsy.engine.schedule.request import Block
from obsy.engine.sky.grid import Window
from obsy.engine.sky.twilight import Night
from obsy.schemas.calibration import Calibration
from obsy.schemas.night import NightTable
from obsy.schemas.site import Site
from obsy.schemas.train import Train
from tests.support import fakes
from tests.support.lying import LyingMount, LyingRoof
from tests.support.requests import request
from tests.support.safety import HASTY, NERPIO, a_mount, an_enclosure, kept

ROOT = Path(__file__).parents[2]
DUSK = datetime(2026, 11, 21, 18, tzinfo=UTC)
START, LATER, DAWN, END = (DUSK + timedelta(minutes=minutes) for minutes in (-2, 5, 12, 40))
"""A night is as short as its stories allow: its watch looks at everything every second."""
NIGHT = Night(date(2026, 11, 21), START, END, START, DUSK, DAWN, DAWN, (Window(DUSK, DAWN),))


def document(place: str) -> Any:
    """The first document of a file of the example."""
    return next(iter(YAML(typ="safe").load_all((ROOT / place).read_text())))


TABLE = NightTable.model_validate(document("library/nights/roll-off.yaml"))
TRAIN = Train.model_validate(document("site/newton.yaml"))
SITE = Site.model_validate(document("site/site.yaml"))
CALIBRATION = Calibration.model_validate(document("library/calibration.yaml"))


@dataclass
class BlockTaker:
    """An Executor that slews its mount and takes its time; it knows whether it is at work."""

    mount: GuardedMount
    clock: VirtualClock
    busy: bool = False
    slews: int = 0
    is_deaf: bool = False
    """Whether it does not let go when it is told to end."""

    @property
    def focused(self) -> Mapping[str, datetime]:
        return {}

    async def run(self, job: Job) -> AsyncGenerator[Path, None]:
        self.busy = True
        try:
            self.slews += 1
            await self.mount.slew(job.pointing)
            for number in range(job.count):
                await self.clock.sleep(job.exposure.seconds)
                yield Path(f"{job.object}_{self.clock.now().timestamp():.0f}_{number}.fits")
        finally:
            if self.is_deaf:
                await self.clock.sleep(3600.0)
            self.busy = False


@dataclass
class Stage:
    """One enclosure's night, from its table's beginning on."""

    clearance: str = "parked"
    night: Night = NIGHT
    start: datetime = START
    table: NightTable = TABLE
    journal: Any = field(default_factory=fakes.FakeJournal)
    pointing: tuple[float, float] = (90.0, 40.0)
    """Where the plan's target is: right ascension and declination, degrees."""
    rain: float | None = 0.0
    """What falls, mm/h; None while the sensor is dead."""

    def __post_init__(self) -> None:
        self.loop = VirtualLoop()
        self.clock = VirtualClock(self.start, self.loop)
        self.runner = asyncio.Runner(loop_factory=lambda: self.loop)
        self.mount, self.declared = LyingMount(self.clock), a_mount()
        self.roof = LyingRoof(self.clock, (self.mount,), clears=self.clearance == "free")
        self.sensor = fakes.FakeWeatherInput(self.clock, lambda _: None if self.rain is None else {"rain": self.rain})
        guarded = GuardedMount(self.mount, self.declared, HASTY.sun, NERPIO, self.clock)
        self.executor = BlockTaker(guarded, self.clock)
        self.shelter = Shelter(
            self.clock,
            NERPIO,
            an_enclosure(self.clearance),
            self.roof,
            (ShelteredMount(self.declared, self.mount),),
            HASTY,
            ends=self.night.end,
        )
        self.keeper = kept(self.shelter, {"rain": self.sensor})
        self.context = self._context(guarded)
        self.keeping: asyncio.Task[None] | None = None
        self.task: asyncio.Task[None] | None = None

    def _context(self, guarded: GuardedMount) -> NightContext:
        enclosure = an_enclosure(self.clearance)
        instrument = Instrument(TRAIN, self.declared, enclosure, SITE, CALIBRATION)
        rules = NightRules(HASTY, enclosure, (self.declared,), {"newton": instrument}, 30.0)
        executors = {"gem": self.executor}
        ports = Ports(self.clock, self.keeper, {"gem": guarded}, executors)
        return NightContext(
            self.night, rules, ports, fakes.FakeProcessing(), self.journal, Tally(), self.plan, lambda tally, now: ()
        )

    def plan(self, tally: Tally, now: datetime, away: object = ()) -> Intent:
        """Ten minutes of work, whenever they are asked for before dawn."""
        wanted = request()
        dawn = self.night.dawn or now
        block = Block(wanted, 10, now, now + timedelta(minutes=10), *self.pointing, -1.0)
        return Intent(self.night.date, "here", self.night.dusk, dawn, (block,) if now < dawn else (), (), ())

    def keep(self) -> None:
        """Let the keeper begin to keep the roof."""

        async def _keep() -> asyncio.Task[None]:
            self.keeper.hear(self.context.note)
            return asyncio.get_running_loop().create_task(self.keeper.run())

        self.keeping = self.runner.run(_keep())

    def begin(self, state: str | None = None) -> None:
        """Begin the night, in a state of the table if one is named; it goes on while it is let."""
        if self.keeping is None:
            self.keep()

        async def _begin() -> asyncio.Task[None]:
            return asyncio.get_running_loop().create_task(Loop(self.table, self.context).run(state))

        self.task = self.runner.run(_begin())

    def go_on(self, seconds: float) -> None:
        """Let the night go on for so long."""
        self.runner.run(self.clock.sleep(seconds))

    def go_on_until_closed(self, within_s: float) -> None:
        """Let it go on until the roof is closed, or for so long, and three dwells more: it must stay closed."""
        until = self.now() + timedelta(seconds=within_s)
        while self.roof.at != 0.0 and self.now() < until:
            self.go_on(30.0)
        self.go_on(3.0 * HASTY.dwell)

    def go_on_until(self, so: Callable[[], bool], within_s: float) -> None:
        """Let it go on until something is so, or for so long."""
        until = self.now() + timedelta(seconds=within_s)
        while not so() and self.now() < until:
            self.go_on(5.0)

    def play(self) -> BaseException | None:
        """The night to its end; return what it raised."""
        if self.task is None:
            self.begin()
        task = self.task

        async def to_the_end() -> BaseException | None:
            assert task is not None
            await asyncio.wait({task})
            return task.exception()

        return self.runner.run(to_the_end())

    def close(self) -> None:
        """Let go of the event loop."""
        if self.task is not None:
            self.task.cancel()
        self.runner.close()
        self.loop.close()  # a runner that never ran leaves it open

    def events(self) -> list[str]:
        """The journal's events in their order."""
        return [entry["event"] for entry in self.journal.entries]

    def now(self) -> datetime:
        """The night's time."""
        return self.clock.now()


@dataclass
class WatchedJournal(fakes.FakeJournal):
    """A journal that looks, at each event, at how things truly stand."""

    look: Callable[[Event], None] = lambda event: None

    def write(self, when: datetime, event: Event) -> None:
        super().write(when, event)
        self.look(event)
