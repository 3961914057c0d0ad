"""Every complaint is explained by one text, whose examples are run."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from obsy.cli.explain import REASONS, explanations
from obsy.cli.validate import validate
from tests.support.broken import Told, examples, explained

ROOT = Path(__file__).resolve().parents[3]
OF_PLACES = {
    "unreadable",
    "not-utf-8",
    "empty-folder",
    "no-such-folder",
    "no-observatory",
    "secrets-readable",
    "too-deep",
}
"""What no text shows: how to come to it is told by a command; it has its golden case."""


@pytest.fixture(scope="module")
def raised(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Told]:
    return explained(0, tmp_path_factory.mktemp("raised"))


@pytest.mark.long
def test_every_example_raises_its_complaint(raised: dict[str, Told]) -> None:
    assert {code: told.codes for code, told in raised.items() if code not in told.codes} == {}


@pytest.mark.long
def test_every_mended_example_is_well(tmp_path: Path) -> None:
    assert {code: told.shown for code, told in explained(1, tmp_path).items() if told.said} == {}


def test_every_explanation_says_what_it_means_an_example_and_the_cure() -> None:
    for code, said in explanations().items():
        meaning, *_ = said.split("\n\n")
        assert meaning[-1] == ".", code
        assert re.search(r"^[^ \n].*$", said.partition(examples(said)[0].splitlines()[-1])[2], re.MULTILINE), code


def test_what_is_shown_by_a_command_is_what_no_text_can_show() -> None:
    assert {code for code, said in explanations().items() if examples(said)[0].startswith("$")} == OF_PLACES


def test_a_code_is_explained() -> None:
    said = CliRunner().invoke(validate, ["--explain", "no-unit"])
    assert said.exit_code == 0
    assert said.stdout.startswith("no-unit\n\nA number has no unit.")
    assert "exposure: 180 s" in said.stdout


def test_why_a_goal_is_not_taken_is_explained_too() -> None:
    source = "".join(path.read_text("utf-8") for path in (ROOT / "obsy/engine/schedule").glob("*.py"))
    assert set(re.findall(r'Reason\("([a-z-]+)"', source)) == set(REASONS)
    said = CliRunner().invoke(validate, ["--explain", "not-built-yet"])
    assert "this version does not carry out the word" in said.stdout


def test_who_misspells_a_code_is_told_those_that_are_like_it() -> None:
    said = CliRunner().invoke(validate, ["--explain", "not-unit"])
    assert said.exit_code == 2
    assert "no complaint has the code 'not-unit': did you mean" in said.stderr
    assert "'no-unit'" in said.stderr
