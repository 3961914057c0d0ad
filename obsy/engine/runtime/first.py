"""The first thing of every start: look at the roofs, watch over an open one, and make safe whatever fails then."""

import asyncio
import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractAsyncContextManager, contextmanager, suppress
from itertools import chain, repeat
from pathlib import Path
from typing import Protocol

from obsy.engine.declare.equipment import SAVED, SafetyEquipment, known_equipment
from obsy.engine.devices.ports import Roof
from obsy.engine.events import Event, words
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.journal import tell_stderr
from obsy.engine.night.lock import only_one
from obsy.engine.night.ports import Ports
from obsy.engine.runtime.signals import first_signal_only, only_answer
from obsy.engine.safety import seeing
from obsy.engine.safety.asking import told
from obsy.engine.safety.closing import PAUSES_S, make_safe
from obsy.engine.safety.monitor import WeatherMonitor
from obsy.engine.safety.shelter import Shelter, ShelteredMount
from obsy.engine.safety.sun import why_too_light
from obsy.errors import NightRunning

LOOK_S, READ_EVERY = 1.0, 10
"""How often the roof is looked at, and at every how manieth look the weather is read."""


class Reaches(Protocol):
    """A runner, as far as making safe needs it: how the roofs are reached, and in what time."""

    TIME_PASSES: bool
    """Whether time passes while the night is prepared; in a rehearsal none does."""

    def new_loop(self) -> asyncio.AbstractEventLoop:
        """Return an event loop on the runner's time."""
        ...

    def reach(self, equipment: SafetyEquipment, folder: Path) -> AbstractAsyncContextManager[Mapping[str, Ports]]:
        """Reach the roofs, by name, starting what it takes; one that nothing can have moved may be left out."""
        ...


class FirstWatch:
    """Watches over the roofs of one site until the night answers for them."""

    def __init__(self, equipment: SafetyEquipment, folder: Path, runner: Reaches) -> None:
        """Nothing has been looked at."""
        self._equipment, self._folder, self._runner = equipment, folder, runner
        self._looked, self._relieved, self._close = threading.Event(), threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self._over = threading.Event()
        """Not the thread's end: to join one that is interrupted meanwhile counts as joined in Python 3.11."""
        self._unseen: set[str] = set()
        """The roofs that nobody has looked at yet."""
        self._reached_before = (folder / SAVED).exists()
        """Where no roof was ever reached none was left open, and a start does not wait for one without end."""

    def begin(self) -> None:
        """Return when the roofs have been looked at, or cannot be reached at once."""
        if self._runner.TIME_PASSES:
            self._thread = threading.Thread(target=self._run, daemon=True)
            self._thread.start()
            self._looked.wait()

    def relieve(self) -> None:
        """Return when the roofs are no longer watched here: the caller answers for them from now on."""
        self._relieved.set()
        if self._thread is not None:
            self._thread.join()
        try:
            self._equipment.save(self._folder / SAVED)
        except OSError as trouble:
            tell_stderr(f"obsy: {self._folder / SAVED} was not written: {trouble}")

    def end(self) -> None:
        """Return when every roof is closed, unless somebody else answers for them; signals are only answered."""
        only_answer()
        if self._relieved.is_set():
            return
        self._close.set()
        if self._thread is None:
            self._run()
        while not self._over.is_set():
            with suppress(KeyboardInterrupt):
                self._over.wait()

    def _run(self) -> None:
        try:
            with asyncio.Runner(loop_factory=self._runner.new_loop) as runner:
                runner.run(self._watch())
        finally:
            self._looked.set()
            self._over.set()

    async def _watch(self) -> None:
        for pause_s in chain(PAUSES_S, repeat(PAUSES_S[-1])):
            try:
                async with self._runner.reach(self._equipment, self._folder) as roofs:
                    self._unseen = set(roofs)
                    await asyncio.gather(*(self._guard(name, each) for name, each in roofs.items()))
                return
            except Exception as fault:
                tell_stderr(f"obsy: the roof is not reached, and may stand open: {told(fault)}")
            self._looked.set()
            if self._relieved.is_set() or not (self._reached_before and self._runner.TIME_PASSES):
                return
            await asyncio.sleep(pause_s)

    async def _guard(self, name: str, ports: Ports) -> None:
        """Keep a roof closed, or open for as long as it is safe and dark, until it is closed by order or relieved."""
        shelter, monitor = self._shelter(name, ports), self._monitor(name, ports)
        looks, proven, stays = 0, False, False
        while True:
            seen = await seeing.roof(shelter)
            if seen is Roof.OPEN and not self._close.is_set():
                stays = await _stays_open(shelter, monitor) if looks % READ_EVERY == 0 else stays
            if seen is not Roof.OPEN or not stays or self._close.is_set():
                if seen is not Roof.CLOSED or not proven:
                    await make_safe(shelter, _say)
                proven = True
            self._unseen.discard(name)
            if not self._unseen:
                self._looked.set()
            looks += 1
            if self._relieved.is_set() or (self._close.is_set() and proven):
                return
            await ports.clock.sleep(LOOK_S)

    def _shelter(self, name: str, ports: Ports) -> Shelter:
        enclosure = next(each for each in self._equipment.enclosures if each.name == name)
        mounts = tuple(ShelteredMount(each, ports.mounts[each.name]) for each in self._equipment.mounts_of(name))
        place, policy = self._equipment.site.location, self._equipment.safety
        return Shelter(ports.clock, place, enclosure, ports.enclosure, mounts, policy, ends=ports.ends)

    def _monitor(self, name: str, ports: Ports) -> WeatherMonitor:
        inputs = self._equipment.inputs_of(name)
        monitor = WeatherMonitor(ports.clock, self._equipment.safety, inputs, dict(ports.weather))
        monitor.trust_the_open_roof()
        return monitor


async def _stays_open(shelter: Shelter, monitor: WeatherMonitor) -> bool:
    """Return whether a roof that was found open may stay so for now; whether it may for long, the night decides."""
    shelter.stance.exposed = True
    await monitor.read_all()
    if shelter.place is None or why_too_light(shelter.policy.sun, shelter.place, shelter.clock.now()):
        return False
    return monitor.verdict().safe


def _say(event: Event) -> None:
    tell_stderr(f"obsy: {words({'event': event.name, **event.facts()})}")


@contextmanager
def watched(root: Path, site: str | None, simulated: bool, runner: Reaches | None) -> Iterator[FirstWatch | None]:
    """Watch over the roofs of a site while the block runs; they are closed when it ends, however it ends.

    Yields None where nothing is known of them. Raises NightRunning if another process answers for them.
    """
    realm = "simulated" if simulated else "real"
    equipment = known_equipment(root, site, realm)
    if equipment is None or runner is None:
        yield None
        return
    data_root = DataRoot.of(root, equipment.site, simulated=simulated)
    watch = FirstWatch(equipment, data_root.folder, runner)
    with _locked(data_root.lock), first_signal_only():
        try:
            try:
                watch.begin()
                yield watch
            finally:
                watch.end()
        finally:  # once more: the one signal that is more than answered may have come just before
            watch.end()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the lock, where the disk lets us: a roof is closed without one too."""
    lock = only_one(path)
    try:
        lock.__enter__()
    except NightRunning:
        raise
    except OSError as trouble:
        tell_stderr(f"obsy: no lock can be taken: {trouble}")
        yield
        return
    try:
        yield
    finally:
        lock.__exit__(None, None, None)
