"""`obsy forecast`: a page of 80 columns, the same for machines, and clear answers to what cannot be asked."""

import json
import os
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from obsy.cli import backtest, outlook
from obsy.cli.forecast import forecast
from obsy.cli.validate import validate
from obsy.engine.forecast.backtest import GoalCheck
from obsy.engine.forecast.climate import Climate
from obsy.engine.forecast.question import ForecastQuestion, GoalForecast

PLAN = """kind: plan
name: {name}
target: {{ra: {ra}, dec: 20 deg}}
want: [{{filter: L, exposure: 300 s, total: 2 h}}]
when: {{altitude: above 30 deg}}
pipeline: deep-sky
"""
PERSON = "kind: person\nname: anna\ncalled: Anna\n"


@pytest.fixture
def here(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example's observatory without plans."""
    for room in ("site", "library"):
        shutil.copytree(root / room, tmp_path / room)
    (tmp_path / "plans").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def asked(*words: str) -> Result:
    return CliRunner().invoke(forecast, [*words, "--night", "2026-11-26", "--simulate", "--draws", "20"])


def write(folder: Path, name: str, ra: str = "60 deg") -> None:
    (folder / f"{name}.yaml").write_text(PLAN.format(name=name, ra=ra))


@pytest.mark.long
def test_the_page_says_whence_its_weather_is_when_each_goal_is_done_and_whom_a_plan_delays(here: Path) -> None:
    write(here / "plans", "old")
    write(here, "new", "61 deg")
    write(here / "plans", "by-day", "245 deg")
    said = asked("--nights", "3", "--with", "new.yaml")
    assert said.exit_code == 0, said.output
    lines = said.output.splitlines()
    assert max(map(len, lines)) <= 80
    assert "an assumption" in said.output
    assert "by-day L-300s                  never within these nights; in the first of them:" in lines
    assert any(line.startswith(("What new changes", "new delays nobody")) for line in lines)
    told = json.loads(asked("--nights", "3", "--with", "new.yaml", "--json").output)
    assert (told["with"], {each["plan"] for each in told["goals"]}) == (["new"], {"new", "old", "by-day"})
    assert {each["with"]["plan"] for each in told["delays"]} <= {"old"}


def test_plans_whose_words_it_does_not_keep_are_named(here: Path) -> None:
    plan = PLAN.format(name="pair", ra="60 deg").replace("filter: L", "filter: [L, R]")
    (here / "plans" / "pair.yaml").write_text(plan + "together: one night\n")
    (here / "plans" / "other.yaml").write_text(
        plan.replace("name: pair", "name: other") + "choose: 1 a night of list\n"
    )
    assert "Too early may be, since 'choose' is not kept here: other." in asked("--nights", "2").output
    assert json.loads(asked("--nights", "2", "--json").output)["not_kept"] == ["other"]


@pytest.mark.parametrize("nights", ["0", "10000", "-1", "many"])
@pytest.mark.usefixtures("here")
def test_a_number_of_nights_that_cannot_be_is_a_fault_of_the_call(nights: str) -> None:
    said = asked("--nights", nights)
    assert said.exit_code == 2
    assert "--nights" in said.output


def test_no_plan_and_a_file_without_one_are_said_with_their_cure(here: Path) -> None:
    assert "no plan in 'plans'" in str(asked("--nights", "3").exception)
    (here / "plans" / "anna.yaml").write_text(PERSON)
    assert "there is no plan at nerpio to forecast: 'obsy up --plan' writes one" in str(
        asked("--nights", "3").exception
    )
    write(here / "plans", "old")
    (here / "people.yaml").write_text(PERSON.replace("anna", "ben"))
    assert "holds no plan: '--with' takes" in str(asked("--nights", "3", "--with", "people.yaml").exception)
    (here / "broken.yaml").write_text("kind: plan\nname: [\n")
    assert "broken.yaml:" in str(asked("--nights", "3", "--with", "broken.yaml").exception)
    assert "'none.yaml' does not exist" in asked("--nights", "3", "--with", "none.yaml").output


@pytest.mark.long
def test_what_the_site_declares_of_its_nights_is_what_they_are_drawn_by(here: Path) -> None:
    write(here / "plans", "old")
    (path,) = (each for each in (here / "site").rglob("*.yaml") if "kind: site" in each.read_text())
    path.write_text(path.read_text().replace("kind: site\n", "kind: site\nclear: 35 %\n", 1))
    assert "Clear: 35% of the dark, declared by the site." in asked("--nights", "1").output
    path.write_text(path.read_text().replace("clear: 35 %\n", "clear: {november: 20 %, december: 40 %}\n", 1))
    assert "By month: November 20%, December 40%." in asked("--nights", "9").output
    assert "Clear: 29% of the dark" in asked("--nights", "9").output, "five nights of November, four of December"
    shown = json.loads(
        asked("--nights", "9", "--json", "--html", "page.html").output.partition("\n{")[2].join(["{", ""])
    )
    assert shown["clear"] == 0.2889
    assert "29&nbsp;% of the dark is clear" in (here / "page.html").read_text()
    path.write_text(path.read_text().replace("november: 20 %", "novembre: 20 %", 1))
    assert "did you mean 'november'?" in str(asked("--nights", "1").exception)


def test_a_check_needs_nights_on_record_and_stands_alone(here: Path) -> None:
    write(here / "plans", "old")
    write(here, "new")
    assert "no simulated night is on record to check a forecast by" in str(asked("--check").exception)
    assert "--check looks back, and stands alone" in asked("--check", "--with", "new.yaml").output


def test_validate_quotes_the_forecast_of_tonight_until_a_file_changes(here: Path) -> None:
    write(here / "plans", "old")
    assert "Forecast" not in CliRunner().invoke(validate).output
    assert CliRunner().invoke(forecast, ["--nights", "2", "--draws", "10"]).exit_code == 0
    said = CliRunner().invoke(validate).output
    assert "All is well: 1 plan;" in said
    assert "of 1 open goals are done by" in said
    assert "Forecast" not in CliRunner().invoke(validate, ["--json"]).output
    (note,) = (here / ".obsy").glob("forecast-*.json")
    kept = note.read_text()
    note.write_text(kept.replace('"night": "20', '"night": "19'))
    assert "Forecast" not in CliRunner().invoke(validate).output, "it is of another night"
    for damaged in ("{", "[" * 100_000):
        note.write_text(damaged)
        assert CliRunner().invoke(validate).exit_code == 0
    note.write_text(kept)
    assert "Forecast" in CliRunner().invoke(validate).output
    write(here / "plans", "new", "61 deg")
    os.utime(note, ns=(0, 0))
    assert "Forecast" not in CliRunner().invoke(validate).output, "a plan is newer"


def test_a_rehearsal_or_another_night_is_not_kept(here: Path) -> None:
    write(here / "plans", "old")
    asked("--nights", "1")
    assert list((here / ".obsy").glob("forecast-*.json")) == []


def test_a_night_that_is_over_is_forecast_from_its_dusk_and_says_why_as_of_then(here: Path) -> None:
    write(here / "plans", "old")
    write(here / "plans", "by-day", "245 deg")
    over = ("--night", "2025-11-26", "--draws", "10", "--nights", "1")
    told = CliRunner().invoke(forecast, [*over, "--json"])
    assert told.exit_code == 0, told.output
    by_day, old = json.loads(told.output)["goals"]
    assert by_day["never"] and "night is over" not in by_day["never"]
    assert old["taken"][-1] > 0


def test_a_machine_gets_the_dates_of_a_goal_and_of_a_check_by_the_same_shares() -> None:
    day = date(2026, 11, 26)
    one = GoalForecast("m31", "L-180s", 20, (0, 20, 20), 180.0, 0.5, (day, day, None))
    question = ForecastQuestion((day,), datetime(2026, 11, 26, 12, tzinfo=UTC), 50, 1, Climate(0.5, ""))
    (checked,) = backtest.shape(question, [GoalCheck(one, 20, day)])["goals"]
    assert outlook.shape(one)["done"] == {"10": day, "50": day, "90": None}
    assert checked["forecast"] == outlook.shape(one)
