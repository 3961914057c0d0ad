from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import Node

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.compose import NamedText, compose, nodes, thorough
from obsy.engine.declare.folders import files
from obsy.engine.declare.written import Origin, spelling

pytest.importorskip("ruamel.yaml.cyaml", reason="ruamel.yaml.clib is not installed")
libyaml = import_module("obsy.engine.declare.libyaml")

EXAMPLE = Path(__file__).resolve().parents[4]
SOURCES = [path.read_text(encoding="utf-8") for room in ("site", "library", "plans") for path in files(EXAMPLE / room)]
SIGNS = st.sampled_from(
    [
        *":-{}[],&*!|>'\"%@`#~=?\\\n 0aé😀",
        "- ",
        ": ",
        "\n  ",
        "<<: ",
        "---\n",
        "...\n",
        "0o7",
        "1_0",
        "23:40",
        "\ue000",
        "!include ",
        "!secret ",
    ]
)


def seen(node: Node | None) -> object:
    """All that declare looks at: sort, tag, place and value, to the leaves."""
    if node is None:
        return None
    inside = (
        node.value
        if isinstance(node.value, str)
        else [tuple(map(seen, part)) if isinstance(part, tuple) else seen(part) for part in node.value]
    )
    place = node.start_mark
    return type(node), str(node.tag), place.name, place.line, place.column, inside


def agree(text: str) -> bool:
    """Whether libyaml reads it at all; if it does, then as Python does."""
    try:
        quick = libyaml.quick(NamedText(text, Origin("a.yaml")))
    except YAMLError:
        return False
    assert [seen(node) for node in quick] == [seen(node) for node in thorough(NamedText(text, Origin("a.yaml")))]
    return True


@pytest.mark.long
def test_libyaml_reads_all_of_the_example_as_python_does():
    assert all(agree(text) for text in SOURCES)


@given(st.lists(SIGNS, max_size=14).map("".join))
@example("a:")
@example("- \n- b")
@example("[a]: b")
@example("steps: [{a: b}:{c: d}]")
@example("&kind: plan\nname: m31\n")
@example("!")
@example("?")
@example("{at: 02:00, 1:2: [3:4:5.6, '7:8']} # 9:0")
@example("{a1:2: '1:2'}")
@example("a: !include")
@example("a: !include\n")
@example("a: !include b.yaml\n<<: [!include {file: c, with: {d: 1}}, !secret e]\n!include f: g\n")
@example("!include\nfile: a\n")
@example("a: !include\n  file: b\n  with: {c: $d}\n")
@example("a: !secret 'b'\n---\n!include [c]\n")
def test_libyaml_reads_any_text_as_python_does_or_leaves_it_to_python(text: str):
    agree(text)


@given(st.sampled_from(SOURCES), st.data())
def test_libyaml_reads_a_mangled_example_as_python_does(text: str, data: st.DataObject):
    lines = text.splitlines(keepends=True)
    begin = data.draw(st.integers(0, len(lines) - 1))
    part = "".join(lines[begin : begin + 6])
    for _ in range(data.draw(st.integers(0, 3))):
        at = data.draw(st.integers(0, len(part)))
        part = part[:at] + data.draw(SIGNS) + part[at + data.draw(st.integers(0, 2)) :]
    agree(part)


@pytest.mark.parametrize("text", ["- " * 101, "[" * 101 + "]" * 101, "{a: " * 100_000])
def test_what_nests_deep_is_left_to_python(text: str):
    assert not agree(text)


def test_a_time_of_the_night_needs_no_quotes_in_a_mapping_on_one_line():
    assert seen(nodes("{at: 23:40}", Origin("a.yaml"))[0])[-1][0][1][-1] == "23:40"
    assert agree("{at: 23:40}")  # and costs no more than any other line


def test_what_one_reader_replaces_the_next_does_not_see():
    text = "a: [1, {b: 2}]\n"
    first = nodes(text, Origin("a.yaml"))[0]
    first.value[0][1].value[1].value.clear()
    first.value[0][1].value.pop(0)
    assert seen(nodes(text, Origin("a.yaml"))[0]) == seen(thorough(NamedText(text, Origin("a.yaml")))[0])


def test_the_same_text_of_two_files_is_at_two_places():
    assert [nodes("a: 1", Origin(file))[0].start_mark.name.file for file in ("a.yaml", "b.yaml")] == [
        "a.yaml",
        "b.yaml",
    ]


def test_a_file_that_says_what_it_said_is_not_read_again_however_many_there_are_or_often_one_changes(
    monkeypatch: pytest.MonkeyPatch,
):
    read = []
    monkeypatch.setattr(
        "obsy.engine.declare.compose.quick", lambda text: read.append(text.name.file) or libyaml.quick(text)
    )
    for _ in range(2):
        for number in range(300):
            nodes(f"a: {number}", Origin(f"many/{number}.yaml"))
    for typed in range(300):
        nodes(f"a: {typed + 1}", Origin("many/0.yaml"))
        nodes("a: 1", Origin("many/1.yaml"))
    assert read == [f"many/{number}.yaml" for number in range(300)] + ["many/0.yaml"] * 300


def test_without_libyaml_the_nodes_are_the_same(monkeypatch: pytest.MonkeyPatch):
    quick = [[seen(node) for node in nodes(text, Origin("a.yaml"))] for text in SOURCES]
    monkeypatch.setattr("obsy.engine.declare.compose.quick", None)
    assert [[seen(node) for node in nodes(text, Origin("a.yaml"))] for text in SOURCES] == quick


@given(st.lists(SIGNS | st.sampled_from(["\u00a0", "a: '", 'b: "', "[a", "{b"]), max_size=12).map("".join))
def test_what_is_no_yaml_is_told_at_a_place_in_the_file(text: str) -> None:
    told = compose(text, Origin("f"))
    if isinstance(told, Diagnostic):
        lines = text.split("\n")
        assert 1 <= told.mark.line <= len(lines)
        assert told.mark.column <= len(lines[told.mark.line - 1]) + 1


def test_a_sign_that_only_looks_like_a_blank_is_shown() -> None:
    (node,) = nodes("a\u00a0b", Origin("f"))
    assert spelling(node) == "'a<U+00A0>b'"
