"""The first thing of every start: have the roofs kept by their guard, and given back to it whatever fails then.

Nothing is imported here that making safe does not need; what else cannot be loaded keeps no roof open.
"""

import asyncio
import os
import signal
import threading
import time
from collections.abc import Callable, Coroutine, Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from obsy.engine.declare.equipment import SafetyEquipment, is_saved, known_equipment
from obsy.engine.devices.clock import WallClock
from obsy.engine.events import INFO, Event, words
from obsy.engine.events.roof import AlarmRaised
from obsy.engine.journal import python_heard, tell_stderr
from obsy.engine.runtime.guard.begin import Begun, log_of
from obsy.engine.runtime.guard.line import GuardLine
from obsy.engine.runtime.guard.reached import RoofReach
from obsy.engine.runtime.guard.wire import PROTOCOL, Said, dial, greeting, guard_of
from obsy.engine.runtime.signals import first_signal_only, only_answer
from obsy.engine.safety.asking import told
from obsy.errors import GuardRunning, NightRunning, UserError

GLANCE_S = 0.1
RENEWS_EVERY_S = 1.0
GIVES_UP_S = 600.0
"""So long the end of a start or of a night waits for a roof; then the guard goes on alone."""
GOES_WITHIN_S = 30.0
"""So long a guard that was told to end, and says nothing any more, may still hold what it kept."""
SAYS_AFTER_S = 10.0
"""When the end of a start that waits for a roof says what ended it."""


@dataclass(frozen=True, slots=True)
class Start:
    """What a start leaves to the night."""

    relieve: Callable[[], object] = lambda: None
    """Called when the night asks by itself that an open roof stays so: until then it is done as long as we live."""
    begin_guard: Callable[[], object] = lambda: None
    """Called when the guard does not answer."""


class StartingSite:
    """The roofs of one site while a night is prepared: its guard keeps them."""

    def __init__(self, root: Path, equipment: SafetyEquipment, runner: RoofReach | None = None) -> None:
        """Nothing is asked. runner: reaches the roofs where no guard can be had but this process."""
        self._root, self._equipment, self._site = root, equipment, equipment.site.name
        self._name, self._begun = guard_of(root, self._site), Begun(root, equipment, runner)
        self._setting_up = not is_saved(root, "real", self._site)
        self._taken_over = threading.Event()
        self._giving_back: threading.Thread | None = None
        self._refused = False
        """Whether somebody else keeps the roofs, or has the use of them: then nothing is asked of anybody."""
        self._is_alone = False
        """Whether no thread could be had for what closes the roofs."""

    def begin(self) -> None:
        """Return when the guard answers, or this process keeps the roofs itself, or can do so only as it ends.

        Raise GuardRunning if another process keeps something of this site that is not its guard, and NightRunning or
        UserError if its guard is another's, or has to serve another; then all is left as it is.
        """
        _begin_all([self])

    def beginning(self) -> Iterator[None]:
        """Do what `begin` does, and come back whenever it takes time."""
        try:
            yield from self._find()
        except UserError:
            self._refused = True
            raise

    def _find(self) -> Iterator[None]:
        had_another = yield from self._let_go_of_the_past()
        gone_s = time.monotonic() + (GOES_WITHIN_S if had_another else 0.0)
        while greeting(self._name) is None and not self._begun.is_own:
            try:
                self._begun.go_on()
            except RuntimeError as fault:
                tell_stderr(f"obsy: no roof is watched, and one may stand open: {told(fault)}")
                self._is_alone = True
                return
            yield
            refused = self._begun.refusal()
            if refused is not None and greeting(self._name) is None and time.monotonic() >= gone_s:
                raise refused
        with suppress(RuntimeError):  # no thread: an open roof is closed when its lease ends
            threading.Thread(target=_run, args=(self._renew,), daemon=True).start()

    def relieve(self) -> None:
        """Renew no lease from now on."""
        self._taken_over.set()

    def begin_guard(self) -> None:
        """Have a guard begun, unless one is."""
        self._begun.go_on()

    def order(self) -> None:
        """Let every roof close that nobody else has the use of."""
        self._taken_over.set()
        self._begun.order()
        if self._refused or self._is_alone or self._begun.is_own:
            return
        self._giving_back = threading.Thread(target=_run, args=(self._given_back,), daemon=True)
        try:
            self._giving_back.start()
        except RuntimeError:
            _run(self._given_back)

    def end(self, why: BaseException | None = None) -> None:
        """Return when that is done, or the guard goes on alone. why: what ended the start, said if this takes long."""
        begun_s = time.monotonic()
        if self._is_alone:
            self._begun.keep()
        while self._is_at_it():
            time.sleep(GLANCE_S)
            if why is not None and time.monotonic() - begun_s >= SAYS_AFTER_S:
                tell_stderr(f"obsy: the roof does not close yet; the start ended with: {str(why) or told(why)}")
                why = None

    def _is_at_it(self) -> bool:
        return self._begun.is_own or (self._giving_back is not None and self._giving_back.is_alive())

    def _let_go_of_the_past(self) -> Generator[None, None, bool]:
        """End a guard of an older obsy, or of other equipment than the files name now, once its roofs are closed.

        Return whether there was one. Raise NightRunning if somebody has the use of a roof, UserError if the guard is
        not ours or does not go.
        """
        said, deadline = greeting(self._name), time.monotonic() + GIVES_UP_S
        if said is None or self._is_ours(said):
            return False
        process = int(said["process"])
        if process <= 0:  # to the kernel that would be this process and all that it belongs to
            raise UserError(f"{self._name} is of an older obsy or site, and cannot be ended from here: end it there")
        if nights := ", ".join(map(str, said.get("nights", ()))):
            raise NightRunning(f"the roofs of '{self._site}' are {nights}'s; end it first, with 'kill'")
        tell_stderr("obsy: the guard knows an older site or obsy than the files; it closes, and another begins")
        os.kill(process, signal.SIGTERM)
        while (still := greeting(self._name)) is not None and still["process"] == process:
            if time.monotonic() >= deadline:
                raise UserError(f"{self._name}, process {process}, is of an older obsy or site, and does not end")
            asked_s = time.monotonic()
            while time.monotonic() - asked_s < RENEWS_EVERY_S:
                yield
        return True

    def _is_ours(self, said: Said) -> bool:
        """Whether a guard is of this obsy, and of this site as it is. Raise UserError for another user's."""
        if not said["own"]:
            raise UserError(f"{self._name} is process {said['process']} of another user: give the command as that user")
        known = known_equipment(self._root, self._site, "real")
        digests = {each.digest for each in known}
        return "protocol" not in said or (said["protocol"] == PROTOCOL and said.get("equipment") in digests)

    async def _renew(self) -> None:
        """Renew the lease of every roof until the night does."""

        def begin() -> None:
            if not self._taken_over.is_set():
                self._begun.go_on()

        line = GuardLine(partial(dial, self._name), begin)
        running = asyncio.ensure_future(line.run())
        while not self._taken_over.is_set():
            for name in line.names or ():
                line.send(name, "renew")
            await asyncio.sleep(RENEWS_EVERY_S)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    async def _given_back(self) -> None:
        """Return when every roof is seen closed, or nobody waits on; where roofs are set up, when that needs hands."""
        line = GuardLine(partial(dial, self._name), self._begun.go_on)
        running, closing = asyncio.ensure_future(line.run()), asyncio.ensure_future(self._closed(line))
        await asyncio.wait({closing}, timeout=GIVES_UP_S)
        if not closing.done():
            log = log_of(self._root, self._site)
            tell_stderr(f"obsy: the roof is not seen closed yet; its guard goes on: see {log}")
        for each in (running, closing):
            each.cancel()
        await asyncio.gather(running, closing, return_exceptions=True)

    async def _closed(self, line: GuardLine) -> None:
        while line.names is None:
            if line.trouble and self._setting_up:
                return
            await asyncio.sleep(GLANCE_S)
        needs_hands = asyncio.get_running_loop().create_future()
        roofs = [line.keeper(name, WallClock(), _nothing) for name in line.names]
        for roof in roofs:
            roof.overhear(partial(self._hear, needs_hands))
        closing = asyncio.gather(*(roof.give_back() for roof in roofs))
        both: set[asyncio.Future[Any]] = {closing, needs_hands}
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        closing.cancel()

    def _hear(self, needs_hands: "asyncio.Future[None]", event: Event) -> None:
        if event.severity > INFO:
            tell_stderr(f"obsy: {words({'event': event.name, **event.facts()})}")
        if isinstance(event, AlarmRaised) and self._setting_up and not needs_hands.done():
            needs_hands.set_result(None)


