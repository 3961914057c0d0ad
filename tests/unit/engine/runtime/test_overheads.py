"""What planning counts of slews and downloads: what journals of nights before tell, as the night noted it."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from obsy.cli import cli
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.journal import stamp
from obsy.engine.runtime.overheads import costs, known, told
from obsy.engine.schedule.overheads import Overheads
from tests.support.equipment import ROOT, example

NIGHT = date(2026, 11, 21)
DECLARED = Overheads.of(example().instruments[0])


def keep(data_root: DataRoot, day: date, lines: list[dict[str, Any]]) -> None:
    path = data_root.journal(day)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


def frames(day: date, download_s: float, count: int = 12) -> list[dict[str, Any]]:
    """A block whose frames follow each other after so long."""
    at = datetime.fromisoformat(f"{day}T18:00:00+00:00")
    start = {"event": "block-started", "mount": "gem", "plan": "m31", "filter": "L", "exposure_s": 60.0}
    lines: list[dict[str, Any]] = [{"time": stamp(at), "train": "newton", **start}]
    for number in range(count):
        when = at + timedelta(seconds=number * (60.0 + download_s))
        lines.append({"time": stamp(when), "train": "newton", "event": "exposure-started", "exposure_s": 60.0})
    return lines


@pytest.fixture
def data_root(tmp_path: Path) -> DataRoot:
    """The night before, frames came 5 s after each other; 2 s are declared."""
    found = DataRoot(tmp_path / "real")
    keep(found, NIGHT - timedelta(days=1), frames(NIGHT, 5.0))
    return found


def test_what_nights_before_tell_counts(data_root: DataRoot) -> None:
    assert costs(example(), NIGHT, data_root) == {"newton": replace(DECLARED, download_s=5.0)}
    assert costs(example(), NIGHT - timedelta(days=1), data_root) == {"newton": DECLARED}, "not its own"


def test_what_is_declared_counts_if_the_policy_says_so(data_root: DataRoot) -> None:
    assert costs(replace(example(), overheads="declared"), NIGHT, data_root) == {"newton": DECLARED}
    assert costs(example(), NIGHT, None) == {"newton": DECLARED}


def test_a_night_that_has_begun_keeps_what_it_began_with(data_root: DataRoot) -> None:
    counted = costs(example(), NIGHT, data_root)
    noted = told(counted, example())
    assert noted == {"newton": {"download_s": 5.0}}
    keep(data_root, NIGHT, [{"event": "night-started", "time": "2026-11-21T16:00:00.000Z", "overheads": noted}])
    keep(data_root, NIGHT - timedelta(days=2), frames(NIGHT, 9.0, 60))
    assert known(example(), NIGHT, data_root)["newton"].costs.download_s == 8.5
    assert costs(example(), NIGHT, data_root) == counted


@pytest.mark.parametrize(
    "noted",
    [
        None,
        {},
        "fast",
        {"newton": 3},
        {"newton": {"download_s": -1, "slew_deg_s": 0}},
        {"newton": {"download_s": 10**400, "settle_s": float("inf"), "filter_s": float("nan"), "slew_deg_s": 1e-300}},
    ],
)
def test_a_night_that_noted_nothing_usable_counts_what_is_declared(data_root: DataRoot, noted: object) -> None:
    keep(data_root, NIGHT, [{"event": "night-started", "time": "2026-11-21T16:00:00.000Z", "overheads": noted}])
    assert costs(example(), NIGHT, data_root) == {"newton": DECLARED}


def test_a_night_before_that_cannot_be_read_tells_nothing(data_root: DataRoot) -> None:
    data_root.journal(NIGHT - timedelta(days=2)).mkdir()
    absurd = [{**line, "exposure_s": 10**400} for line in frames(NIGHT, 9.0)]
    keep(data_root, NIGHT - timedelta(days=3), absurd)
    assert costs(example(), NIGHT, data_root)["newton"].download_s == 5.0


def test_drift_shows_declared_beside_learned(tmp_path: Path) -> None:
    for room in ("site", "library", "plans"):
        (tmp_path / room).symlink_to(ROOT / room)
    keep(DataRoot.of(tmp_path, example().site, True), NIGHT, frames(NIGHT, 5.0))
    said = CliRunner().invoke(cli, ["drift", str(tmp_path / "plans"), "--simulated", "--json"])
    found = json.loads(said.output)["overheads"]
    steps = {each["step"]: each for each in found["trains"]["newton"]["steps"]}
    assert found["counted"] == "learned"
    assert steps["download_s"] == {
        "step": "download_s",
        "declared": 2.0,
        "learned": 5.0,
        "spread": 0.0,
        "samples": 11,
    }
    assert steps["slew_deg_s"]["learned"] is None
