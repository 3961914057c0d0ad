"""Programs that obsy starts, ended together, also after obsy itself was killed."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from obsy.errors import DeviceError

Child = subprocess.Popen[bytes]

PATIENCE_S = 5.0
"""A program told to end is killed after this long."""


class Children:
    """Running programs, newest last, each the head of its own process group."""

    def __init__(self, folder: Path) -> None:
        """End what an obsy that was killed left running from the same folder.

        Programs run, and are ended, also where the disk is full or nothing may be written: then nobody keeps their
        words, and after a `kill -9` nobody ends them.
        """
        self.logs = folder / "logs"
        with suppress(OSError):
            self.logs.mkdir(parents=True, exist_ok=True)
        self._list = folder / "children.json"
        self._running: list[Child] = []
        self._end_orphans()

    def start(self, command: Sequence[str], environment: Mapping[str, str], pipe: int | None = None) -> Child:
        """Start a program, its words kept in logs/; raises DeviceError if it is not installed.

        pipe: a file descriptor it inherits.
        """
        with self._log(Path(command[0]).name) as log:
            try:
                child = subprocess.Popen(
                    command,
                    env=dict(environment),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    pass_fds=() if pipe is None else (pipe,),
                    start_new_session=True,
                )
            except FileNotFoundError:
                raise DeviceError(f"{command[0]} is not installed; scripts/real-parts.sh installs it") from None
        self._running.append(child)
        self._remember()
        return child

    def _log(self, name: str) -> BinaryIO:
        try:
            return (self.logs / f"{name}.log").open("wb")
        except OSError:
            return Path(os.devnull).open("wb")

    def end(self, child: Child) -> None:
        """End one program and whatever it started, and return when it has gone."""
        _signal(child.pid, signal.SIGTERM)
        try:
            child.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            _signal(child.pid, signal.SIGKILL)
            child.wait()
        _signal(child.pid, signal.SIGKILL)  # what it started itself and left behind
        self._running.remove(child)
        self._remember()

    def kill(self, child: Child, part: str | None = None) -> bool:
        """Kill a program that hangs with whatever it started, or only what it started by the name `part`.

        Return whether there was anything to kill.
        """
        if part is None:
            _signal(child.pid, signal.SIGKILL)
            return True
        found = [pid for pid in _group(child.pid) if pid != child.pid and _program(pid) == part]
        for pid in found:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        return bool(found)

    def close(self) -> None:
        """End every program, the newest first; it blocks for a moment, so that no cancellation leaves one behind."""
        while self._running:
            self.end(self._running[-1])

    def _remember(self) -> None:
        beside = self._list.with_name(f".{self._list.name}.part")
        with suppress(OSError):  # nor is a disk waited for: what keeps a roof begins programs, too
            beside.write_text(json.dumps([[child.pid, _born(child.pid)] for child in self._running]))
            beside.replace(self._list)

    def _end_orphans(self) -> None:
        with suppress(OSError, ValueError):
            for pid, born in reversed(json.loads(self._list.read_text())):
                if born is not None and _born(pid) == born:
                    _signal(pid, signal.SIGTERM)
                    _wait_gone(pid, born)
                    _signal(pid, signal.SIGKILL)


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def _wait_gone(pid: int, born: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while _born(pid) == born and time.monotonic() < deadline:
        time.sleep(0.05)


def _born(pid: int) -> str | None:
    """When a living process began, in the kernel's ticks: another one given the same number differs in it.

    Source: proc_pid_stat(5), fields 3 and 22, counted after the last bracket of the name.
    """
    fields = _stat(pid)
    return None if not fields or fields[0] == "Z" else fields[19]


def _group(leader: int) -> list[int]:
    """The processes of a group; source: proc_pid_stat(5), field 5."""
    pids = [int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit()]
    return [pid for pid in pids if _stat(pid)[2:3] == [str(leader)]]


def _program(pid: int) -> str:
    """The name by which a process was started."""
    try:
        return Path(os.fsdecode(Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0])).name
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _stat(pid: int) -> list[str]:
    """What the kernel says of a process, from field 3 on; nothing if there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []
