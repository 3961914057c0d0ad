from pathlib import Path

import pytest

from obsy.engine.declare.folders import files
from obsy.engine.declare.read import Reader
from obsy.engine.declare.written import Written


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(text: str) -> tuple[list[Written], Reader]:
    Path("a.yaml").write_text(text)
    reader = Reader(Path())
    return reader.read([Path("a.yaml")]), reader


def test_a_file_holds_several_documents(here: Path) -> None:
    documents, _ = read("kind: a\n---\nkind: b\n---\n")
    assert [document.kind for document in documents] == ["a", "b"]


def test_every_value_knows_its_place(here: Path) -> None:
    (document,), _ = read("kind: a\nlist:\n  - {x: 1, y: 2}\n")
    assert str(document.at("list", 0, "y")) == "a.yaml:3:15"


def test_steps_that_yaml_does_not_have_are_passed_over(here: Path) -> None:
    (document,), _ = read("target: {ra: 1 deg}\n")
    assert document.at("target", "position", "ra") == document.at("target", "ra")


def test_numbers_of_yaml_1_1_stay_text(here: Path) -> None:
    (document,), _ = read("a: 15:35:17\nb: NO\nc: on\nd: 1e3\ne: 2026-11-21T20:30:00Z\nf: 010\n")
    assert document.value == {"a": "15:35:17", "b": "NO", "c": "on", "d": 1000.0, "e": "2026-11-21T20:30:00Z", "f": 10}


def test_an_anchor_is_used_and_overruled(here: Path) -> None:
    (document,), _ = read("base: &base {x: 1, y: 2}\nmine: {<<: *base, y: 3}\n")
    assert document.value["mine"] == {"x": 1, "y": 3}


def test_ten_anchors_of_ten_anchors_cost_nothing(here: Path) -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30)]
    (document,), reader = read("\n".join(lines))
    assert len(document.value) == 30
    assert reader.complaints == []


def test_an_included_file_keeps_its_place(here: Path) -> None:
    Path("part.yaml").write_text("# first\nx: 1\n")
    (document,), _ = read("inside: !include part.yaml\n")
    assert str(document.at("inside", "x")) == "part.yaml:2:4"


def test_an_included_file_is_no_document_of_its_own(here: Path) -> None:
    Path("part.yaml").write_text("x: 1\n")
    Path("a.yaml").write_text("inside: !include part.yaml\n")
    assert len(Reader(Path()).read([Path("a.yaml"), Path("part.yaml")])) == 1


def test_files_that_include_each_other_are_told(here: Path) -> None:
    Path("b.yaml").write_text("x: !include a.yaml\n")
    _, reader = read("x: !include b.yaml\n")
    assert [complaint.code for complaint in reader.complaints] == ["goes-in-circles"]


def test_a_secret_comes_from_its_file_and_the_environment_outranks_it(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("secrets.yaml").write_text("mail: from the file\nphone: 12345\n")
    Path("secrets.yaml").chmod(0o600)
    monkeypatch.setenv("OBSY_MAIL", "from the environment")
    (document,), _ = read("a: !secret mail\nb: !secret phone\n")
    assert document.value == {"a": "from the environment", "b": "12345"}
    assert document.said("a") == "a: '!secret mail'"


def test_hidden_files_and_secrets_are_not_read(here: Path) -> None:
    for name in (".hidden.yaml", "secrets.yaml", "notes.txt", "b.yml", "a.yaml"):
        Path(name).write_text("kind: plan\n")
    assert [path.name for path in files(here)] == ["a.yaml", "b.yml"]
