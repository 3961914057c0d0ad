"""Begins the guard of a site: a process of its own or, where none can be had, a thread of this one."""

import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from itertools import chain, repeat
from math import inf
from pathlib import Path

from obsy.engine.aside import Aside
from obsy.engine.declare.equipment import SafetyEquipment, is_saved, saved_at
from obsy.engine.journal import Journal, tell_stderr
from obsy.engine.runtime.guard.calls import Calls
from obsy.engine.runtime.guard.claims import devices
from obsy.engine.runtime.guard.guard import Guard, nothing
from obsy.engine.runtime.guard.reached import RoofReach
from obsy.engine.runtime.guard.wire import greeting, guard_of
from obsy.engine.safety.asking import told
from obsy.engine.safety.closing import PAUSES_S
from obsy.engine.safety.lock import claim, only_keeper
from obsy.errors import GuardRunning

STARTS_WITHIN_S = 30.0
"""So long a process may take to become the guard; then a thread tries, and only one of both can."""
TIDIES_WITHIN_S = 15.0
"""So long the end of a process waits for what reached a roof that is closed."""


class SiteGuard:
    """The guard of one site in this process; it can be run once at a time."""

    def __init__(
        self,
        root: Path,
        equipment: SafetyEquipment,
        runner: RoofReach | None = None,
        held: Callable[[], object] = nothing,
    ) -> None:
        """Nothing is held, and nothing reached. held: called once no other process can keep these roofs."""
        site = equipment.site.name
        saved = saved_at(root, "real", site)
        self._root, self._equipment, self._aside, self._held = root, equipment, Aside(), held
        folder = root / ".obsy" / f"indi-{site}"  # never on the disk of the data, which may hang
        self.guard = Guard(equipment, folder, runner or _reach(), setting_up=not is_saved(root, "real", site))
        self.guard.once_reached = lambda: self._aside.do(lambda: _save(equipment, saved))
        self.guard.note = Journal(journal_of(root, site), "").note

    async def run(self, *, while_needed: bool) -> None:
        """Keep the roofs; nothing is needed where a guard of the site answers already.

        Raise GuardRunning if another process keeps one of their devices, or nobody can tell.
        """
        name = guard_of(self._root, self._equipment.site.name)
        with ExitStack() as held:
            try:
                held.enter_context(only_keeper(devices(self._equipment, self._root)))
                at = held.enter_context(closing(claim(name)))
            except GuardRunning:
                if while_needed and greeting(name) is not None:
                    return
                raise
            self._held()
            await self.guard.run(at, while_needed=while_needed)


