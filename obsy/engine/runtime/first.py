"""The first thing of every start: look at the roofs, watch over an open one, and make safe whatever fails then.

Nothing is imported here that making safe does not need; what else cannot be loaded keeps no roof open.
"""

import asyncio
import importlib
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from functools import partial
from itertools import chain, repeat
from pathlib import Path
from typing import Any, Protocol

from obsy.engine.declare.equipment import SafetyEquipment, known_equipment, saved_at
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.journal import Aside, tell_stderr
from obsy.engine.runtime.calls import Calls
from obsy.engine.runtime.guarded import guarded
from obsy.engine.runtime.guarding import RoofGuard
from obsy.engine.runtime.reached import Reached, RoofReach
from obsy.engine.runtime.signals import first_signal_only, only_answer
from obsy.engine.safety.asking import told
from obsy.engine.safety.closing import PAUSES_S
from obsy.engine.safety.lock import held_if_possible
from obsy.errors import NightRunning

GLANCE_S = 0.2
"""How often the end of a start asks how the closing goes."""
TIDIES_WITHIN_S = 15.0
"""How long the end of a night waits for the programs with which its roof was reached first."""
REACHES = {"ekos": "obsy.engine.runtime.reach"}
"""What reaches the real roofs, by the name that `--runner` takes: each a module as `Reaches` says."""
SIMULATED = "obsy.engine.runtime.simulated"


class Reaches(RoofReach, Protocol):
    """How a runner reaches the roofs, and in what time."""

    TIME_PASSES: bool
    """Whether time passes while the night is prepared; in a rehearsal none does."""

    def new_loop(self) -> asyncio.AbstractEventLoop: ...  # noqa: D102 - on the runner's time


