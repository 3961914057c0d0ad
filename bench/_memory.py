"""How much memory a command and everything it starts hold at once, at their worst moment."""

import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

EVERY_S = 0.1
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Run:
    """A command that ended well, and what it cost."""

    seconds: float
    peak_mb: float
    """Resident memory summed over the process tree; shared pages count once for each process, so it errs upwards."""
    processes: int
    """The most that lived at the same time."""
    said: str


def measure(command: Sequence[str | Path], folder: Path) -> Run:
    """Run `command` in `folder` and watch its process tree; raises CalledProcessError if it fails."""
    said = folder / "bench-output.txt"
    peak, processes, begin = 0, 0, time.monotonic()
    with said.open("w+", encoding="utf-8") as output:
        running = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        while running.poll() is None:
            sizes = _sizes(running.pid)
            peak, processes = max(peak, sum(sizes)), max(processes, len(sizes))
            time.sleep(EVERY_S)
    seconds = time.monotonic() - begin
    text = said.read_text(encoding="utf-8")
    if running.returncode:
        raise subprocess.CalledProcessError(running.returncode, list(map(str, command)), text)
    return Run(seconds, peak / MEGABYTE, processes, text)


def _sizes(pid: int) -> list[int]:
    try:
        top = psutil.Process(pid)
        tree = [top, *top.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []
    return [size for process in tree if (size := _size(process))]


def _size(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:  # it ended between being listed and being asked
        return 0
