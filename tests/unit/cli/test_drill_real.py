"""Whoever drills a real roof names it first."""

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from obsy.cli.drill import drill
from obsy.engine.declare.equipment import read_equipment
from obsy.engine.drills.real.drill import RealDrill
from obsy.engine.runtime.guard.claims import devices
from obsy.engine.safety.lock import only_keeper
from obsy.errors import UserError
from tests.support.house import site


def at_home(folder: Path, **settings: str) -> None:
    (folder / "site").mkdir()
    (folder / "plans").mkdir()
    (folder / "site" / "all.yaml").write_text(site(12.0, **settings))


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(RealDrill, "_begin_guard", lambda *_: pytest.fail("a drill was begun"))
    return tmp_path


def said(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(drill, ["--real", *words], input=typed)


def refusal(result: Result) -> str:
    assert isinstance(result.exception, UserError), result.output
    return str(result.exception)


def test_nothing_opens_before_its_name_is_typed(here: Path) -> None:
    at_home(here, choice=", drills: by day")
    result = said("rain", typed="yes\n")
    assert "The real roof opens and closes once." in result.output
    assert refusal(result) == "'yes' is no roof of this site; these are: dome"
    assert "closes 2 times." in said("rain", "stale", typed="yes\n").output


def test_where_nobody_can_type_it_is_told_how_a_script_names_the_roof(here: Path) -> None:
    at_home(here, choice=", drills: by day")
    assert refusal(said("rain")) == "nobody is there to type the name of the roof: add '--yes dome'"


@pytest.mark.parametrize("yes", [(), ("--yes", "dome")])
def test_whether_it_may_be_drilled_is_told_before_anybody_types(here: Path, yes: tuple[str, ...]) -> None:
    at_home(here)
    result = said("rain", *yes, typed="dome\n")
    assert "drills: by day" in refusal(result)
    assert "The name of the roof" not in result.output


def test_who_keeps_the_roof_is_told_before_anybody_types(here: Path) -> None:
    at_home(here, choice=", drills: by day")
    with only_keeper(devices(read_equipment(here), here)):
        result = said("rain", typed="dome\n")
    assert "is kept by another process: process " in refusal(result)
    assert "The name of the roof" not in result.output


def test_a_drill_that_there_is_not_is_told_with_those_that_there_are() -> None:
    assert refusal(said("snow")).startswith("no such drill of a real roof: snow; there are rain, ")


def test_the_drills_of_a_real_roof_are_listed_for_people_and_for_machines() -> None:
    assert "guard-killed  " in said("--list").output
    rows = json.loads(said("--list", "--json").output)
    assert rows[0] == {"drill": "rain", "about": "every rain sensor says rain"}


@pytest.mark.parametrize(
    ("words", "cure"),
    [
        (["--yes", "dome"], "add '--real' to drill it, or leave it out"),
        (["--real", "--night", "2026-11-21"], "leave '--night' out, or '--real'"),
        (["--list", "rain"], "leave it out, or 'rain'"),
        (["--list", "--night", "2026-11-21"], "leave it out, or '--night'"),
        (["--real", "--list", "--yes", "dome"], "leave it out, or '--yes'"),
    ],
)
def test_an_option_in_vain_is_refused_with_the_one_that_makes_it_so(words: list[str], cure: str) -> None:
    result = CliRunner().invoke(drill, words)
    assert result.exit_code == click.UsageError.exit_code
    assert cure in " ".join(result.output.split())
