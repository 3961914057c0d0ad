"""Where a cursor stands: `|` marks it in text that is still being written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.editor.cursor import Cursor, cursor

HEAD = "kind: plan\nname: m31\n"


def at(text: str) -> Cursor:
    before, _, after = text.partition("|")
    return cursor(before + after, before.count("\n"), len(before) - before.rfind("\n") - 1)


@pytest.mark.parametrize(
    ("text", "path", "is_key", "typed"),
    [
        ("|", (), True, ""),
        ("ki|", (), True, "ki"),
        ("kind: pl|", ("kind",), False, "pl"),
        (HEAD + "pi|", (), True, "pi"),
        (HEAD + "target: NGC 7|", ("target",), False, "NGC 7"),
        (HEAD + "when:\n  al|", ("when",), True, "al"),
        (HEAD + "when:\n  altitude: above 3|", ("when", "altitude"), False, "above 3"),
        (HEAD + "when:\n  altitude:\n    be|", ("when", "altitude"), True, "be"),
        (HEAD + "want:\n  - {filter: L, ex|", ("want", "*"), True, "ex"),
        (HEAD + "want:\n  - {filter: |", ("want", "*", "filter"), False, ""),
        (HEAD + "want:\n  - {filter: [R, G|", ("want", "*", "filter", "*"), False, "G"),
        (HEAD + "want:\n  - {filter: [R, G], |}", ("want", "*"), True, ""),
        (HEAD + "want:\n  - {filter: L,\n     exposure: 1|", ("want", "*", "exposure"), False, "1"),
        (HEAD + "want:\n  - filter: L\n    ex|", ("want", "*"), True, "ex"),
        (HEAD + "want:\n- filter: L\n  exposure: 1|", ("want", "*", "exposure"), False, "1"),
        (HEAD + "want: [{filter: L}, {co|", ("want", "*"), True, "co"),
        (HEAD + "targets:\n  - NG|", ("targets", "*"), True, "NG"),
        (HEAD + "want:\n  - {filter: [R\nwhen:\n  mo|", ("when",), True, "mo"),
        (HEAD + "# when:\n  # moon:\nwhen: {moon: {width: 1|", ("when", "moon", "width"), False, "1"),
        ("kind: site\n---\n" + HEAD + "tar|\n---\nkind: mount\n", (), True, "tar"),
        (HEAD + "notes: 'a, {b|", ("notes",), False, "a, {b"),
    ],
)
def test_the_cursor_knows_which_key_or_value_is_written(text: str, path: object, is_key: bool, typed: str) -> None:
    found = at(text)
    assert (found.path, found.is_key, found.typed) == (path, is_key, typed)


def test_the_kind_may_stand_below_and_is_that_of_the_own_document() -> None:
    assert at("na|\nkind: site\n---\nkind: plan\n").kind == "site"
    assert at("kind: site\n---\nname: x\nta|\n").kind == ""


def test_keys_that_are_there_are_known() -> None:
    assert at(HEAD + "want:\n  - filter: L\n    ex|").siblings == {"filter"}
    assert at(HEAD + "want:\n  - {filter: L, total: 3 h, |").siblings == {"filter", "total"}
    assert at(HEAD + "when:\n  moon: below 3 deg\npr|").siblings == {"kind", "name", "when"}


@given(st.text("ab:-{}[],'\" \n#", max_size=40), st.integers(0, 6), st.integers(0, 12))
def test_no_text_is_too_strange(text: str, line: int, column: int) -> None:
    assert isinstance(cursor(text, line, column), Cursor)
