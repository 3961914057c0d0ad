"""`obsy alert` keeps what a rule asks for; the dry run and the status tell of it while it lasts."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from obsy.cli import cli

RULE = """\
kind: rule
name: bursts
trigger: {alert: gcn/swift}
plan:
  name: after-$name
  target: {ra: $ra, dec: $dec}
  want: [{filter: V, exposure: 60 s, count: 6}]
  pipeline: photometry
lasts: 10 h
preempts: below 8
mode: live
"""
BURST = {
    "mission": "Swift",
    "instrument": "BAT",
    "alert_datetime": "2026-11-21T11:40:10Z",
    "trigger_time": "2026-11-21T11:39:55Z",
    "event_name": "GRB 261121A",
    "id": ["694215995"],
    "ra": 305.0,
    "dec": 41.0,
}


@pytest.fixture
def home(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for room in ("site", "library"):
        shutil.copytree(root / room, tmp_path / room)
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "rule.yaml").write_text(RULE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def obsy(*said: str) -> tuple[int, str, str]:
    told = CliRunner().invoke(cli, said)
    return told.exit_code, told.stdout, told.stderr + str(told.exception or "")


@pytest.mark.long
def test_an_alert_is_kept_told_and_planned_and_comes_once(home: Path) -> None:
    assert obsy("alert", "--simulate") == (0, "No alert came to the simulated nights.\n", "")
    (home / "burst.json").write_text(json.dumps(BURST))
    code, said, _ = obsy("alert", "burst.json", "--simulate")
    assert code == 0
    assert said == (
        "GRB 261121A (gcn/swift/bat, swift 694215995) at 305.0000 +41.0000 deg, 2026-11-21 11:39:55 UTC\n"
        "  'after-grb-261121a' is wanted until 2026-11-21 21:39 UTC (rule 'bursts', live)\n"
        "No night runs; it is taken up by 'obsy apply --simulate' while it lasts.\n"
    )
    code, said, _ = obsy("alert", "burst.json", "--simulate", "--json")
    assert (code, "acts once" in json.loads(said)["words"]) == (0, True)
    listed = json.loads(obsy("alert", "--simulate", "--json")[1])
    assert [(each["id"], each["wishes"][0]["mode"]) for each in listed] == [("swift 694215995", "live")]
    asked = ("apply", "--dry-run", "--simulate", "--night", "2026-11-21", "--json")
    code, said, complained = obsy(*asked)
    assert code == 0, complained
    wants = "alert swift 694215995 wants 'after-grb-261121a' until 2026-11-21 21:39 UTC"
    assert f"{wants}, ahead of plans with a priority below 8" in [each["words"] for each in json.loads(said)["notices"]]
    assert "after-grb-261121a" in {each.get("plan") for each in json.loads(said)["actions"]}
    code, _, complained = obsy("status", "--simulated")
    assert code == 0, complained


def test_what_is_refused_is_told_kept_and_ends_with_a_one_and_a_test_does_not(home: Path) -> None:
    (home / "burst.json").write_text(json.dumps(BURST))
    code, _, complained = obsy("alert", "burst.json", "--simulate", "--at", "2026-11-22T11:40:00Z")
    assert code == 1
    assert "it happened 24 h ago, and rule 'bursts' lasts 10 h from then on" in complained
    (home / "test.json").write_text(json.dumps({**BURST, "alert_tense": "test", "id": ["2"]}))
    code, said, _ = obsy("alert", "test.json", "--simulate")
    assert (code, "nothing is done: it is no observation, but 'test'" in said) == (0, True)
    assert len(json.loads(obsy("alert", "--simulate", "--json")[1])) == 2
    assert obsy("alert", "burst.json", "--at", "2026-11-22T11:40:00Z")[0] == 2
