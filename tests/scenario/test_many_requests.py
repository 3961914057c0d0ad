"""A dry run of thousands of requests answers each of them, in time that grows no faster than they do."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest

pytestmark = [pytest.mark.once, pytest.mark.slow(minutes=0.5)]

FEW, MANY = 300, 1200


class DryRun(NamedTuple):
    cpu_s: float
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
    with (folder / "told").open("w") as told, subprocess.Popen(command, cwd=folder, stdout=told) as run:
        _, status, used = os.wait4(run.pid, 0)
        run.returncode = os.waitstatus_to_exitcode(status)
    assert run.returncode == 0
    return DryRun(used.ru_utime + used.ru_stime, json.loads((folder / "told").read_text()))


def test_each_of_many_requests_is_answered(root: Path, tmp_path: Path) -> None:
    few, many = (dry_run(root, tmp_path / str(count), count) for count in (FEW, MANY))
    for count, run in ((FEW, few), (MANY, many)):
        placed, left = ({each["plan"]: each for each in run.told[key]} for key in ("blocks", "unplaced"))
        assert placed and {*placed, *left} == {f"plan-{number}" for number in range(count)}
        assert all(each["code"] and each["reason"] for each in left.values())
    assert many.cpu_s < few.cpu_s * MANY / FEW * 1.5, "what is asked costs no more where more is asked"
