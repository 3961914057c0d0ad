"""The JSON schema knows what obsy knows of one document: tried by an independent validator."""

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter, ValidationError

from obsy import moments, units
from obsy.diagnostics import Diagnostic
from obsy.engine.declare.check import check
from obsy.engine.declare.folders import SCHEMA as FILE
from obsy.engine.declare.folders import files
from obsy.engine.declare.read import Reader
from obsy.engine.declare.written import Written
from obsy.schemas.constraints.altitude import Altitude
from obsy.schemas.constraints.dates import Dates
from obsy.schemas.constraints.moon import Moon
from obsy.schemas.constraints.season import Season
from obsy.schemas.json_schema import as_file, every, one
from obsy.schemas.kinds import KINDS
from tests.golden.test_validate import CASES
from tests.support.golden import assert_golden

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = [
    path
    for room in ("site", "library", "plans")
    for base in (ROOT, ROOT / "docs/club", ROOT / "docs/simulators")
    for path in files(base / room)
]
KNOWN = {
    "unknown-key", "missing-key", "no-unit", "unknown-unit", "not-a-quantity", "not-understood", "not-a-mapping",
    "not-a-list", "unknown-word", "not-a-sensor-size", "not-a-comparison",
}  # fmt: skip
"""What a schema can say of a document."""
OF_SEVERAL_KEYS = {"output", "weather"}
"""Kinds in which one key says what another may be, as the way to read says which words it takes."""


@cache
def schema() -> dict[str, Any]:
    """What every process that collects this file need not work out."""
    return every()


@cache
def validator(kind: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"#/$defs/{KINDS[kind].__name__}", "$defs": schema()["$defs"]})


@pytest.mark.once
def test_the_schema_that_is_kept_is_the_language() -> None:
    Draft202012Validator.check_schema(schema())
    assert json.loads(as_file(schema())) == schema()
    assert_golden(as_file(schema()), ROOT / FILE)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_alone_has_the_same_schema(kind: str) -> None:
    alone = one(kind)
    assert alone["properties"] == schema()["$defs"][KINDS[kind].__name__]["properties"]


def test_every_example_names_the_schema_and_is_well_by_it() -> None:
    whole = Draft202012Validator(schema())
    for path in EXAMPLES:
        if path.parent.name != "cameras":  # a part of a document
            named = re.match(r"# yaml-language-server: \$schema=(\S+)\n", path.read_text())
            assert named is not None, path
            assert os.path.normpath(path.parent / named[1]) == str(ROOT / FILE), path
            (document, *_) = Reader(path.parents[len(path.relative_to(ROOT).parts) - 1]).read([path])
            assert [each.message for each in whole.iter_errors(document.value)] == [], path


def documents(case: Path) -> list[Written]:
    reader = Reader(case)
    found = [each for each in reader.read(files(case)) if each.kind in KINDS]
    return [] if reader.complaints else found


@pytest.mark.long
def test_what_the_schema_refuses_obsy_refuses_and_what_it_can_know_it_refuses_too() -> None:
    refused, unseen = 0, set()
    for written in (each for case in CASES for each in documents(case)):
        checked = check(written, ())
        codes = {each.code for each in checked if isinstance(each, Diagnostic)} if isinstance(checked, list) else set()
        wrong = [error.message for error in validator(written.kind).iter_errors(written.value)]
        assert codes or not wrong, (written.at(), wrong)
        refused += bool(wrong)
        unseen |= {(written.kind, code) for code in codes & KNOWN if not wrong and written.kind not in OF_SEVERAL_KEYS}
    assert refused > 20
    assert unseen == set()


def test_a_number_beyond_its_limits_is_refused_by_both() -> None:
    comet = {"perihelion": "2026-11-27.1779 TT", "distance": "1.1 au", "inclination": "10 deg"}
    comet |= {"eccentricity": -1, "node": "1 deg", "argument": "2 deg"}
    want = [{"filter": "L", "exposure": "60 s", "count": 0, "nightly": {"at_most": 0}, "every": "1 d"}]
    plan = {"kind": "plan", "name": "x", "target": comet, "want": want, "pipeline": "deep-sky", "priority": 50}
    plan |= {"when": {"airmass": {"below": 0.5}, "phase": {"after": 1.5}}}
    with pytest.raises(ValidationError) as refused:
        KINDS["plan"].model_validate(plan)
    limits = {"greater_than", "greater_than_equal", "less_than", "less_than_equal"}
    assert sum(each["type"] in limits for each in refused.value.errors()) == 6
    wrong = [each for error in validator("plan").iter_errors(plan) for each in leaves(error)]
    assert {"minimum", "maximum", "exclusiveMinimum"} <= {each.validator for each in wrong}
    assert {0, 50, 0.5, 1.5, -1} <= {each.instance for each in wrong if each.validator in LIMITS}
    assert not any(each in ("ge", "le", "gt", "lt") for each in keywords(schema()))


LIMITS = {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}


def leaves(error: Any) -> list[Any]:
    return [leaf for each in error.context for leaf in leaves(each)] if error.context else [error]


def keywords(part: Any) -> list[str]:
    below = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    return [*(part if isinstance(part, dict) else ()), *(key for each in below for key in keywords(each))]


def codes(kind: Any, value: object) -> set[str]:
    try:
        TypeAdapter(kind).validate_python(value)
    except ValidationError as error:
        return {each.get("ctx", {}).get("code", each["type"]) for each in error.errors()}
    return set()


GRAMMARS: dict[str, Any] = {
    "an angle": units.AltitudeDegrees, "a time": units.Seconds, "a level": units.Counts,
    "a rate": units.DegreesPerSecond,
    "a moment": moments.Moment, "a clock": moments.ClockTime, "an altitude": Altitude, "the Moon": Moon,
    "a season": Season, "dates": Dates,
}  # fmt: skip
ABOUT_SENSE = {"out-of-range", "never-both", "said-twice", "not-a-moment", "not-a-clock-time"}
"""What is wrong with a text that is well spelt: a day that no month has, an altitude above the zenith."""


@pytest.mark.parametrize("name", ["an angle", "a time", "a level", "a moment", "a clock"])
@given(data=st.data())
@settings(max_examples=20, phases=[Phase.generate])
def test_what_the_pattern_takes_is_read(name: str, data: st.DataObject) -> None:
    pattern = TypeAdapter(GRAMMARS[name]).json_schema()["pattern"]
    text = data.draw(st.from_regex(re.compile(pattern.replace("$", r"\Z"), re.ASCII)))
    assert codes(GRAMMARS[name], text) <= ABOUT_SENSE


@pytest.mark.parametrize("kind", GRAMMARS.values(), ids=list(GRAMMARS))
def test_what_is_read_the_pattern_takes(kind: Any) -> None:
    schema = TypeAdapter(kind).json_schema()
    valid = Draft202012Validator(schema)
    said = [
        "35 deg",
        "-.5 arcmin",
        "1e3 s",
        "3 h 30 min",
        "25000 ADU",
        "4 deg/s",
        "2026-11-21 20:30 UTC",
        "2:00",
        "2026-12-24",
    ]
    said += [
        "above 3 deg and below 4 deg",
        " above  3 deg",
        "farther than 60 deg and width 14 d",
        "after 11-01 and before 03-15",
    ]
    said += ["after 2026-12-01 and before 2026-12-24", "2026-11-27.1779 TT", "below 10 deg"]
    read = [text for text in said if not codes(kind, text)]
    assert read
    assert [text for text in read if not valid.is_valid(text)] == []
    assert all(codes(kind, text) for text in said if not valid.is_valid(text))