class Begun:
    """The guard that this process has begun."""

    def __init__(self, root: Path, equipment: SafetyEquipment, runner: RoofReach | None = None) -> None:
        """None is begun. runner: reaches the roofs of one that is kept by this process."""
        self._root, self._equipment, self._runner = root, equipment, runner
        self._process: subprocess.Popen[bytes] | None = None
        self._begun_s: float  # when the process was
        self._one_at_a_time = threading.Lock()
        self._thread: threading.Thread | None = None
        self._own: SiteGuard | None = None
        self._ordered = False
        self._tried, self._over = threading.Event(), threading.Event()
        self._calls = Calls()
        self._refused: GuardRunning | None = None

    @property
    def is_own(self) -> bool:
        """Whether this process keeps the roofs itself; no more once they are closed, whatever hangs on its way out."""
        closed_s = self._own.guard.closed_s if self._own is not None else inf
        hangs = time.monotonic() - closed_s >= TIDIES_WITHIN_S
        return self._thread is not None and not self._over.is_set() and not hangs

    def refusal(self) -> GuardRunning | None:
        """Return why this process may not keep the roofs itself, once it has tried; `go_on` tries again."""
        if self._thread is not None:
            self._tried.wait()
        return self._refused

    def go_on(self) -> None:
        """Have a guard begun, unless one still is at it. Raise RuntimeError if no thread can be had either."""
        with self._one_at_a_time:  # who prepares a night and the night itself both miss a guard that is killed
            if self.is_own or (self._ordered and self._own is not None):  # it has closed all
                return
            if not self._is_starting() and not self._begins_a_process():
                self._begin_a_thread()

    def _begins_a_process(self) -> bool:
        """Begin a process, unless the last one failed, and no thread was tried since; return whether one could be had.

        One that was killed, or has ended well, as where another guard answered, has not failed.
        """
        last = self._process
        if last is not None and (last.returncode is None or (last.returncode > 0 and self._thread is None)):
            return False
        with suppress(OSError):
            self._process, self._begun_s = start_guard(self._root, self._equipment.site.name), time.monotonic()
            self._thread = None
            return True
        return False

    def _begin_a_thread(self) -> None:
        self._over.clear()
        if self._refused is not None:  # it may be free by now
            self._refused = None
            self._tried.clear()
        self._thread = threading.Thread(target=self.keep, daemon=True)
        self._thread.start()

    def _is_starting(self) -> bool:
        is_there = self._process is not None and self._process.poll() is None
        return is_there and time.monotonic() - self._begun_s < STARTS_WITHIN_S

    def keep(self) -> None:
        """Keep the roofs in this thread, beginning again whatever breaks, until `order` is obeyed."""
        try:
            for pause_s in chain(PAUSES_S, repeat(PAUSES_S[-1])):
                try:
                    self._own = self._own or SiteGuard(self._root, self._equipment, self._runner, self._keeps)
                    self._own.guard.ending.ordered |= self._ordered
                    with asyncio.Runner() as runner:
                        runner.run(self._own.run(while_needed=False))
                    return
                except GuardRunning as refused:
                    self._refused = refused
                    return
                except ImportError as missing:
                    tell_stderr(f"obsy: the roof is not looked at, and may stand open: {missing}")
                    return
                except Exception as fault:  # no event loop can be had, as where too many files are open
                    self._calls.call(f"no roof is watched, and one may stand open: {told(fault)}")
                    self._tried.set()
                if self._ordered and self._own is not None and self._own.guard.ending.setting_up:
                    return
                time.sleep(pause_s)
        finally:
            self._over.set()
            self._tried.set()

    def _keeps(self) -> None:
        if not self._tried.is_set():
            tell_stderr("obsy: no guard can be begun; this process keeps the roof itself, as long as it lives")
        self._tried.set()

    def order(self) -> None:
        """Let it close every roof, and then end."""
        self._ordered = True
        if self._own is not None:
            self._own.guard.ending.ordered = True


def log_of(root: Path, site: str) -> Path:
    """Return where a guard that a night has started writes what it says."""
    return root / ".obsy" / f"guard-{site}.log"


def journal_of(root: Path, site: str) -> Path:
    """Return where a guard writes what it does while no night hears it."""
    return root / ".obsy" / f"guard-{site}.jsonl"


def start_guard(root: Path, site: str) -> "subprocess.Popen[bytes]":
    """Begin a guard that outlives this process; it ends at once if another keeps the roofs."""
    log = log_of(root, site)
    own = ["-P", "-m", "obsy"]  # no file of that folder, a random.py say, stands for one of Python's
    command = [sys.executable, *own, "guard", str(root.absolute()), "--site", site, "--while-needed"]
    with suppress(OSError):
        log.parent.mkdir()
    try:
        words = log.open("ab")
    except OSError:
        words = Path(os.devnull).open("wb")
    with words:
        return subprocess.Popen(
            command, cwd=root, stdin=subprocess.DEVNULL, stdout=words, stderr=words, start_new_session=True
        )


def _reach() -> RoofReach:
    from obsy.engine.runtime import reach  # noqa: PLC0415 - it stands on pyindi-client

    return reach


def _save(equipment: SafetyEquipment, saved: Path) -> None:
    try:
        equipment.save(saved)
    except OSError as trouble:
        tell_stderr(f"obsy: the equipment was not written down: {trouble}")
