"""What happened, one line an event: append only, and on the disk before the event counts."""

import json
import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any, Protocol, Self, TextIO

from obsy.engine.disk import flush_folder
from obsy.engine.events import Event
from obsy.engine.events.frames import FramesAsked
from obsy.engine.identity import KEYWORDS, Identity

Entry = dict[str, Any]
Observer = Callable[[Entry], None]
"""Is told every entry, once it is on the disk."""


DISK_S = 10.0
"""A disk that has not taken a line by then does not answer."""


class Hurry:
    """Does one thing after the other in a thread, and waits for each only so long."""

    def __init__(self, wait_s: float) -> None:
        """Nothing has been asked."""
        self._wait_s = wait_s
        self._running: Thread | None = None

    def do(self, deed: Callable[[], None]) -> None:
        """Return when it is done; raise what it raises.

        Raise OSError if it takes too long, and at once, with nothing done, while an earlier one has not come back.
        """
        if self._running is not None and self._running.is_alive():
            raise OSError("the disk does not answer")
        failures: list[BaseException] = []

        def run() -> None:
            try:
                deed()
            except BaseException as failure:  # noqa: BLE001 - raised where it was asked
                failures.append(failure)

        self._running = Thread(target=run, daemon=True)
        self._running.start()
        self._running.join(self._wait_s)
        if self._running.is_alive():
            raise OSError(f"the disk did not answer within {self._wait_s:g} s")
        if failures:
            raise failures[0]


class Writes(Protocol):
    """Whatever takes events: the journal, or a list in a test."""

    def write(self, when: datetime, event: Event) -> None:
        """Keep one event."""
        ...


def tell_stderr(words: str) -> None:
    """Print for whoever watches; nothing waits for, or ends with, a stderr that is full or gone."""
    with suppress(OSError, ValueError):
        print(words, file=sys.stderr)


class Journal:
    """One night's file of JSON lines; the only writer holds it open. Nothing is on the disk before the first event.

    A disk that hangs is one that fails: whoever writes is not kept from the roof for longer than `DISK_S`.
    """

    def __init__(self, path: Path, night: str, tell: Observer | None = None) -> None:
        """Write to this file and tell `tell`."""
        self.night, self.path = night, path
        self._tell = tell
        self._file: TextIO | None = None
        self._disk = Hurry(DISK_S)

    def write(self, when: datetime, event: Event) -> None:
        """Append one event and return when it is on the disk, and its observer has heard it.

        Raise OSError if the disk does not take it, or does not answer. An observer that fails is told no more: a
        screen that is gone ends no night.
        """
        facts = {name: stamp(fact) if isinstance(fact, datetime) else fact for name, fact in event.facts().items()}
        entry = {"time": stamp(when), "night": self.night, "event": event.name, **facts}
        line = json.dumps(entry, ensure_ascii=False, allow_nan=False, separators=(", ", ": "))
        self._disk.do(lambda: self._append(line))
        if self._tell is not None:
            try:
                self._tell(entry)
            except (Exception, SystemExit) as trouble:  # rich exits when its pipe is broken
                self._tell = None
                tell_stderr(f"obsy: the night goes on without a screen ({trouble!r}); its journal is {self.path}")

    def _append(self, line: str) -> None:
        file = self._file = self._file or _opened(self.path)
        file.write(f"{line}\n")
        file.flush()
        os.fsync(file.fileno())

    def __enter__(self) -> Self:
        """Return the journal itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the file; everything in it is on the disk already."""
        if self._file is not None:
            self._file.close()


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


def stamp(when: datetime) -> str:
    """UTC in ISO 8601 with milliseconds: '2026-11-21T19:30:00.000Z'."""
    return when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(text: str) -> datetime:
    """The time that `stamp` wrote."""
    found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _opened(path: Path) -> TextIO:
    """Open for appending; a last line that a crash cut short is removed, since it never counted."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _drop_torn_line(path)
    file = path.open("a", encoding="utf-8")
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
