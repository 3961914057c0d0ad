import pickle
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from obsy.engine.events import ALARM, EVENTS, INFO, NOTICE, TROUBLE, Event, severity, words
from obsy.engine.events.night import NightFinished, StateChanged
from obsy.engine.events.roof import CloseFailed, RoofClosed, RoofOpened, WeatherNoted

CALLS: list[Callable[[], Event]] = [
    lambda: CloseFailed(attempt=1),  # type: ignore[call-arg]
    lambda: CloseFailed(attempt=1, reason="stuck", colour="red"),  # type: ignore[call-arg]
    lambda: RoofOpened("main"),  # type: ignore[misc]
]


@pytest.mark.parametrize("call", CALLS, ids=["missing", "unknown", "without its name"])
def test_a_fact_that_is_missing_unknown_or_unnamed_is_an_error_at_the_call(call: Callable[[], Event]) -> None:
    with pytest.raises(TypeError):
        call()


def test_an_event_is_named_after_its_class_unless_it_says_otherwise() -> None:
    assert (CloseFailed.name, StateChanged.name) == ("close-failed", "state")


def test_two_events_cannot_have_one_name() -> None:
    with pytest.raises(TypeError, match="two events are called 'roof-opened'"):
        type("RoofOpened", (Event,), {}, says="again")
    assert EVENTS["roof-opened"] is RoofOpened


def test_an_event_cannot_be_changed() -> None:
    failed = CloseFailed(attempt=1, reason="stuck")
    with pytest.raises(AttributeError):
        failed.reason = "well"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        del failed.reason
    assert failed.reason == "stuck"


def test_events_are_equal_if_the_same_happened_and_are_told_as_they_are_made() -> None:
    failed, opened = CloseFailed(attempt=1, reason="stuck"), RoofOpened()
    assert failed == CloseFailed(reason="stuck", attempt=1) != CloseFailed(attempt=2, reason="stuck")
    assert len({failed, CloseFailed(reason="stuck", attempt=1), opened}) == 2
    assert opened != RoofClosed()
    assert (repr(failed), eval(repr(failed))) == (  # noqa: S307
        "CloseFailed(enclosure=None, attempt=1, reason='stuck')",
        failed,
    )
    assert pickle.loads(pickle.dumps(failed)) == failed  # noqa: S301


def test_no_method_is_compiled_for_each_event() -> None:
    own = {"__init__", "__eq__", "__repr__", "__setattr__", "__delattr__"}
    assert not [name for name, kind in EVENTS.items() if own & vars(kind).keys()]


def test_what_was_not_measured_is_left_out() -> None:
    assert WeatherNoted(rain=0.0).facts() == {"rain": 0.0}


def test_a_fact_may_be_called_from() -> None:
    moved = StateChanged(from_="waiting", to="opening", on="dusk", facts_={}, detail="")
    assert moved.facts() == {"from": "waiting", "to": "opening", "on": "dusk", "facts": {}, "detail": ""}


def test_a_sentence_is_one_line_and_a_missing_fact_leaves_no_gap() -> None:
    entry = {"event": "master-failed", "kind": "dark", "filter": None, "exposure_s": 240.0, "reason": "line\nbreak"}
    assert words(entry) == "no master dark 240 s: line break"
    assert words({"event": "master-failed"}) == "no master s:"


def test_braces_in_a_reason_are_only_braces() -> None:
    assert words({"event": "alarm", "reason": "{night} and {}"}) == "{night} and {}"


def test_an_event_nobody_knows_is_for_the_journal_alone() -> None:
    entry = {"event": "comet-discovered", "time": datetime.now(UTC)}
    assert (words(entry), severity(entry)) == ("", INFO)


def test_severities_have_an_order() -> None:
    assert INFO < NOTICE < TROUBLE < ALARM


def test_a_night_that_is_taken_up_says_how_it_had_ended() -> None:
    entry = {"event": "night-resumed", "night": "2026-11-21"}
    assert words({**entry, "after": "cut off"}) == "The night of 2026-11-21, cut off, is taken up again."
    assert words(entry) == "The night of 2026-11-21, interrupted, is taken up again."


def test_an_event_that_has_an_enclosure_is_told_under_it_and_any_other_as_it_is() -> None:
    assert RoofOpened().under("dome").facts() == {"enclosure": "dome"}
    assert NightFinished().under("dome") == NightFinished()


def test_only_where_there_are_several_enclosures_it_is_said_which_one() -> None:
    entry = {"event": "alarm", "reason": "it does not close", "enclosure": "dome"}
    assert words(entry) == words({**entry, "enclosure": None}, several=True)
    assert words(entry, several=True) == f"dome: {words(entry)}"


def test_a_stack_of_an_older_journal_is_told_by_what_its_picture_was_called_then() -> None:
    entry = {"event": "stack-built", "object": "m31_2-1", "filter": "L", "frames": 9}
    assert words(entry) == words({**entry, "picture": "m31_2-1"}) == "stack of m31_2-1 in L from 9 frames"
