"""Whoever drills a real roof names it first."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from obsy.cli.drill import drill
from obsy.errors import UserError
from tests.support.house import site


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "plans").mkdir()
    (tmp_path / "site" / "all.yaml").write_text(site(12.0))
    monkeypatch.chdir(tmp_path)


def said(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(drill, ["--real", *words], input=typed)


def refusal(result: Result) -> str:
    assert isinstance(result.exception, UserError)
    return str(result.exception)


def test_nothing_opens_before_its_name_is_typed(at_home: None) -> None:
    result = said("rain", typed="yes\n")
    assert "The real roof opens and closes 1 times" in result.output
    assert refusal(result) == "'yes' is no roof of this site; these are: dome"
    assert said("rain", typed="").exit_code == 1, "nobody is there to type"


@pytest.mark.parametrize("how", [{"typed": "dome\n"}, {}])
def test_the_right_name_is_not_enough_where_the_policy_says_nothing(at_home: None, how: dict[str, str]) -> None:
    result = said("rain", *(() if how else ("--yes", "dome")), **how)
    assert "drills: by day" in refusal(result)


def test_a_drill_that_there_is_not_is_told_with_those_that_there_are(at_home: None) -> None:
    assert refusal(said("snow")).startswith("no such drill of a real roof: snow; there are rain, ")
    assert "guard-killed" in said("--list").output


def test_a_roof_that_is_named_is_not_taken_for_a_simulated_one(at_home: None) -> None:
    assert refusal(CliRunner().invoke(drill, ["--yes", "dome"])).startswith("'--yes' names a real roof")
