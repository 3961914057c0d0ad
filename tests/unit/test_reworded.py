"""What people write otherwise is proposed in words that obsy reads."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from obsy.moments import NightOrMoment
from obsy.schemas.constraints.altitude import Altitude
from obsy.schemas.constraints.dates import Dates
from obsy.schemas.constraints.moon import Moon
from obsy.units import Declination, RightAscension, Seconds

KINDS = {"seconds": Seconds, "ra": RightAscension, "dec": Declination, "date": NightOrMoment}
SAID = st.from_regex(
    r"[+–-]?[0-9]{1,4}([.,:/ -][0-9]{1,3}){0,3} ?(sec|Min|hours|m|deg|°|CET|pm|Nov|”|)", fullmatch=True
)


def proposed(kind: str, said: object) -> list[str]:
    """What the complaint proposes in the person's own numbers; nothing if it only shows an example."""
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(KINDS[kind]).validate_python(said)
    mend = refused.value.errors()[0]["ctx"]["mend"]
    return re.findall(r"'([^']*)'", mend)


@pytest.mark.parametrize(
    ("kind", "said", "meant"),
    [
        ("seconds", "2,5 min", ["2.5 min"]),
        ("seconds", "10,000 s", ["10000 s", "10.000 s"]),
        ("seconds", "3:30", ["3 h 30 min", "3 min 30 s"]),
        ("seconds", 180, ["180 s"]),
        ("seconds", "‘3 hours’", ["3 h"]),
        ("seconds", "30 min 3 h", ["180 s"]),
        ("ra", "00 42 44", ["00h42m44s"]),
        ("dec", "–41d16m09s", ["-41d16m09s"]),
        ("date", "21.11.2026", ["2026-11-21"]),
        ("date", "11/21/2026", ["2026-11-21"]),
        ("date", "5/6/2026", ["2026-06-05", "2026-05-06"]),
        ("date", "21 Nov 2026 8:30 pm CET", ["2026-11-21 20:30 +01:00"]),
    ],
)
def test_a_quantity_or_a_date_is_proposed_as_it_was_meant(kind: str, said: object, meant: list[str]) -> None:
    assert proposed(kind, said) == meant


@given(st.sampled_from(sorted(KINDS)), SAID)
def test_whatever_is_proposed_can_be_read(kind: str, said: str) -> None:
    adapter: TypeAdapter[object] = TypeAdapter(KINDS[kind])
    try:
        adapter.validate_python(said)
    except ValidationError as refused:
        error = refused.errors()[0]["ctx"]
        if error["code"] in ("unknown-unit", "no-unit", "not-a-quantity", "not-a-moment"):
            for each in re.findall(r"'([^']*)'", error["mend"]):
                assert not _is_unread(adapter, each), (said, each)


def _is_unread(adapter: "TypeAdapter[object]", said: str) -> bool:
    """Whether it is no quantity, or no date; one that is out of its range is told next."""
    try:
        adapter.validate_python(said)
    except ValidationError as refused:
        return bool(refused.errors()[0]["ctx"]["code"] != "out-of-range")
    return False


@pytest.mark.parametrize(
    ("model", "said", "meant"),
    [
        (Altitude, "over 35 deg", "above 35 deg"),
        (Altitude, "at least 35 deg", "above 35 deg"),
        (Altitude, "> 35 deg", "above 35 deg"),
        (Altitude, "abvoe 35 deg", "above 35 deg"),
        (Altitude, "above 30 deg, below 80 deg", "above 30 deg and below 80 deg"),
        (Moon, "60 deg away", "farther than 60 deg"),
        (Dates, "until 2026-12-24", "before 2026-12-24"),
        (Dates, "from 2026-12-01 to 2026-12-24", "after 2026-12-01 and before 2026-12-24"),
    ],
)
def test_a_phrase_is_proposed_with_the_words_that_it_begins_with(model: type[Altitude], said: str, meant: str) -> None:
    with pytest.raises(ValidationError, match="not-understood") as refused:
        model.model_validate(said)
    assert refused.value.errors()[0]["ctx"]["mend"] == f"write '{meant}'"
    assert model.model_validate(meant)
