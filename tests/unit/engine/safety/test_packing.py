"""What a verdict rested on is spelt the same for the same things, and read back whole."""

from datetime import UTC, datetime, timedelta
from math import inf, nan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.devices.ports import Reading
from obsy.engine.replay.evidence import unpacked
from obsy.engine.safety.packing import brief, digest, packed, remembered, said, values
from obsy.engine.safety.verdict import JudgedInput, Verdict, VerdictMemory

AT = datetime(2026, 11, 21, 20, tzinfo=UTC)
LATER = AT + timedelta(seconds=1)
STATION = JudgedInput("station", ("wind", "temperature", "humidity"), 60.0)


def test_an_input_says_what_it_measures_in_its_own_order_and_nothing_else() -> None:
    assert values(Reading({"humidity": 50.0, "wind": 3.5, "rain": 0.0}, AT), STATION) == [3.5, None, 50.0]
    assert values(Reading({"wind": nan, "temperature": -inf, "humidity": inf}, AT), STATION) == ["nan", "-inf", "inf"]


LINES = st.lists(
    st.lists(st.one_of(st.none(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text()))
)


@given(LINES)
def test_lines_are_read_back_as_they_were_packed(lines: list[list[Any]]) -> None:
    assert unpacked(packed(lines)) == lines


def test_no_lines_take_no_room_and_many_alike_little() -> None:
    assert packed([]) == ""
    assert len(packed([[n, 0, 1.5] for n in range(100)])) < 700


@pytest.mark.parametrize(
    ("seconds", "told"), [(0.0, "0"), (2.0, "2"), (2.0004, "2"), (2.0006, "2.001"), (0.25, "0.25"), (-1.5, "-1.5")]
)
def test_a_span_is_told_to_the_millisecond_without_needless_digits(seconds: float, told: str) -> None:
    assert repr(brief(timedelta(seconds=seconds))) == told


def test_a_verdict_is_told_without_what_it_does_not_say() -> None:
    assert said(Verdict(True, "fair", "station", None)) == {"safe": True, "reason": "fair", "input": "station"}
    assert said(Verdict(False, "", "", 0.0)) == {"safe": False, "reason": "", "input": "", "age_s": 0.0}


def test_a_memory_is_told_by_its_moments() -> None:
    assert remembered(VerdictMemory({"rain": AT}, LATER, {"wind": LATER})) == {
        "broken": {"rain": "2026-11-21T20:00:00+00:00"},
        "within": {"wind": "2026-11-21T20:00:01+00:00"},
        "last_unsafe": "2026-11-21T20:00:01+00:00",
    }
    assert remembered(VerdictMemory({}, None)) == {"broken": {}, "within": {}, "last_unsafe": None}


def test_the_same_memory_has_the_same_word_and_any_other_another() -> None:
    memories = [
        VerdictMemory({}, None),
        VerdictMemory({}, AT),
        VerdictMemory({"rain": AT}, AT),
        VerdictMemory({"rain": LATER}, AT),
        VerdictMemory({}, AT, {"rain": AT}),
    ]
    assert len({digest(each) for each in memories}) == len(memories)
    assert {len(digest(each)) for each in memories} == {8}
    both = VerdictMemory({"rain": AT, "wind": LATER}, None), VerdictMemory({"wind": LATER, "rain": AT}, None)
    assert digest(both[0]) == digest(both[1])
