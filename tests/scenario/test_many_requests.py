"""A dry run of thousands of requests answers each of them, in time and memory that grow no faster than they do."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest

pytestmark = [pytest.mark.once, pytest.mark.slow(minutes=0.5)]

FEW, MANY, MOST = 300, 1200, 10_000
MOST_MB = 1000.0
WAITS = """
import os, subprocess, sys
_, status, used = os.wait4(subprocess.Popen(sys.argv[1:], stdout=sys.stderr).pid, 0)
print(os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, used.ru_maxrss / 1000)
"""
"""What waits for obsy is small: the kernel counts as a process's memory that of whoever forked it, too."""


class DryRun(NamedTuple):
    cpu_s: float
    mb: float
    told: dict[str, Any]


def dry_run(root: Path, folder: Path, count: int) -> DryRun:
    """What a night of so many plans comes to, anywhere in the sky, and what that took."""
    dice = Random(count)
    for room in ("site", "library"):
        shutil.copytree(root / room, folder / room)
    (folder / "plans").mkdir()
    for number in range(count):
        (folder / "plans" / f"{number}.yaml").write_text(
            f"kind: plan\nname: plan-{number}\npipeline: deep-sky\npriority: {dice.randint(1, 9)}\n"
            f"target: {{ra: {dice.uniform(0, 360):.3f} deg, dec: {dice.uniform(-10, 80):.3f} deg}}\n"
            f"want: [{{filter: {dice.choice(['L', 'Ha', 'R'])}, exposure: 120 s, total: {dice.randint(1, 6)} h}}]\n"
            "when: {altitude: above 30 deg}\n"
        )
    obsy = Path(sys.executable).with_name("obsy")
    command = [obsy, "apply", "plans", "--dry-run", "--simulate", "--night", "2026-11-28", "--json"]
    with (folder / "told").open("w") as told:
        run = subprocess.run(
            [sys.executable, "-c", WAITS, *command], cwd=folder, stdout=subprocess.PIPE, stderr=told, check=True
        )
    code, cpu_s, mb = map(float, run.stdout.split())
    assert code == 0
    return DryRun(cpu_s, mb, json.loads((folder / "told").read_text()))


def test_each_of_many_requests_is_answered_and_ten_thousand_would_stay_below_a_gigabyte(
    root: Path, tmp_path: Path
) -> None:
    few, many = (dry_run(root, tmp_path / str(count), count) for count in (FEW, MANY))
    for count, run in ((FEW, few), (MANY, many)):
        placed, left = ({each["plan"]: each for each in run.told[key]} for key in ("blocks", "unplaced"))
        assert placed and {*placed, *left} == {f"plan-{number}" for number in range(count)}
        assert all(each["code"] and each["reason"] for each in left.values())
    mb_each = (many.mb - few.mb) / (MANY - FEW)
    assert 0 < mb_each
    assert many.mb + (MOST - MANY) * mb_each < MOST_MB
    assert many.cpu_s < few.cpu_s * MANY / FEW * 1.5, "what is asked costs no more where more is asked"
