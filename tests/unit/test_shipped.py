"""What ships for INDI's simulators is declared without complaint, and its night is the example's but for three rows."""

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from obsy.engine.declare.survey import declare, survey
from tests.support.shipped import SHIPPED

MORE = [
    {"source": "closing", "event": "done", "dest": "calibrating", "guards": [when, "calibration_missing"]}
    for when in ("dusk_ahead", "is_dark")
]
LESS = {"source": "calibrating", "event": "dusk", "dest": "opening", "guards": ["is_safe", "work_left"]}
"""The calibration that a night's lights need is taken before the roof opens."""


def test_every_file_of_it_is_declared_without_complaint() -> None:
    plans = SHIPPED / "plans"
    assert not survey(SHIPPED, plans).complaints
    declared = declare(SHIPPED, plans)
    assert {each.name for each in declared.plans} == {path.stem for path in plans.glob("*.yaml")}
    assert all(each.device is not None and each.device.indi for each in (*declared.enclosures, *declared.mounts))


def test_its_table_of_a_night_is_the_examples_but_for_three_rows(root: Path) -> None:
    own, example = (
        table(each) for each in (SHIPPED / "library/nights/roof.yaml", root / "library/nights/roll-off.yaml")
    )
    moves, usual = own.pop("moves"), example.pop("moves")
    assert [each for each in moves if each not in MORE] == [each for each in usual if each != LESS]
    assert [each for each in moves if each in MORE] == MORE
    assert LESS in usual
    assert own == example | {"name": "roof"}


def table(path: Path) -> dict[str, Any]:
    said: dict[str, Any] = YAML(typ="safe").load(path)
    return said
