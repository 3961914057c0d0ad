"""The line that a complaint is about is shown as it stands, with a caret under the place."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.cli.excerpt import WIDEST, excerpt, with_excerpts
from obsy.diagnostics import Diagnostic, Mark

SECRET = "write: {mqtt: broker, login: 'me:hush', foo: 1}"


def test_the_caret_stands_under_the_place(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("kind: plan\nwant: [{filter: X}]\n")
    complaint = Diagnostic(Mark(str(tmp_path / "a.yaml"), 2, 17), "code", "found", "expected", "mend")
    (said,) = with_excerpts([complaint])
    first, line, caret, *rest = said.splitlines()
    assert line.index("X") == caret.index("^")
    assert [first, *rest] == str(complaint).splitlines()


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=300), st.data())
def test_of_a_long_line_the_part_round_the_place_is_shown(line: str, data: st.DataObject) -> None:
    line = f"{line}."
    column = data.draw(st.integers(1, len(line)))
    shown, caret = excerpt(Mark("a.yaml", 1, column), [line]) if len(line.rstrip()) >= column else (" ", " ")
    assert len(shown) <= WIDEST + 12
    place = caret.find("^")
    assert place == -1 or shown[place] in (line[column - 1], "\ufffd")


def test_under_tabs_the_caret_is_indented_by_tabs() -> None:
    assert excerpt(Mark("a.yaml", 1, 3), ["\t\tb"])[1].endswith("| \t\t^")


@pytest.mark.parametrize("line", [SECRET, "address: ntfys://hush", '{"address": "ntfys://hush"}'])
def test_a_secret_in_the_open_is_not_shown(line: str) -> None:
    assert excerpt(Mark("a.yaml", 1, 1), [line]) == []
    assert excerpt(Mark("a.yaml", 1, 1), ["address: !secret ana"])


@pytest.mark.parametrize("mark", [Mark("a.yaml", 3, 1), Mark("a.yaml", 2, 1), Mark("a.yaml", 1, 9)])
def test_a_place_that_shows_nothing_has_no_line(mark: Mark) -> None:
    assert excerpt(mark, ["kind", ""]) == []


def test_what_would_steer_a_terminal_is_not_shown() -> None:
    assert excerpt(Mark("a.yaml", 1, 1), ["a\x1b[31mb"])[0].endswith("a\ufffd[31mb")
