"""`obsy replay` says what it compared, and ends with 1 where something comes out otherwise."""

import json
from pathlib import Path

from click.testing import CliRunner

from obsy.cli.replay import replay
from tests.unit.engine.replay.test_audit import WET, written
from tests.unit.engine.replay.test_evidence import calm, played


def test_a_night_that_comes_out_the_same_ends_well_and_says_so(tmp_path: Path) -> None:
    entries, _, _ = played([*calm(200), (5_000, WET)], set())
    told = CliRunner().invoke(replay, [str(written(tmp_path, entries))])
    assert told.exit_code == 0
    assert "comes out the same, to the last bit" in told.output


def test_a_difference_is_told_with_its_place_and_ends_with_1(tmp_path: Path) -> None:
    entries, _, _ = played([*calm(200), (5_000, WET)], set())
    entries[-1]["memory"] = "deadbeef"
    path = written(tmp_path, entries)
    told = CliRunner().invoke(replay, [str(path)])
    assert told.exit_code == 1
    assert told.output.startswith(f"{path}:{len(entries)}: ")
    facts = json.loads(CliRunner().invoke(replay, [str(path), "--json"]).output)
    assert [(each["line"], each["journal"]) for each in facts["differences"]] == [(len(entries), "deadbeef")]


def test_a_gap_is_told_and_does_not_end_well(tmp_path: Path) -> None:
    entries, _, _ = played([*calm(200), (5_000, WET)], set())
    path = written(tmp_path, [*entries, {"time": "2026-11-21T23:00:00.000Z", "event": "weather"}])
    told = CliRunner().invoke(replay, [str(path)])
    assert told.exit_code == 1
    assert "nothing is known from" in told.output
    assert told.output.endswith("What is there comes out the same.\n")
