"""The camera's folder: finished files are told of, each once; a file that is still being written is left alone."""

import errno
import fcntl
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from watchdog.events import FileClosedEvent, FileMovedEvent, FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from obsy.engine.aside import Aside
from obsy.engine.frames.copy import Seen, seen
from obsy.engine.frames.fits import is_complete

if sys.platform == "linux":
    from watchdog.observers.inotify import InotifyObserver

UNFINISHED = (".part", ".tmp", ".swp", "~")


@dataclass(frozen=True, slots=True)
class Quiet:
    """A file that was not finished, and since when it has not changed (seconds, monotonic)."""

    what: Seen
    since: float
    complete: bool


class Watch(FileSystemEventHandler):
    """Watches a folder; calls `found` from its own threads with each finished file in it or in folders within.

    A file is finished when it is closed or moved into place, and complete by its own headers. A scan finds what events
    miss, once it has stood still from one scan to the next and nobody has it open for writing. A file that stays
    incomplete for `patience_s` without growing, and without a writer, is told of as well, so that it is put aside;
    so is a pipe, which nobody waits for. Where a link leads to may hang: a thread of its own looks at links.
    Folders within are only scanned: watchdog 7 trips over folders that come into being together.
    """

    def __init__(
        self, folder: Path, found: Callable[[Path], None], patience_s: float = 60.0, scan_s: float = 0.5
    ) -> None:
        self._folder, self._found = folder, found
        self._patience_s, self._scan_s = patience_s, scan_s
        self._told: dict[Path, Seen] = {}
        self._quiet: dict[Path, Quiet] = {}
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._links, self._links_seen = Aside(), Future[None]()
        self._links_seen.set_result(None)
        self._observer = _observer()
        self._scanner = threading.Thread(target=self._keep_scanning, name="watch-scan", daemon=True)

    def start(self) -> None:
        """Begin: first the events, then what is there already, so that nothing falls between."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._observer.schedule(self, str(self._folder), event_filter=[FileClosedEvent, FileMovedEvent])
        self._observer.start()
        self._scanner.start()

    def stop(self) -> None:
        """End; no call of `found` follows."""
        self._over.set()
        self._observer.stop()
        self._observer.join()
        self._scanner.join()

    def on_closed(self, event: FileSystemEvent) -> None:
        """A file that was open for writing is closed."""
        self._look(Path(os.fsdecode(event.src_path)), closed=True)

    def on_moved(self, event: FileSystemEvent) -> None:
        """A file has got its name."""
        if event.dest_path:  # empty when it moved away
            self._look(Path(os.fsdecode(event.dest_path)), closed=True)

    def _keep_scanning(self) -> None:
        while not self._over.is_set():
            self.scan()
            self._over.wait(self._scan_s)

    def scan(self) -> None:
        """Look at every file in the folder."""
        with self._lock:  # before the files are listed: what is told of while we look is not gone
            known = {*self._told, *self._quiet}
        found = sorted(self._folder.rglob("*"))
        links = [path for path in found if path.is_symlink()]
        plain = [path for path in found if path not in links and not path.is_dir()]
        for path in plain:
            self._look(path, closed=False)
        if links and self._links_seen.done():
            self._links_seen = self._links.do(partial(self._follow, links))
        with self._lock:
            for gone in known - {*plain, *links}:
                self._told.pop(gone, None)
                self._quiet.pop(gone, None)

    def _follow(self, links: Sequence[Path]) -> None:
        for path in links:
            if path.is_file():
                self._look(path, closed=False)

    def _look(self, path: Path, *, closed: bool) -> None:
        if path.name.startswith(".") or path.name.endswith(UNFINISHED):
            return
        try:
            if (closed and path.is_symlink()) or self._told.get(path) == (what := seen(path)):
                return
            if not self._is_finished(path, what, closed):
                return
        except OSError:  # gone between the event and the look, or not readable: the next scan looks again
            return
        with self._lock:
            if self._over.is_set() or self._told.get(path) == what:
                return
            self._told[path] = what
            self._quiet.pop(path, None)
        self._found(path)

    def _is_finished(self, path: Path, what: Seen, closed: bool) -> bool:
        if closed and is_complete(path):
            return True
        quiet = self._quiet.get(path)
        if quiet is None or quiet.what != what:
            quiet = Quiet(what, time.monotonic(), is_complete(path))
            with self._lock:
                self._quiet[path] = quiet
            return False
        still_s = time.monotonic() - quiet.since
        return still_s >= (self._scan_s / 2 if quiet.complete else self._patience_s) and not is_being_written(path)


def _observer() -> BaseObserver:
    """Where the system can, one that tells a file moved in from outside apart from one that is being written."""
    return InotifyObserver(generate_full_events=True) if sys.platform == "linux" else Observer()


def is_being_written(path: Path) -> bool:
    """Whether any process has the file open for writing; False too where the system cannot tell.

    A read lease is refused while there is a writer. Source: fcntl(2), "Leases".
    """
    if sys.platform != "linux":
        return False
    place = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        # Who opens it during the lease makes the kernel signal us: with SIGURG, which does nothing, and not with SIGIO,
        # which would end the process.
        fcntl.fcntl(place, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(place, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(place, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as refusal:
        return refusal.errno == errno.EAGAIN
    finally:
        os.close(place)
    return False
