"""What is included is as if it had been written there, but for its place."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from obsy.engine.declare.include import DEEPEST, LARGEST, MOST
from obsy.engine.declare.read import Reader
from obsy.engine.declare.survey import once
from obsy.engine.declare.written import Written


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(text: str, **parts: str) -> tuple[list[Written], Reader]:
    for name, said in {"a": text, **parts}.items():
        Path(f"{name}.yaml").write_text(said)
    reader = Reader(Path())
    return reader.read([Path(f"{name}.yaml") for name in ("a", *parts)]), reader


def codes(reader: Reader) -> list[str]:
    return [complaint.code for complaint in reader.complaints]


def test_a_variable_alone_is_whatever_it_is_given_and_in_a_text_it_is_its_words(here: Path) -> None:
    part = "defaults: {low: 30 deg, many: 3, list: [L]}\n---\n[$low, above $low, $many, $list, '${many}x', $$low]\n"
    (document,), reader = read("x: !include {file: part.yaml, with: {many: 4, list: [R, G]}}\n", part=part)
    assert document.value["x"] == ["30 deg", "above 30 deg", 4, ["R", "G"], "4x", "$low"]
    assert reader.complaints == []


@pytest.mark.parametrize("name", ["loop.yaml", '"a\\0b"', "n" * 5000])
def test_what_can_be_no_file_is_told_of_where_it_is_named(name: str, here: Path) -> None:
    Path("loop.yaml").symlink_to("loop.yaml")
    _, reader = read(f"x: !include {name}\n")
    assert [(each.code, str(each.mark)) for each in reader.complaints] == [("no-such-file", "a.yaml:1:4")]


def test_a_value_that_is_given_stands_where_it_was_given(here: Path) -> None:
    part = "defaults: {time: 60 s, total: 1 h}\n---\n{exposure: $time, total: $total}\n"
    (document,), _ = read("x: !include {file: part.yaml, with: {time: 90 s}}\n", part=part)
    assert str(document.at("x", "exposure")) == "a.yaml:1:44"
    assert (str(document.at("x", "total")), document.at("x", "total").via) == (
        "part.yaml:1:31",
        (document.at("x")._replace(column=4),),
    )


def test_a_dollar_means_nothing_in_a_file_without_defaults(here: Path) -> None:
    (document,), reader = read("x: !include part.yaml\nnotes: costs $five\n", part="y: $z\n")
    assert (document.value, reader.complaints) == ({"x": {"y": "$z"}, "notes": "costs $five"}, [])


def test_what_is_included_gives_its_own_variables_on(here: Path) -> None:
    middle = "defaults: {time: 1 s}\n---\n!include {file: inner.yaml, with: {time: $time}}\n"
    (document,), _ = read(
        "x: !include {file: middle.yaml, with: {time: 2 s}}\n",
        middle=middle,
        inner="defaults: {time: 3 s}\n---\n{at: $time}\n",
    )
    assert document.value == {"x": {"at": "2 s"}}


def test_keys_are_taken_over_and_overruled(here: Path) -> None:
    (document,), _ = read("{<<: [!include b.yaml, !include c.yaml], y: 3}\n", b="x: 1\ny: 2\n", c="z: 5\n")
    assert document.value == {"x": 1, "y": 3, "z": 5}


def test_a_file_that_begins_with_its_defaults_is_no_document_if_nobody_includes_it(here: Path) -> None:
    documents, reader = read("kind: plan\n", part="defaults: {time: 60 s}\n---\n[$time]\n")
    assert (len(documents), reader.complaints) == (1, [])


def test_a_long_chain_of_files_is_refused(here: Path) -> None:
    parts = {f"p{n}": f"x: !include p{n + 1}.yaml\n" for n in range(DEEPEST)}
    _, reader = read("x: !include p0.yaml\n", **parts, **{f"p{DEEPEST}": "1\n"})
    (told,) = reader.complaints
    assert (told.code, told.mark.file, len(told.mark.via)) == ("too-deep", f"p{DEEPEST - 1}.yaml", DEEPEST)


def test_files_that_include_each_other_many_times_are_refused_in_time(here: Path) -> None:
    Path("p3.yaml").write_text("x: 1\n")
    for n in range(3):
        Path(f"p{n}.yaml").write_text(f"[{', '.join([f'!include p{n + 1}.yaml'] * 20)}]\n")
    _, reader = read("x: !include p0.yaml\n")
    assert "too-large" in codes(reader)
    assert len(reader.sources(Path("a.yaml"))) <= MOST


def test_a_huge_file_is_not_read(here: Path) -> None:
    Path("part.yaml").write_text("x: 1 " + "#" * LARGEST)
    _, reader = read("x: !include part.yaml\n")
    assert codes(reader) == ["too-large"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("{with: {a: 1}}", "missing-key"),
        ("{file: part.yaml, wiht: {a: 1}}", "unknown-key"),
        ("{file: part.yaml, with: a}", "not-a-mapping"),
        ("[part.yaml]", "missing-key"),
        ("{file: part.yaml, with: {a: [1]}}", "not-text"),
        ("/etc/passwd", "outside"),
        ("secrets.yaml", "outside"),
    ],
)
def test_what_cannot_be_included_is_told(here: Path, said: str, code: str) -> None:
    _, reader = read(f"x: !include {said}\n", part="defaults: {a: 2}\n---\nmore $a\n")
    assert codes(reader) == [code]


def test_a_link_out_of_the_observatory_is_refused(here: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other") / "x.yaml"
    other.write_text("x: 1\n")
    Path("link.yaml").symlink_to(other)
    Path("a.yaml").write_text("x: !include link.yaml\n")
    reader = Reader(Path())
    reader.read([Path("a.yaml")])
    assert codes(reader) == ["outside"]


def test_what_a_document_rests_on_is_all_that_it_includes_or_sought(here: Path) -> None:
    _, reader = read("x: !include b.yaml\ny: !include none.yaml\n", b="z: !include c.yaml\n", c="1\n", d="kind: plan\n")
    assert reader.sources(Path("a.yaml")) == tuple(Path(f"{n}.yaml").resolve() for n in ("a", "b", "c", "none"))
    assert reader.sources(Path("d.yaml")) == (Path("d.yaml").resolve(),)


def test_a_fault_that_many_include_is_told_once_with_the_way_to_the_first(here: Path) -> None:
    _, reader = read("x: !include part.yaml\n", b="x: !include part.yaml\n", part="{y: 1, y: 2}\n")
    (told,) = once(reader.complaints)
    assert str(told).splitlines()[:2] == [
        "part.yaml:1:8: duplicate-key: 'y' for the second time",
        "    included from a.yaml:1:4",
    ]
    assert told.as_json()["included_from"] == ["a.yaml:1:4"]


WORDS = st.text("abc $", max_size=6)
VALUES = st.recursive(WORDS | st.integers(0, 9), lambda inner: st.lists(inner, max_size=3), max_leaves=4)


@given(st.dictionaries(st.sampled_from(["x", "y", "z"]), VALUES, min_size=1))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_given_arrives(here: Path, values: dict[str, object]) -> None:
    head = f"defaults: {{{', '.join(f'{name}: none' for name in values)}}}\n---\n"
    body = "{" + ", ".join(f"{name}: ${name}" for name in values) + "}\n"
    given = json.dumps(values)
    (document,), reader = read(f"all: !include {{file: part.yaml, with: {given}}}\n", part=head + body)
    assert (document.value, reader.complaints) == ({"all": values}, [])
