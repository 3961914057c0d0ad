"""`obsy export ekos plans/` writes a night into a folder, says what EKOS is not told, and overwrites nothing."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from obsy.cli.export import export
from obsy.errors import UserError

NIGHT = "2040-12-10"
"""In the future, which is planned whole."""


def exported(*words: str) -> Result:
    return CliRunner().invoke(export, words)


@pytest.fixture
def few(here: Path) -> Path:
    for path in (here / "plans").glob("*.yaml"):
        if path.stem != "m67":
            path.unlink()
    return here


def test_a_night_is_written_and_not_written_again(few: Path) -> None:
    asked = ("ekos", "plans", "--night", NIGHT, "--out", "night", "--ekos", "3.7.6")
    said = exported(*asked, "--json")
    assert said.exception is None, said.exc_info
    told = json.loads(said.stdout)
    assert (told["night"], told["ekos"], told["folder"]) == (NIGHT, "3.7.6", "night")
    assert sorted(told["files"]) == sorted(path.name for path in (few / "night").iterdir())
    assert {job["plan"] for job in told["jobs"]} == {"m67"}
    assert (few / "night" / "newton.esl").read_text().count("<JobType lead='true'/>") == len(told["jobs"])
    assert any(line.startswith("weather: KStars 3.7.6 reads none") for line in told["told"])
    again = exported(*asked)
    assert isinstance(again.exception, UserError)
    assert "is there already: name another folder" in str(again.exception)


def test_a_page_says_when_each_job_begins_and_what_is_not_told(few: Path) -> None:
    said = exported("ekos", "plans", "--night", NIGHT, "--out", "night", "--ekos", "3.6.2").stdout
    assert said.startswith(f"The night of {NIGHT} for KStars 3.6.2, in night:")
    assert "(newton.esl, newton-01-m67.esq)" in said
    assert "Not told to EKOS:\n" in said


def test_an_installed_version_is_taken_if_none_is_said(few: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("obsy.engine.devices.ekos.installed.kstars_version", lambda: (3, 8, 1))
    assert "for KStars 3.8.1" in exported("ekos", "plans", "--night", NIGHT, "--out", "night").stdout


def test_a_night_over_has_nothing_to_do(few: Path) -> None:
    said = exported("ekos", "plans", "--night", "2020-12-10", "--out", "night", "--ekos", "3.6.2")
    assert "has nothing to do: 'obsy apply --dry-run" in str(said.exception)
    assert not (few / "night").exists()


@pytest.mark.parametrize(
    ("words", "cure"),
    [
        (("ekos", "plans", "--out", "night", "--ekos", "3.9.1"), "what KStars 3.9.1 reads is not known"),
        (("ekos", "plans", "--out", "night", "--ekos", "new"), "'new' is no version; write it as 3.7.6"),
        (("ekos", "plans", "--ekos", "3.6.2"), "say where, with '--out DIR'"),
        (("nina", "plans", "--out", "night"), "a whole night is written for EKOS alone"),
        (("ekos", "plans", "--as", "nina", "--out", "night"), "--as and --plans are of one plan: 'obsy export ekos"),
        (("ekos", "plans", "--plans", "nowhere", "--out", "night"), "--as and --plans are of one plan"),
        (("m67", "--night", NIGHT), "are of a whole night: 'obsy export ekos plans/ --out DIR'"),
    ],
)
def test_what_cannot_be_written_is_told_with_its_cure(words: tuple[str, ...], cure: str, few: Path) -> None:
    said = exported(*words)
    assert said.exit_code
    assert cure in (said.stderr + str(said.exception)).replace("\n", " ")
    assert not (few / "night").exists()


def test_a_file_is_no_folder_to_write_in(few: Path) -> None:
    (few / "taken").write_text("mine")
    for out in ("taken", "taken/within"):
        said = exported("ekos", "plans", "--night", NIGHT, "--out", out, "--ekos", "3.6.2")
        assert isinstance(said.exception, UserError)
        assert f"the night cannot be written in '{out}'" in str(said.exception)
    said = exported("m67", "--out", "taken/m67.yaml")
    assert isinstance(said.exception, UserError)
    assert "'taken/m67.yaml' cannot be written" in str(said.exception)
    assert (few / "taken").read_text() == "mine"


def test_without_kstars_the_version_is_asked_for(few: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    said = exported("ekos", "plans", "--night", NIGHT, "--out", "night")
    assert "KStars is not installed" in str(said.exception)
    assert "say for which it is, with '--ekos 3.7.6'" in str(said.exception)