def _run(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Do it in an event loop of its own; where none can be had, the guard closes what nobody asks for."""
    try:
        with asyncio.Runner() as runner:
            runner.run(work())
    except OSError as trouble:
        tell_stderr(f"obsy: the guard of the roof is not asked, and closes it: {trouble}")


async def _nothing() -> None:
    """Leave it to the guard, which alone moves something now."""


@contextmanager
def roofs_first(root: Path, site: str | None, runner: RoofReach | None = None) -> Iterator[Start]:
    """Have the roofs kept by their guards while the block runs, and closed however it ends.

    Where it is not known which site is meant, the roofs of each are kept. Raise NightRunning if a night has the use of
    a roof, GuardRunning if another process keeps it.
    """
    sites = [StartingSite(root, each, runner) for each in known_equipment(root, site, "real")]
    with python_heard(), first_signal_only(), ExitStack() as all_of_them:
        for each in sites:
            all_of_them.enter_context(_ending(each))
        for each in sites:
            all_of_them.callback(each.order)  # no site waits until another is closed
        _begin_all(sites)
        yield Start(*(partial(_each, [getattr(site, deed) for site in sites]) for deed in ("relieve", "begin_guard")))


def _begin_all(sites: Sequence[StartingSite]) -> None:
    """Begin all of them, one beside the other. Raise what keeps one from it once the others have begun.

    Where several are known, that somebody else keeps the roofs of one is no reason to raise.
    """
    waiting, refusals = [each.beginning() for each in sites], list[Exception]()
    while waiting:
        for each in tuple(waiting):
            try:
                next(each)
            except StopIteration:
                waiting.remove(each)
            except Exception as why:
                waiting.remove(each)
                refusals.append(why)
        if waiting:
            time.sleep(GLANCE_S)
    for refused in refusals:
        if len(sites) == 1 or not isinstance(refused, GuardRunning | NightRunning):
            raise refused


def _each(deeds: Iterable[Callable[[], object]]) -> None:
    for deed in deeds:
        deed()


@contextmanager
def _ending(site: StartingSite) -> Iterator[None]:
    try:
        yield
    except BaseException as fault:
        only_answer()
        site.end(fault)
        raise
    finally:  # also if a signal, of which only the first is more than answered, came just before
        only_answer()
        site.end()
