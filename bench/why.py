"""How long `obsy why` takes for each target of the example in three nights, beside the import of what it stands on.

usage: python -m bench why [PLAN...]

Seconds are those of a processor, user and system, of all cores: the least and the median of some runs, and the worst
of all targets. By the clock a question is shorter where a core is free, which plans beside what the first one plans;
what the clock says counts on a machine that does nothing else.
"""

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bench._answer import Figures, answer

ROOT = Path(__file__).resolve().parents[1]
NIGHTS = "2026-11-28", "2026-12-24", "2027-02-10"
RUNS = 3
BARE = [sys.executable, "-c", "import click, erfa, numpy, pydantic, ruamel.yaml"]
SETTINGS = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def targets() -> list[str]:
    """Return the plans of the example."""
    return [path.stem for path in sorted((ROOT / "plans").glob("*.yaml"))]


def figures(names: Sequence[str], runs: int = RUNS) -> Figures:
    """Return the worst and the middle of some targets in all nights."""
    least, medians, clock = {}, [], []
    for night in NIGHTS:
        for name in names:
            command = [str(Path(sys.executable).with_name("obsy")), "why", name, "--simulate", "--night", night]
            spent, waited = zip(*(_seconds(command) for _ in range(runs)), strict=True)
            least[f"{name} in {night}"] = min(spent)
            clock.append(statistics.median(waited))
            medians.append(statistics.median(spent))
    slowest = max(least, key=lambda each: least[each])
    return {
        "import_s": min(_seconds(BARE)[0] for _ in range(runs)),
        "asked": len(least),
        "least_s_of_the_middle_one": statistics.median(least.values()),
        "median_s_of_the_middle_one": statistics.median(medians),
        "within_a_second": sum(each < 1 for each in least.values()),
        "least_s_of_the_slowest": least[slowest],
        "slowest": slowest,
        "within_a_second_by_the_clock": sum(each < 1 for each in clock),
        "clock_s_of_the_slowest": max(clock),
    }


def _seconds(command: list[str]) -> tuple[float, float]:
    """Return what a command takes of a processor, and by the clock."""
    begin, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True, env=SETTINGS)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime, time.perf_counter() - begin


def _named() -> list[str]:
    return [each for each in sys.argv[1:] if not each.startswith("-")]


if __name__ == "__main__":
    answer("`obsy why` of the example's targets, seconds of a processor", figures(_named() or targets()))
