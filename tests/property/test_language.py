"""What must hold for any text at all: it is read, or it is refused in words."""

import random
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from obsy.diagnostics import Diagnostic
from obsy.engine.declare.check import check
from obsy.engine.declare.folders import files
from obsy.engine.declare.read import Reader
from obsy.engine.declare.survey import complaints

EXAMPLE = Path(__file__).resolve().parents[2]
SOURCES = [path.read_text(encoding="utf-8") for room in ("site", "library", "plans") for path in files(EXAMPLE / room)]
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r\x85\u2028\u2029\ufeff"))
# ruamel writes keys such as ':0' in a way that it cannot read itself, so words begin with a letter.
WORDS = st.text(st.sampled_from("abcxyz09 -_:'\"#é"), max_size=8).map(lambda text: f"w{text}".strip())
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(allow_nan=False, allow_infinity=False) | WORDS,
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(WORDS, inside, max_size=4),
    max_leaves=12,
)
SIGNS = list(":-{}[],&*!|>'\"%@`#\n\t 0aé") + ["- ", ": ", "\n  ", "!include a.yaml", "<<: ", "---\n", "&a ", "*a"]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for room in ("site", "library", "plans"):
        Path(room).mkdir()
    return tmp_path


def told(content: bytes) -> list[Diagnostic]:
    Path("plans/a.yaml").write_bytes(content)
    found = complaints(Path(), Path("plans"))
    assert all(diagnostic.found and diagnostic.expected and diagnostic.mend for diagnostic in found)
    assert found == sorted(found)
    assert not any("pydantic" in str(diagnostic) or "validation error" in str(diagnostic) for diagnostic in found)
    return found


same_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@same_folder
@given(TEXT)
@example("&a [*a]")
@example("kind: plan\nwant: &w [*w]\n")
@example("%YAML 1.2\n")
@example("? ? ?")
@example("!!binary x: !!set {a}")
@example("kind: !!int x")
@example("kind: 0x")
@example("{" * 500)
@example("kind: plan\ntarget: {1: 2, [3]: 4}\n")
def test_any_text_is_read_or_refused_in_words(here: Path, text: str) -> None:
    told(text.encode())


@same_folder
@given(st.binary())
def test_any_bytes_are_read_or_refused_in_words(here: Path, content: bytes) -> None:
    told(content)


@same_folder
@given(st.sampled_from(SOURCES), st.integers(0, 2**32), st.integers(1, 6))
def test_a_mangled_example_is_read_or_refused_in_words(here: Path, text: str, seed: int, changes: int) -> None:
    chance = random.Random(seed)
    for _ in range(changes):
        at = chance.randrange(len(text))
        text = text[:at] + chance.choice(SIGNS) + text[at + chance.randrange(3) :]
    told(text.encode())


@same_folder
@given(st.sampled_from(SOURCES), st.integers(0, 2**32), PLAIN)
def test_an_example_with_any_value_anywhere_is_read_or_refused_in_words(
    here: Path, text: str, seed: int, value: Any
) -> None:
    chance = random.Random(seed)
    documents = list(YAML(typ="safe", pure=True).load_all(text))
    _replace(chance, chance.choice(documents), value)
    stream = StringIO()
    writer().dump_all(documents, stream)
    told(stream.getvalue().encode())


def _replace(chance: random.Random, node: Any, value: Any) -> None:
    """One value somewhere inside gives way."""
    key = chance.choice(list(node) if isinstance(node, dict) else range(len(node)))
    if isinstance(node[key], (dict, list)) and node[key] and chance.random() < 0.7:
        _replace(chance, node[key], value)
    else:
        node[key] = value


def writer() -> YAML:
    """ruamel's writer, on long lines: it breaks a key within braces after 80 signs, and cannot read that itself."""
    yaml = YAML(typ="safe", pure=True)
    yaml.width = 10**6
    return yaml


@same_folder
@given(st.dictionaries(WORDS, PLAIN, min_size=1, max_size=5))
@example({"w": {"wy z": None, "wx: c": 1.3407807929868401e154, "w00000009": -10000000, "w00000000": None}})
def test_what_is_written_is_what_is_read(here: Path, value: dict[str, Any]) -> None:
    stream = StringIO()
    writer().dump(value, stream)
    Path("plans/a.yaml").write_text(stream.getvalue(), encoding="utf-8")
    reader = Reader(Path())
    (document,) = reader.read([Path("plans/a.yaml")])
    assert reader.complaints == []
    assert document.value == value


@pytest.mark.parametrize("text", SOURCES, ids=lambda text: text.splitlines()[0][:40])
def test_an_example_written_again_means_the_same(here: Path, text: str) -> None:
    def models(content: str) -> list[Any]:
        Path("plans/a.yaml").write_text(content, encoding="utf-8")
        return [check(document, ()) for document in Reader(Path()).read([Path("plans/a.yaml")])]

    stream, yaml = StringIO(), YAML()
    yaml.dump_all(list(yaml.load_all(text)), stream)
    assert models(stream.getvalue()) == models(text)