class FirstWatch:
    """Watches over the roofs of one site until the night answers for them, each by itself."""

    def __init__(self, equipment: SafetyEquipment, folder: Path, runner: Reaches, saved: Path) -> None:
        """Nothing has been looked at.

        saved: where the equipment is kept once a night has begun with it.
        """
        self._equipment, self._folder, self._runner, self._saved = equipment, folder, runner, saved
        self._looked, self._close, self._over = threading.Event(), threading.Event(), threading.Event()
        self._left = {roof.name: Future[None]() for roof in equipment.enclosures}
        """Done when a roof is not watched here any more."""
        self._unseen, self._handed, self._failing = set(self._left), set[str](), set[str]()
        """The roofs that nobody has looked at yet, that are to be handed over, and that do not close."""
        self._guards: dict[str, asyncio.Task[None]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._main: asyncio.Task[None] | None = None
        self._aside, self._once, self._calls = Aside(), threading.Lock(), Calls()
        self._reached_before = saved.exists()
        """Where no roof was ever reached none was left open, and nobody waits for one without end."""

    def begin(self) -> None:
        """Begin to watch, where time passes; where no thread can be had, the end of the start does."""
        try:
            if self._runner.TIME_PASSES:
                threading.Thread(target=self._run, daemon=True).start()
        except RuntimeError as fault:
            self._despair(fault)

    def look(self) -> None:
        """Return when the roofs have been looked at, do not close, or cannot be reached at once."""
        if self._runner.TIME_PASSES:
            self._looked.wait()

    def order(self) -> None:
        """Let every roof close that nobody else answers for."""
        self._close.set()

    async def relieve(self, roof: str) -> None:
        """Return when a roof is no longer watched here: the caller answers for it from now on."""
        if not self._handed:
            self._aside.do(self._save)
        self._handed.add(roof)
        if self._loop is not None:
            with suppress(RuntimeError):  # it is closed, and watches nothing
                self._loop.call_soon_threadsafe(self._let_go, roof)
            await asyncio.wrap_future(self._left[roof])

    def end(self, why: BaseException | None = None) -> None:
        """Return when every roof is closed that nobody else answers for; signals are only answered.

        A roof that was never reached before is given up when people have been called to it.
        why: what ended the start, said now if this takes long.
        """
        only_answer()
        self.order()
        if not (others := self._handed >= set(self._left)):
            self._run()  # if nothing was begun
        while not others and (open_yet := {name for name, left in self._left.items() if not left.done()}):
            if self._over.wait(GLANCE_S):
                break
            if not open_yet & self._failing:
                continue
            if why is not None:
                ended, why = str(why) or told(why), None
                tell_stderr(f"obsy: the roof does not close, and is tried on; the start ended with: {ended}")
            if open_yet <= self._failing and not self._reached_before and self._loop is not None:
                self._loop.call_soon_threadsafe(self._give_up)
        if self._once.locked():
            self._over.wait(TIDIES_WITHIN_S)
        self._aside.settle(TIDIES_WITHIN_S)

    def _save(self) -> None:
        try:
            self._equipment.save(self._saved)
        except OSError as trouble:
            tell_stderr(f"obsy: {self._saved} was not written: {trouble}")

    def _let_go(self, roof: str) -> None:
        if (guard := self._guards.get(roof)) is not None:
            guard.cancel()
        else:
            self._leave(roof)
        if self._handed >= set(self._left):
            self._give_up()

    def _give_up(self) -> None:
        if self._main is not None:
            self._main.cancel()

    def _leave(self, roof: str, _: object = None) -> None:
        if not self._left[roof].done():
            self._left[roof].set_result(None)
        self._see(roof)

    def _see(self, roof: str) -> None:
        self._unseen.discard(roof)
        if not self._unseen:
            self._looked.set()

    def _run(self) -> None:
        if not self._once.acquire(blocking=False):  # it runs, or has run
            return
        try:
            for pause_s in chain(PAUSES_S, repeat(PAUSES_S[-1])):
                try:
                    self._run_once()
                    break
                except Exception as fault:  # no event loop can be had, as where too many files are open
                    self._despair(fault)
                if self._close.is_set() and not self._reached_before:
                    break
                time.sleep(pause_s)
        finally:
            for roof in self._left:
                self._leave(roof)
            self._over.set()

    def _run_once(self) -> None:
        with (
            suppress(asyncio.CancelledError),  # all are handed over, or given up
            asyncio.Runner(loop_factory=self._runner.new_loop) as runner,
        ):
            self._loop = runner.get_loop()
            runner.run(self._watch())

    def _despair(self, fault: Exception | None = None) -> None:
        """Keep the start waiting no longer."""
        if fault is not None:
            self._calls.call(f"no roof is watched, and one may stand open: {told(fault)}")
        self._failing.update(self._left)
        self._looked.set()

    async def _watch(self) -> None:
        self._main = asyncio.current_task()
        for pause_s in chain(PAUSES_S, repeat(PAUSES_S[-1])):
            try:
                async with self._runner.reach(self._equipment, self._folder) as roofs:
                    self._failing.clear()
                    await self._guard_all(roofs)
            except Exception as fault:
                self._calls.call(f"the roof is not reached, and may stand open: {told(fault)}")
            self._despair()
            done = all(left.done() for left in self._left.values())
            if done or not (self._reached_before and self._runner.TIME_PASSES):
                return
            await asyncio.sleep(pause_s)

    async def _guard_all(self, roofs: Mapping[str, Reached]) -> None:
        """Return when no roof is watched here any more."""
        for name in self._left:
            if name not in roofs or name in self._handed:
                self._leave(name)
                continue
            self._guards[name] = guard = asyncio.create_task(self._keep(name, roofs[name]))
            guard.add_done_callback(partial(self._leave, name))
        await asyncio.gather(*self._guards.values(), return_exceptions=True)

    def _guard(self, name: str, reached: Reached) -> RoofGuard:
        def fails(so: bool) -> None:
            """What people are called to keeps the start waiting no longer."""
            if so:
                self._failing.add(name)
                self._see(name)
            else:
                self._failing.discard(name)

        return RoofGuard(self._equipment, name, reached, self._close, partial(self._see, name), fails)

    async def _keep(self, name: str, reached: Reached) -> None:
        """Guard a roof, whatever fault of ours is met."""
        for pause_s in chain(PAUSES_S, repeat(PAUSES_S[-1])):
            try:
                await self._guard(name, reached).run()
                return
            except Exception as fault:
                self._calls.call(f"the roof '{name}' is not watched, and may stand open: {told(fault)}")
            if reached.ends is not None:
                return
            await reached.clock.sleep(pause_s)


@contextmanager
def roofs_first(
    root: Path, site: str | None, simulated: bool, runner: str
) -> Iterator[Callable[[str], Awaitable[None]]]:
    """Look at the roofs before anything else is read or loaded, and close them however the block ends.

    Yields what relieves this watch of one roof. Raises NightRunning if another process runs the night.
    """
    known = () if simulated else known_equipment(root, site, "real")
    with guarded(root, known[0].site.name) if len(known) == 1 else nullcontext() as relieve:
        if relieve is not None:
            yield relieve
            return
    with watched(root, site, simulated, _reaching(SIMULATED if simulated else REACHES[runner])) as watch:
        yield watch.relieve if watch is not None else nobody


async def nobody(roof: str) -> None:
    """Relieve nobody, where nobody watches."""


def _reaching(name: str) -> Any:
    """The module that reaches the roofs; None, which is told, if it cannot be loaded: then nothing reaches them."""
    try:
        return importlib.import_module(name)
    except ImportError as missing:
        tell_stderr(f"obsy: the roof is not looked at, and may stand open: {missing}")
        return None


@contextmanager
def watched(root: Path, site: str | None, simulated: bool, runner: Reaches | None) -> Iterator[FirstWatch | None]:
    """Watch over the roofs of a site while the block runs; they are closed when it ends, however it ends.

    Where it is not known which site is meant, over those of each that nobody else answers for.
    Yields None where nothing is known of them. Raises NightRunning if another process answers for the one meant.
    """
    if runner is None:
        yield None
        return
    known = known_equipment(root, site, realm := "simulated" if simulated else "real")
    with ExitStack() as all_of_them:
        watches = []
        for equipment in known:
            data_root = DataRoot.of(root, equipment.site, simulated=simulated)
            watch = FirstWatch(equipment, data_root.folder, runner, saved_at(root, realm, equipment.site.name))
            try:
                watches.append(all_of_them.enter_context(_ending(watch, data_root.lock)))
            except NightRunning:
                if len(known) == 1:
                    raise
        for watch in watches:
            all_of_them.callback(watch.order)  # no site waits until another is closed
            watch.begin()
        for watch in watches:
            watch.look()
        yield watches[0] if len(known) == 1 else None


@contextmanager
def _ending(watch: FirstWatch, lock: Path) -> Iterator[FirstWatch]:
    """End the watch with the block."""
    with held_if_possible(lock), first_signal_only():
        try:
            yield watch
        except BaseException as fault:
            watch.end(fault)
            raise
        finally:  # also if a signal, of which only the first is more than answered, came just before
            watch.end()
