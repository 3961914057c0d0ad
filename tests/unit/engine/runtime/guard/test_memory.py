"""What is said in memory is what would have arrived over a socket."""

import asyncio
from math import inf
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from obsy.engine.devices.ports import Roof
from obsy.engine.runtime.guard.memory import FEW, LARGE, SHORT, joined, passed
from obsy.engine.runtime.guard.wire import LONGEST, understood, written
from obsy.errors import DeviceError

WORDS = st.one_of(st.text(max_size=SHORT + 3), st.sampled_from(["", "ü", "\ud800", "\x00" * SHORT, "n" * (SHORT + 1)]))
NUMBERS = st.one_of(st.integers(), st.floats(), st.booleans(), st.none(), st.sampled_from([LARGE, 1 - LARGE, *Roof]))
FACTS = st.recursive(
    WORDS | NUMBERS,
    lambda each: st.lists(each, max_size=FEW + 2) | st.dictionaries(WORDS, each, max_size=3) | st.tuples(each),
    max_leaves=12,
)


@given(st.dictionaries(WORDS, FACTS, max_size=FEW + 2))
@example({f"{n}".rjust(SHORT, "\x00"): ["\x00" * SHORT] * FEW for n in range(FEW)})
@example({"open": ["roll-off"], "at_s": 7.5, "beat": 12})
@example({"open": (), "at_s": inf, "beat": True})
def test_what_is_passed_is_what_json_would_give(said: dict[str, Any]) -> None:
    assert repr(passed(said)) == repr(understood(written(said)))


@given(st.dictionaries(WORDS, st.lists(WORDS, max_size=FEW) | NUMBERS, max_size=FEW))
def test_what_is_passed_is_the_others_own(said: dict[str, Any]) -> None:
    arrived, whole = passed(said), repr(said)
    for fact in arrived.values():
        if isinstance(fact, list):
            fact.append("more")
    arrived["more"] = 1
    assert repr(said) == whole


def test_what_is_too_long_for_a_line_is_too_long_in_memory() -> None:
    with pytest.raises(DeviceError, match="too long for a night and its guard"):
        passed({"notes": [0] * LONGEST})


def test_who_waits_hears_at_once_and_who_has_stopped_waiting_loses_nothing() -> None:
    async def story() -> list[object]:
        here, there = joined()
        waits = asyncio.ensure_future(there.read())
        await asyncio.sleep(0)
        waits.cancel()
        await asyncio.sleep(0)
        here.send({"said": 1})
        here.send({"said": 2})
        found = [await there.read(), await there.read()]
        waits = asyncio.ensure_future(there.read())
        await asyncio.sleep(0)
        here.close()
        return [*found, await waits]

    assert asyncio.run(story()) == [{"said": 1}, {"said": 2}, None]
