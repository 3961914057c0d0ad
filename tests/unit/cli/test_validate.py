import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from obsy.cli.schema import schema
from obsy.cli.validate import annotation, validate
from obsy.diagnostics import Diagnostic, Mark


def say(*arguments: str) -> Result:
    return CliRunner().invoke(validate, list(arguments))


@pytest.fixture
def unfit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "a.yaml").write_text("kind: plam\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_example_is_well(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    told = say()
    assert (told.exit_code, told.output.startswith("All is well: ")) == (0, True)


def test_no_complaint_is_an_empty_list(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    assert json.loads(say("--json").stdout) == []


def test_a_complaint_for_a_machine_has_its_place_and_its_cure(unfit: Path) -> None:
    told = say("--format", "json")
    assert told.exit_code == 1
    first, second = json.loads(told.stdout)
    assert (first["code"], second["code"]) == ("no-observatory", "unknown-kind")
    assert set(second) == {"file", "line", "column", "code", "found", "expected", "mend", "level"}
    assert (second["file"], second["line"], second["column"]) == ("plans/a.yaml", 1, 7)


def test_a_complaint_for_people_goes_to_standard_error(unfit: Path) -> None:
    told = say()
    assert told.stdout == ""
    assert "mend: did you mean 'plan'?" in told.stderr


def test_an_unknown_format_is_a_usage_error(unfit: Path) -> None:
    assert say("--format", "xml").exit_code == 2


def test_what_shows_findings_of_any_tool_is_told_their_places(unfit: Path) -> None:
    (unfit / "plans" / "a.yaml").rename(unfit / "plans" / "ä b.yaml")
    told = say("--format", "sarif")
    (run,) = json.loads(told.stdout)["runs"]
    assert (told.exit_code, [each["id"] for each in run["tool"]["driver"]["rules"]]) == (
        1,
        ["no-observatory", "unknown-kind"],
    )
    second = run["results"][1]
    assert (second["ruleId"], second["level"]) == ("unknown-kind", "error")
    assert second["message"]["text"].endswith("mend: did you mean 'plan'?")
    assert second["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "plans/%C3%A4%20b.yaml"},
        "region": {"startLine": 1, "startColumn": 7},
    }


def test_a_warning_is_a_complaint_for_who_is_strict(here: Path) -> None:
    (here / "site" / "out.yaml").write_text("kind: output\nname: out\nwrite: {roof: /nonexistent/roof}\n")
    assert (say().exit_code, say("--strict").exit_code) == (0, 1)
    said = [
        [(each["code"], each["level"]) for each in json.loads(say("--json", *more).stdout)]
        for more in ([], ["--strict"])
    ]
    assert said == [[("no-such-folder", "warning")], [("no-such-folder", "error")]]
    levels = [each["level"] for each in json.loads(say("--format", "sarif").stdout)["runs"][0]["results"]]
    assert levels == ["warning"]


def test_github_is_told_line_by_line(unfit: Path) -> None:
    assert "::error file=plans/a.yaml,line=1,col=7,title=unknown-kind::" in say("--format", "github").stdout


def test_signs_that_mean_something_to_github_are_escaped() -> None:
    told = annotation(Diagnostic(Mark("a,b:c.yaml"), "out-of-range", "cloud: '140 %'", "at most", "write"))
    assert "a%2Cb%3Ac.yaml" in told
    assert "140 %25'%0Aexpected" in told


@pytest.mark.long
def test_the_schema_of_a_kind_is_printed() -> None:
    told = json.loads(CliRunner().invoke(schema, ["plan"]).stdout)
    assert told["properties"]["priority"]["description"].startswith("How much it is wanted among plans, from 1 to 10")


@pytest.mark.long
def test_the_schema_of_every_kind_tells_them_apart() -> None:
    told = json.loads(CliRunner().invoke(schema, []).stdout)
    kinds = [each["if"]["properties"]["kind"]["const"] for each in told["allOf"]]
    assert told["properties"]["kind"]["enum"] == kinds


def test_an_unknown_kind_is_a_usage_error() -> None:
    told = CliRunner().invoke(schema, ["plam"])
    assert (told.exit_code, "did you mean 'plan'?" in told.output) == (2, True)
