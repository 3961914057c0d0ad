"""Every complaint is explained by one text, whose examples are run."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from obsy.cli.explain import PAGE, explanations
from obsy.cli.validate import validate
from tests.support.broken import codes, found
from tests.support.golden import assert_golden

ROOT = Path(__file__).resolve().parents[3]
BLOCK = re.compile(r"(?:^(?: {4}.*)?\n)*^ {4}.*\n?", re.MULTILINE)
"""An example, indented by four."""
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


def examples(said: str) -> list[str]:
    """Return the examples of an explanation: what raises the complaint, and what does not any more."""
    blocks = [re.sub(r"^ {4}", "", block.strip("\n"), flags=re.MULTILINE) + "\n" for block in BLOCK.findall(said)]
    return [block for block in blocks if block.strip()]


def shown(said: dict[str, list[str]]) -> str:
    """Return the manual's page: the text, and under each example what obsy says of it."""
    page = PAGE.read_text("utf-8")
    for code, told in said.items():
        before, after = page.split(f"### {code}\n", 1)
        block = BLOCK.search(after)
        assert block is not None
        end = block.end()
        words = "".join(f"```text\n{each}\n```\n" for each in told)
        page = f"{before}### {code}\n{after[:end]}\n{words}{after[end:]}"
    return page


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """What obsy says of each code's example, and the codes that it says of the mended one."""
    first = {code: examples(said) for code, said in explanations().items() if code not in OF_PLACES}
    here = pytest.MonkeyPatch()
    here.setenv("OBSY_ANA", "ntfys://topic")
    try:
        here.chdir(tmp_path_factory.mktemp("first"))
        raised = dict(found({code: each[0] for code, each in first.items()}, Path()))
        here.chdir(tmp_path_factory.mktemp("mended"))
        mended = dict(found({code: each[1] for code, each in first.items() if each[1:]}, Path()))
    finally:
        here.undo()
    own = {code: [str(each) for each, _ in said if each.code == code][:1] for code, said in raised.items()}
    return own, {code: codes(said) for code, said in mended.items()}


def test_every_example_raises_its_complaint(told: tuple[dict[str, list[str]], dict[str, list[str]]]) -> None:
    assert [code for code, said in told[0].items() if not said] == []


def test_every_mended_example_is_well(told: tuple[dict[str, list[str]], dict[str, list[str]]]) -> None:
    assert {code: said for code, said in told[1].items() if said} == {}


def test_every_explanation_says_what_it_means_an_example_and_the_cure() -> None:
    for code, said in explanations().items():
        meaning, *_ = said.split("\n\n")
        assert meaning[-1] == ".", code
        assert examples(said), code
        assert re.search(r"^[^ ].*$", said.partition(examples(said)[0].splitlines()[-1])[2], re.MULTILINE), code


def test_what_is_shown_by_a_command_is_what_no_text_can_show() -> None:
    assert {code for code, said in explanations().items() if examples(said)[0].startswith("$")} == OF_PLACES


def test_the_manual_shows_the_same_text(told: tuple[dict[str, list[str]], dict[str, list[str]]]) -> None:
    assert_golden(shown(told[0]), ROOT / "docs" / "complaints.md")


def test_a_code_is_explained() -> None:
    said = CliRunner().invoke(validate, ["--explain", "no-unit"])
    assert said.exit_code == 0
    assert said.stdout.startswith("no-unit\n\nA number has no unit.")
    assert "exposure: 180 s" in said.stdout


def test_who_misspells_a_code_is_told_those_that_are_like_it() -> None:
    said = CliRunner().invoke(validate, ["--explain", "not-unit"])
    assert said.exit_code == 2
    assert "no complaint has the code 'not-unit': did you mean" in said.stderr
    assert "'no-unit'" in said.stderr
