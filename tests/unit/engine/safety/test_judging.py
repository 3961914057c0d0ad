"""A verdict follows from what was heard and from nothing else; what was not asked, or cannot be judged, is unsafe."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from obsy.engine.devices.ports import Reading
from obsy.engine.safety.judging import GONE, UNREAD, Evidence, Judging
from obsy.engine.safety.verdict import JudgedInput
from obsy.schemas.override import Override
from obsy.schemas.policy import Safety

BEGIN = datetime(2026, 11, 21, 20, tzinfo=UTC)
SAFETY = Safety.model_validate(
    {"limits": {"rain": "above 0 mm/h", "wind": "above 40 km/h and hold for 2 min"}, "dwell": "10 min"}
)
RAIN, MAST = JudgedInput("sensor", ("rain",), 60.0), JudgedInput("mast", ("wind",), 45.0)
NO_MAST = Override.model_validate(
    {
        "kind": "override",
        "name": "no-mast",
        "owner": "Ana",
        "reason": "it is broken",
        "since": "2026-11-21 18:00 UTC",
        "until": "2026-11-22 06:00 UTC",
        "ignore": "mast",
    }
)


def after(seconds: float) -> datetime:
    return BEGIN + timedelta(seconds=seconds)


def judging() -> Judging:
    return Judging(SAFETY, (RAIN, MAST), BEGIN, (NO_MAST,))


def hears(roof: Judging, at_s: float, rain: Any = 0.0, wind: Any = 10.0, age_s: float = 0.0) -> Judging:
    """The same, after both inputs have said something."""
    for name, values in (("sensor", {"rain": rain}), ("mast", {"wind": wind})):
        roof.take(Evidence(after(at_s), name, Reading(values, after(at_s - age_s))))
    return roof


def trusted() -> Judging:
    """The same over a roof that was taken over open: safe from 2 s on."""
    roof = hears(judging(), 1.0)
    roof.take(Evidence(after(1.5), trusts=True))
    assert hears(roof, 2.0).current.safe
    return roof


def test_nothing_is_judged_before_every_input_was_asked() -> None:
    roof = judging()
    assert (roof.current, roof.unasked) == (UNREAD, {"sensor", "mast"})
    roof.take(Evidence(BEGIN, "sensor", Reading({"rain": 5.0}, BEGIN)))
    assert (roof.current, roof.unasked) == (UNREAD, {"mast"})
    roof.take(Evidence(BEGIN, "mast", None, "no answer"))
    assert (roof.current.safe, roof.unasked) == (False, set())
    assert roof.failing == {"sensor": "", "mast": "no answer"}
    assert set(roof.newest) == {"sensor"}


def test_what_else_is_not_safe_needs_no_weather_and_begins_the_dwell_anew() -> None:
    roof = judging()
    roof.take(Evidence(after(5.0), why="a hand on the roof"))
    assert (roof.current.safe, roof.current.reason, roof.memory.last_unsafe) == (
        False,
        "a hand on the roof",
        after(5.0),
    )
    assert not hears(roof, 604.0).current.safe
    assert hears(roof, 606.0).current.safe


def test_a_roof_that_is_taken_over_owes_no_dwell() -> None:
    roof = judging()
    assert not hears(roof, 1.0).current.safe
    roof.take(Evidence(after(2.0), trusts=True))
    assert hears(roof, 3.0).current.safe


def test_what_an_override_ignores_is_neither_heard_nor_remembered_and_a_safe_verdict_says_so() -> None:
    roof = hears(judging(), 1.0, wind=90.0)
    assert set(roof.memory.broken_since) == {"wind"}
    roof.take(Evidence(after(2.0), overrides=("no-mast",)))
    assert (roof.memory.broken_since, roof.overriding) == ({}, ("no-mast",))
    assert hears(roof, 700.0, wind=90.0).current.safe
    assert (
        roof.current.reason.endswith(
            "but for an override: ignores the weather input 'mast' until 2026-11-22 06:00 UTC by Ana"
        )
        or "but for an override" in roof.current.reason
    )
    roof.take(Evidence(after(701.0), overrides=()))
    assert "override" not in hears(roof, 702.0).current.reason
    assert not hears(roof, 703.0, rain=1.0).current.safe


def test_what_is_remembered_of_what_counts_on_stays() -> None:
    roof = hears(judging(), 1.0, rain=5.0)
    unsafe = roof.memory.last_unsafe
    roof.enforce(("no-mast",))
    assert (set(roof.memory.broken_since), roof.memory.last_unsafe) == ({"rain"}, unsafe)


def test_what_cannot_be_judged_is_not_safe_and_owes_a_dwell_from_then_on() -> None:
    roof = hears(trusted(), 3.0, rain="wet")
    assert (roof.current.safe, roof.is_bad(after(3.0)), roof.memory.last_unsafe) == (False, True, after(3.0))
    assert "the weather cannot be judged: TypeError" in roof.current.reason
    assert not hears(roof, 4.0).current.safe


def test_weather_is_bad_by_itself_whatever_dwell_is_owed() -> None:
    roof = hears(judging(), 1.0)
    assert (roof.current.safe, roof.is_bad(after(1.0))) == (False, False)
    assert roof.is_bad(after(62.0)), "by then nobody knows"
    hears(roof, 3.0, rain=0.5)
    assert roof.is_bad(after(3.0))


def test_a_look_at_the_time_lets_words_expire() -> None:
    roof = trusted()
    roof.take(Evidence(after(46.0)))
    assert roof.current.safe
    roof.take(Evidence(after(48.0)))
    assert not roof.current.safe


def test_the_turns_to_come_are_where_a_word_expires_or_a_hold_ends() -> None:
    roof = judging()
    assert roof.turns(BEGIN) == []
    hears(roof, 5.0)
    hears(roof, 10.0, wind=90.0, age_s=5.0)
    moment = timedelta(milliseconds=1)
    expire, hold = [after(65.0) + moment, after(50.0) + moment], [after(10.0 + 120.0)]
    assert roof.turns(after(10.0)) == [*expire, *hold]
    assert roof.turns(after(65.0)) == [expire[0], *hold]
    assert roof.turns(expire[0]) == hold
    assert roof.turns(hold[0]) == []
    roof.take(Evidence(after(11.0), overrides=("no-mast",)))
    assert roof.turns(after(11.0)) == [expire[0]]


@pytest.mark.parametrize("wind", [40.0, 90.0])
def test_a_limit_without_a_hold_has_no_turn_of_its_own(wind: float) -> None:
    roof = hears(hears(judging(), 5.0), 10.0, rain=5.0, wind=wind)
    assert len(roof.turns(after(10.0))) == (3 if wind > 40.0 else 2)


def test_before_anything_is_read_and_without_a_guard_it_is_not_safe() -> None:
    assert (UNREAD.safe, GONE.safe) == (False, False)
