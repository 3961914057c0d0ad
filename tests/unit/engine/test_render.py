"""The one door to Jinja: whatever a value holds, it stays a value; and no value may be missing."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError, meta, nodes
from ruamel.yaml import YAML

from obsy.engine.render import _environment, render, scalar

SCHEDULE = "ekos/schedule.esl"
TARGET = {"name": "m31", "ra_hours": "1", "dec_deg": "2", "sequence": "s.esq", "steps": ["Track"], "angle_deg": "-181"}
TARGET |= {"start": None, "constraints": {}, "completion": "Sequence"}
WORDS = {"version": "1.5", "profile": "obsy", "driven": True, "knows": ["Priority", "Procedure"], "targets": [TARGET]}
TEMPLATES = [name for name in _environment().list_templates() if name.endswith((".j2", ".esl", ".esq"))]
SPOKEN = st.text(
    st.characters(categories=["L", "N", "P", "S", "Zs"], exclude_characters="\x85\u2028\u2029"), min_size=1
)
"""What XML can hold; it allows no control characters, and counts some blanks as the ends of lines."""


def parsed(template: str) -> nodes.Template:
    environment = _environment()
    assert environment.loader is not None
    source, *_ = environment.loader.get_source(environment, template)
    return environment.parse(source)


def named(template: str) -> set[str]:
    """The values that a template asks for."""
    return meta.find_undeclared_variables(parsed(template))


def is_library(template: str) -> bool:
    """Whether it holds but what other templates call, with all that it needs."""
    body = parsed(template).body
    return any(isinstance(each, nodes.Macro) for each in body) and not render(template).strip()


def test_a_value_cannot_break_out_of_its_element() -> None:
    assert "<Name>&lt;/Name&gt;&amp;</Name>" in render(
        SCHEDULE, **{**WORDS, "targets": [{**TARGET, "name": "</Name>&"}]}
    )


@given(SPOKEN)
def test_every_text_comes_out_of_xml_as_it_went_in(text: str) -> None:
    tree = ElementTree.fromstring(render(SCHEDULE, **{**WORDS, "targets": [{**TARGET, "name": text}]}))
    assert [element.text for element in tree.iter("Name")] == [text]


@given(st.lists(SPOKEN, min_size=1, max_size=4))
def test_there_are_as_many_steps_as_were_given(steps: list[str]) -> None:
    tree = ElementTree.fromstring(render(SCHEDULE, **{**WORDS, "targets": [{**TARGET, "steps": steps}]}))
    (listed,) = tree.iter("Steps")
    assert [element.text for element in listed] == steps


@pytest.mark.parametrize("missing", sorted(WORDS))
def test_a_value_that_is_missing_is_no_empty_text(missing: str) -> None:
    with pytest.raises(UndefinedError, match=f"'{missing}' is undefined"):
        render(SCHEDULE, **{word: value for word, value in WORDS.items() if word != missing})


def test_the_values_of_a_schedule_are_these() -> None:
    assert named(SCHEDULE) == set(WORDS)


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_template_compiles_and_asks_for_something_or_is_there_for_others(template: str) -> None:
    assert _environment().get_template(template) is not None
    assert named(template) or is_library(template)


@pytest.mark.parametrize("template", TEMPLATES)
def test_no_template_lets_a_value_out_unescaped(template: str) -> None:
    source = (Path(__file__).resolve().parents[3] / "obsy" / "templates" / template).read_text("utf-8")
    assert "autoescape" not in source
    own_words = re.sub(r'"[^"]*"\s*\|\s*safe', "", source)
    assert re.findall(r".*\|\s*safe.*", own_words) == []


@given(
    st.one_of(
        SPOKEN, st.sampled_from(["1e3", "yes", "~", "-", "a: b", "a #b", "2026-11-21", "0x1F", "x ", "- a", "''"])
    )
)
@pytest.mark.parametrize("version", [(1, 1), (1, 2)])
def test_every_text_comes_out_of_yaml_as_it_went_in(version: tuple[int, int], text: str) -> None:
    reader = YAML(typ="safe", pure=True)
    reader.version = version
    for written in (scalar(text), f"{{key: {scalar(text)}, other: 1}}"):
        read = reader.load(written)
        assert (read["key"] if isinstance(read, dict) else read) == text


def test_what_people_write_needs_no_quotes() -> None:
    plain = ["38.16 deg", "-2.33 deg", "+38d09m36s", "6248 x 4176 px", "Telescope Simulator", "H-alpha 5 nm", "my-hill"]
    assert [scalar(each) for each in plain] == plain
    assert [scalar(each) for each in (8, "8")] == ["8", '"8"']
