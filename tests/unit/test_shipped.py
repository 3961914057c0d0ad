"""What ships for INDI's simulators is declared without complaint, and its night is the example's with one row more."""

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from obsy.engine.declare.survey import declare, survey
from tests.support.shipped import SHIPPED

MORE = {"source": "closing", "event": "done", "dest": "calibrating", "guards": ["is_dark", "calibration_missing"]}
"""A night that begins in the dark takes the calibration that its lights need before the roof opens."""


def test_every_file_of_it_is_declared_without_complaint() -> None:
    plans = SHIPPED / "plans"
    assert not survey(SHIPPED, plans).complaints
    declared = declare(SHIPPED, plans)
    assert {each.name for each in declared.plans} == {path.stem for path in plans.glob("*.yaml")}
    assert all(each.device is not None and each.device.indi for each in (*declared.enclosures, *declared.mounts))


def test_its_table_of_a_night_is_the_examples_and_one_row(root: Path) -> None:
    own, example = (
        table(each) for each in (SHIPPED / "library/nights/roof.yaml", root / "library/nights/roll-off.yaml")
    )
    moves, usual = own.pop("moves"), example.pop("moves")
    assert [each for each in moves if each != MORE] == usual
    assert moves.count(MORE) == 1
    assert own == example | {"name": "roof"}


def table(path: Path) -> dict[str, Any]:
    said: dict[str, Any] = YAML(typ="safe").load(path)
    return said
