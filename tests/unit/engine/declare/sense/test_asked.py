"""A rule names a plan that somebody has written."""

import shutil
from pathlib import Path

import pytest

from obsy.engine.declare.survey import survey
from tests.support.broken import GOLDEN

RULE = "kind: rule\nname: bursts\ntrigger: {alert: gcn/swift}\nplan: NAME\nlasts: 3 h\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    for case in ("observatory", "all-is-well"):
        shutil.copytree(GOLDEN / case, tmp_path, dirs_exist_ok=True)
    return tmp_path


def told(home: Path, plan: str, *plans: Path) -> list[str]:
    (home / "library" / "rule.yaml").write_text(RULE.replace("NAME", plan), encoding="utf-8")
    return [each.mend for each in survey(home, *plans).complaints if each.code == "unknown-reference"]


def test_a_plan_that_nobody_has_written_is_told(home: Path) -> None:
    assert told(home, "m31", home / "plans") == []
    assert told(home, "m32", home / "plans") == ["did you mean 'm31'?"]
    assert told(home, "zz", home / "plans") == ["name another, or declare a plan with 'name: zz'"]


def test_one_of_several_targets_and_all_of_them_may_be_meant(home: Path) -> None:
    plan = home / "plans" / "m31.yaml"
    said = (
        plan.read_text(encoding="utf-8")
        .replace("target: M31", "targets: [M31, M33]")
        .replace("name: m31", "name: both")
    )
    plan.write_text(said, encoding="utf-8")
    assert told(home, "both-m33", home / "plans") == told(home, "both", home / "plans") == []


def test_nothing_is_said_where_not_all_plans_were_read(home: Path) -> None:
    assert told(home, "m32") == told(home, "m32", home / "plans" / "m31.yaml") == []
    (home / "plans" / "broken.yaml").write_text("name: [", encoding="utf-8")
    assert told(home, "m32", home / "plans") == []
