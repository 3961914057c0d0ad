"""`obsy pack` as a person types it: what is new, and what `obsy validate` says before and after."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from obsy.cli.pack import pack
from obsy.engine.declare.survey import complaints

ROOT = Path(__file__).resolve().parents[3]
PLAN = (ROOT / "plans/m31.yaml").read_text()


def codes() -> list[str]:
    return [each.code for each in complaints(Path("."), Path("plans"))]


def test_a_pack_is_brought_watched_and_renewed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for room in ("site", "library"):
        shutil.copytree(ROOT / room, tmp_path / "here" / room)
    (tmp_path / "here/plans").mkdir()
    (tmp_path / "source").mkdir()
    (tmp_path / "source/m31.yaml").write_text(PLAN)
    (tmp_path / "here/plans/pack.yaml").write_text("kind: pack\nname: messier\nsource: ../source\nversion: '1'\n")
    monkeypatch.chdir(tmp_path / "here")
    assert codes() == ["not-locked"]
    said = CliRunner().invoke(pack, [])
    commit = "Look through what is new, and commit packs/ and packs.lock.\n"
    assert said.output == f"messier 1, from ../source\n    + m31.yaml\n{commit}"
    assert codes() == []
    brought = Path("packs/messier/m31.yaml")
    brought.write_text(PLAN.replace("priority: 6", "priority: 7"))
    assert codes() == ["pack-changed"]
    brought.write_text(PLAN)
    (tmp_path / "source/m31.yaml").write_text(PLAN.replace("priority: 6", "priority: 8"))
    told = json.loads(CliRunner().invoke(pack, ["messier", "--dry-run", "--json"]).output)
    assert told[0]["changes"] == [{"sign": "~", "file": "m31.yaml"}]
    assert brought.read_text() == PLAN
    assert "did you mean 'messier'?" in str(CliRunner().invoke(pack, ["mesier"]).exception)
    Path("packs.lock").write_text('{"messier": {"source": 1, "version": 2, "commit": null, "files": 3}}')
    assert codes() == ["not-locked"]
    assert "packs.lock is not as obsy wrote it: take it from" in str(CliRunner().invoke(pack, []).exception)
