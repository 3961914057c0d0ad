"""`obsy why`: of a night that is over, its journal tells; a name that no plan has is told its neighbours."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from obsy.cli.why import why
from obsy.engine.frames.data_root import DataRoot

UNPLACED = {"plan": "m31", "goal": "L-240s", "train": "newton", "code": "moon", "reason": "the Moon is too bright"}
BLOCK = {"plan": "bubble", "goal": "Ha-300s", "count": 12}
BLOCK |= {"start": "2026-11-21T20:00:00.000Z", "end": "2026-11-21T21:05:00.000Z"}
BEGUN = {"time": "2026-11-21T18:00:00.000Z", "night": "2026-11-21", "event": "night-started", "commit": "abc"}
FINISHED = {"time": "2026-11-22T06:00:00.000Z", "night": "2026-11-21", "event": "night-finished"}


@pytest.fixture
def here(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example observatory, whose night of 21 November is over."""
    for room in ("site", "library", "plans"):
        shutil.copytree(root / room, tmp_path / room)
    journal = DataRoot(tmp_path / "data" / "simulated").journal
    path = journal(date(2026, 11, 21))
    path.parent.mkdir(parents=True)
    begun = {**BEGUN, "intent": {"blocks": [BLOCK], "unplaced": [UNPLACED]}}
    path.write_text("".join(json.dumps(each) + "\n" for each in (begun, FINISHED)))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def asked(*words: str) -> Result:
    return CliRunner().invoke(why, [*words, "--night", "2026-11-21", "--simulate"])


@pytest.mark.usefixtures("here")
def test_of_a_night_that_is_over_its_journal_tells_why_and_who_had_the_time() -> None:
    assert asked("M 31").output == (
        "m31 on the night of 2026-11-21 at nerpio\n"
        "  L-240s: nothing: the Moon is too bright (moon)\n"
        "  The night was planned for bubble 1 h 5 min\n"
    )
    told = json.loads(asked("m31", "--json").output)
    assert told == {
        "plan": "m31", "night": "2026-11-21", "unplaced": [UNPLACED], "taken_s": {"bubble": 3900.0}, "commit": "abc",
    }  # fmt: skip
    assert "Ha-300s: 12 frames were planned" in asked("bubble").output
    assert "Nothing was left to do" in asked("heart").output


@pytest.mark.usefixtures("here")
def test_a_name_that_no_plan_has_is_told_its_neighbour() -> None:
    said = asked("m3x")
    assert "no plan is named 'm3x', nor points at it: did you mean 'm31'?" in str(said.exception)
