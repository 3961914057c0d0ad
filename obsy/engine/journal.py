"""What happened, one line an event: append only, and on the disk before the event counts."""

import json
import logging
import os
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Protocol, Self

from obsy.engine.aside import Aside
from obsy.engine.disk import flush_folder
from obsy.engine.events import Event
from obsy.engine.events.frames import FramesAsked
from obsy.engine.identity import KEYWORDS, Identity

Entry = dict[str, Any]
Observer = Callable[[Entry], None]
"""Is told every entry, once it is on the disk."""

DISK_S = 10.0
"""A disk that has not taken a line by then does not answer."""
SCREEN_S = 2.0
"""How long the end of a night waits for a screen."""


_EARS: list[Observer] = []


@contextmanager
def heard_by(ear: Observer) -> Iterator[None]:
    """Let somebody hear every event at once, whether or not a disk takes it. They must neither wait nor raise."""
    _EARS.append(ear)
    try:
        yield
    finally:
        _EARS.remove(ear)


def announce(entry: Entry) -> None:
    """Let all hear an entry; nothing that they do reaches the caller."""
    for ear in tuple(_EARS):
        with suppress(Exception):
            ear(dict(entry))


class Writes(Protocol):
    """Whatever takes events: the journal, or a list in a test."""

    def write(self, when: datetime, event: Event) -> None:
        """Keep one event; it is kept when this returns."""
        ...

    def note(self, when: datetime, event: Event) -> None:
        """Keep one event as soon as may be: wait for nothing, raise nothing."""
        ...


_STDERR, STDERR_S = Aside(), 0.2
_unheard: "Future[None] | None" = None


def tell_stderr(words: str) -> None:
    """Print for whoever watches; nothing waits long for, or ends with, a stderr that is full, blocked or gone."""
    global _unheard  # noqa: PLW0603 - there is one stderr

    def say() -> None:
        with suppress(OSError, ValueError):
            print(words, file=sys.stderr, flush=True)

    stuck = _unheard is not None and not _unheard.done()
    _unheard = _STDERR.do(say)
    with suppress(FutureTimeout):
        _unheard.result(0.0 if stuck else STDERR_S)


class _Heard(logging.Handler):
    """Tells it on stderr; whoever logs waits no longer for that than for any other word."""

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(Exception):  # whoever logs what cannot be told goes on
            tell_stderr(self.format(record))


@contextmanager
def python_heard() -> Iterator[None]:
    """Pass on through `tell_stderr` what Python and its libraries log or warn of while the block runs."""
    handler, root = _Heard(logging.WARNING), logging.getLogger()
    root.addHandler(handler)
    logging.captureWarnings(True)
    try:
        yield
    finally:
        logging.captureWarnings(False)
        root.removeHandler(handler)


