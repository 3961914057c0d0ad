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
    assert set(second) == {"file", "line", "column", "code", "found", "expected", "mend"}
    assert (second["file"], second["line"], second["column"]) == ("plans/a.yaml", 1, 1)


def test_a_complaint_for_people_goes_to_standard_error(unfit: Path) -> None:
    told = say()
    assert told.stdout == ""
    assert "mend: did you mean 'plan'?" in told.stderr


def test_an_unknown_format_is_a_usage_error(unfit: Path) -> None:
    assert say("--format", "xml").exit_code == 2


def test_github_is_told_line_by_line(unfit: Path) -> None:
    assert "::error file=plans/a.yaml,line=1,col=1,title=unknown-kind::" in say("--format", "github").stdout


def test_signs_that_mean_something_to_github_are_escaped() -> None:
    told = annotation(Diagnostic(Mark("a,b:c.yaml"), "out-of-range", "cloud: '140 %'", "at most", "write"))
    assert "a%2Cb%3Ac.yaml" in told
    assert "140 %25'%0Aexpected" in told


def test_the_schema_of_a_kind_is_printed() -> None:
    told = json.loads(CliRunner().invoke(schema, ["plan"]).stdout)
    assert told["properties"]["priority"]["description"] == "10 is the most wanted."


def test_the_schema_of_every_kind_tells_them_apart() -> None:
    told = json.loads(CliRunner().invoke(schema, []).stdout)
    assert told["discriminator"]["propertyName"] == "kind"


def test_an_unknown_kind_is_a_usage_error() -> None:
    told = CliRunner().invoke(schema, ["plam"])
    assert (told.exit_code, "did you mean 'plan'?" in told.output) == (2, True)
