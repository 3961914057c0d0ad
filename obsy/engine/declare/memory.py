"""What was said of an observatory's files is kept where all was well, and holds until something has changed.

Only what is light is loaded here: whoever finds that nothing has changed waits for nothing else.
"""

import json
import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from stat import S_ISDIR
from typing import Any

import obsy
from obsy.diagnostics import Diagnostic, Mark
from obsy.engine.declare.checked import Checked
from obsy.engine.declare.folders import LOCK, PACKS, SECRETS, called, declaring, names

FILE = Path(".obsy", "checked.json")
TIME_ZONES = "/usr/share/zoneinfo"
PRIVATE = 0o600


class Memory:
    """What was kept of one call, in a file of the observatory's `.obsy/`."""

    def __init__(self, root: Path, plans: Iterable[Path]) -> None:
        """plans: those that are meant, as `observatories` has them."""
        self.read: dict[str, bytes] = {}
        """The content of every file that was read, to be filled while it is checked."""
        self._file = root / FILE
        self._places = [called(place, root) for place in (root, *plans)]
        self._circumstances = _digest(json.dumps(list(_circumstances(self._places))).encode())
        self._before = self._listed()
        self._aside = {file: _stamp(file) for file in (str(self._places[0] / each) for each in (SECRETS, LOCK))}

    def recall(self) -> Checked | None:
        """Return what was kept; None if there is nothing, or anything is not as it was."""
        try:
            first, _, body = self._file.read_bytes().partition(b"\n")
            if first != _digest(body).encode():
                return None
            kept = json.loads(body)
            if kept["circumstances"] != self._circumstances or kept["listed"] != self._before:
                return None
            if any(_stamp(file) != stamp for file, stamp in kept["stamps"].items()):
                return None
            return Checked((), tuple(map(_diagnostic, kept["warnings"])), kept["kinds"], kept["files"])
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def keep(self, checked: Checked, besides: Iterable[Path]) -> None:
        """Keep what is said, if all is well and nothing came meanwhile; nothing happens where nothing may be written.

        besides: what else it depends on: files, or folders that are there or not.
        """
        if checked.complaints or self._before != (listed := self._listed()):
            return
        stamps = {file: _stamp(file, content) for file, content in self.read.items()}
        stamps |= {file: _stamp(file) for file in (*listed, *map(str, besides)) if file not in stamps}
        stamps |= self._aside
        kept = {"circumstances": self._circumstances, "listed": listed, "stamps": stamps}
        body = json.dumps(kept | {key: getattr(checked, key) for key in ("warnings", "kinds", "files")}).encode()
        beside = self._file.with_name(f".{self._file.name}.{os.getpid()}.part")
        with suppress(OSError):  # what a power cut leaves half written has another digest
            beside.parent.mkdir(exist_ok=True)
            beside.touch(PRIVATE)
            beside.write_bytes(_digest(body).encode() + b"\n" + body)
            beside.replace(self._file)

    def _listed(self) -> list[str]:
        """The files that declare something, or may: those of packs, too."""
        return [*declaring(*self._places), *names(self._places[0] / PACKS)]


def _circumstances(places: Iterable[Path]) -> Iterator[object]:
    """What a verdict depends on besides the files: the call, the day, this obsy and Python, and what is installed."""
    yield obsy.__version__, sys.version, os.getcwd(), [str(place) for place in places], time.gmtime()[:3]
    yield sorted(item for item in os.environ.items() if item[0].startswith("OBSY_") or item[0] == "HOME")
    for place in (*sys.path, TIME_ZONES):
        with suppress(OSError):
            yield place, os.stat(place).st_mtime_ns
    yield _program()


@cache
def _program() -> tuple[tuple[str, int, int], ...]:
    """The files of this obsy when it was first asked: what a process has loaded, no newer file changes."""
    found = []
    for folder, _, files in os.walk(Path(obsy.__file__).parent):
        for status in (os.stat(os.path.join(folder, file)) for file in files if not folder.endswith("__pycache__")):
            found.append((folder, status.st_size, status.st_mtime_ns))
    return tuple(found)


def _stamp(file: str, content: bytes | None = None) -> str:
    """What a file says, who may read it, and where it truly lies; '' if it is not there."""
    try:
        mode = os.stat(file).st_mode
        if content is None:
            content = b"" if S_ISDIR(mode) else Path(file).read_bytes()
    except OSError:
        return ""
    folder, name = os.path.split(file)
    lies = os.path.realpath(file) if os.path.islink(file) else os.path.join(_real(folder), name)
    return _digest(f"{mode} {lies} ".encode(errors="surrogateescape") + content)


@cache
def _real(folder: str) -> str:
    return os.path.realpath(folder)


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def _diagnostic(said: list[Any]) -> Diagnostic:
    mark, *words = said
    return Diagnostic(_mark(mark), *words)


def _mark(said: list[Any]) -> Mark:
    file, line, column, via = said
    return Mark(file, line, column, tuple(map(_mark, via)))