class Journal:
    """One night's file of JSON lines; the only writer holds it open. Nothing is on the disk before the first event.

    A disk that hangs is one that fails: whoever writes is not kept from the roof for longer than `DISK_S`.
    """

    def __init__(self, path: Path, night: str, tell: Observer | None = None) -> None:
        self.night, self.path = night, path
        self._tell = tell
        self._file: int | None = None
        self._disk, self._screen = Aside(), Aside()
        self._waiting: deque[tuple[bytes, Entry]] = deque()
        """Lines that are not on the disk, in their order; only the disk's thread takes them from here."""
        self._hung: Future[None] | None = None
        self.refuses: OSError | None = None
        """In a rehearsal, what the disk answers instead of taking a line."""

    def write(self, when: datetime, event: Event) -> None:
        """Append one event and return when it, and all noted before it, is on the disk.

        Raise OSError if the disk does not take it, or does not answer.
        """
        line = self._line(when, event)
        if self._hung is not None and not self._hung.done():
            raise OSError("the disk does not answer")
        taken: list[tuple[bytes, Entry]] = [line]

        def keep() -> None:
            self._flush()
            self._append(taken.pop())

        self._hung = self._disk.do(keep)
        try:
            self._hung.result(DISK_S)
        except FutureTimeout:
            self._hung.cancel()
            raise OSError(f"the disk did not answer within {DISK_S:g} s") from None

    def note(self, when: datetime, event: Event) -> None:
        """Append one event as soon as the disk takes it; a line that it does not take is offered with the next."""
        try:
            self._waiting.append(self._line(when, event))
        except (ValueError, TypeError) as trouble:
            tell_stderr(f"obsy: not written ({trouble!r}): {event}")
        else:
            self._disk.do(self._try_to_flush)

    def _line(self, when: datetime, event: Event) -> tuple[bytes, Entry]:
        entry: Entry = plain({"time": when, "night": self.night, "event": event.name, **event.facts()})
        text = json.dumps(entry, ensure_ascii=False, allow_nan=False, separators=(", ", ": "))
        announce(entry)
        return f"{text}\n".encode(), entry

    def _try_to_flush(self) -> None:
        try:
            self._flush()
        except OSError as trouble:
            tell_stderr(f"obsy: the journal takes nothing ({trouble}); not written yet: {len(self._waiting)} events")

    def _flush(self) -> None:
        while self._waiting:
            self._append(self._waiting[0])
            self._waiting.popleft()

    def _append(self, line: tuple[bytes, Entry]) -> None:
        """Write a line down whole, or nothing of it."""
        if self.refuses is not None:
            raise self.refuses
        file = self._file = _opened(self.path) if self._file is None else self._file
        end = os.lseek(file, 0, os.SEEK_END)
        try:
            rest = memoryview(line[0])
            while rest:
                rest = rest[os.write(file, rest) :]
            os.fsync(file)
        except OSError:
            with suppress(OSError):
                os.ftruncate(file, end)
            raise
        if self._tell is not None:
            self._screen.do(partial(self._show, line[1]))

    def _show(self, entry: Entry) -> None:
        """Tell the observer; one that fails is told no more: a screen that is gone ends no night."""
        if self._tell is None:
            return
        try:
            self._tell(entry)
        except (Exception, SystemExit) as trouble:  # rich exits when its pipe is broken
            self._tell = None
            tell_stderr(f"obsy: the night goes on without a screen ({trouble!r}); its journal is {self.path}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the file once all is in it; a disk or a screen that hangs is not waited for long."""
        self._disk.settle(DISK_S)
        self._screen.settle(SCREEN_S)
        if self._file is not None and not self._waiting:
            os.close(self._file)
            self._file = None


def say_once(path: Path, number: int) -> None:
    """Warn of a line that cannot be read, once in a process."""
    if (path, number) not in _SAID:
        _SAID.add((path, number))
        logging.getLogger(__name__).warning("%s: line %d cannot be read; it is passed over", path, number)


_SAID: set[tuple[Path, int]] = set()


def read(path: Path, unreadable: Callable[[Path, int], None] = say_once) -> Iterator[Entry]:
    """Every whole entry in order; nothing if there is no file. A last line cut short by a crash is passed over.

    unreadable: told of every other line that is no entry, by its number; nothing is taken from it.
    """
    if not path.exists():
        return
    # By bytes: a crash may have cut the last line in the middle of a letter.
    for number, line in enumerate(path.read_bytes().split(b"\n")[:-1], 1):
        if (entry := _entry(line)) is not None:
            yield entry
        elif line:
            unreadable(path, number)


def _entry(line: bytes) -> Entry | None:
    """The entry that a line holds; None if a bad disk or another hand has written it."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and isinstance(found.get("event"), str) else None


def tickets(folder: Path) -> dict[str, Identity]:
    """Return what the nights' journals in a folder say of each folder of files that was asked for."""
    found: dict[str, Identity] = {}
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_bytes().split(b"\n")[:-1]:
            if FramesAsked.name.encode() in line and (entry := _entry(line)) and entry["event"] == FramesAsked.name:
                found[str(entry.get("folder"))] = Identity(**{part: entry.get(part) for part in KEYWORDS})
    return found


def plain(said: Any) -> Any:
    """Return it as JSON in UTF-8 can hold it: moments are stamped, and half a letter is written as its number."""
    if isinstance(said, datetime):
        return stamp(said)
    if isinstance(said, str):  # a file's name need not be UTF-8
        return said.encode(errors="backslashreplace").decode()
    if isinstance(said, Mapping):
        return {plain(name): plain(each) for name, each in said.items()}
    return [plain(each) for each in said] if isinstance(said, list | tuple) else said


def stamp(when: datetime) -> str:
    """UTC in ISO 8601 with milliseconds: '2026-11-21T19:30:00.000Z'."""
    return when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(text: str) -> datetime:
    """The time that `stamp` wrote."""
    found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _opened(path: Path) -> int:
    """Open for appending; a last line that a crash cut short is removed, since it never counted."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _drop_torn_line(path)
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    flush_folder(path.parent)
    return file


def _drop_torn_line(path: Path) -> None:
    if not path.exists():
        return
    with path.open("rb+") as file:
        whole = file.read()
        kept = whole.rfind(b"\n") + 1
        if kept < len(whole):
            file.truncate(kept)
            os.fsync(file.fileno())
