"""Whatever happens, unsafe ends safe, and a recorded night replays to the same states."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.night.event import GuardFacts, TableEvent
from obsy.engine.night.machine import advance
from obsy.engine.night.supervisor import step
from obsy.schemas.night import NightTable
from tests.support.replay import replay

AT = datetime(2026, 11, 21, 20, tzinfo=UTC)
FACTS = st.builds(GuardFacts, st.booleans(), st.booleans(), st.booleans(), st.booleans())
EVENTS = st.lists(
    st.builds(TableEvent, st.sampled_from(["dusk", "dawn", "done", "failed", "safe", "unsafe"]), st.just(AT), FACTS),
    max_size=30,
)
NOWHERE_OPEN = {"opening", "observing"}


@given(events=EVENTS, facts=FACTS)
def test_unsafe_always_ends_with_the_roof_closed_or_closing(
    table: NightTable, events: list[TableEvent], facts: GuardFacts
) -> None:
    states = replay(table, table.initial, (*events, TableEvent("unsafe", AT, facts)))
    assert states[-1] in table.safe
    assert states[-1] not in NOWHERE_OPEN


@given(events=EVENTS)
def test_the_roof_only_ever_opens_on_a_safe_dark_moment_with_work_to_do(
    table: NightTable, events: list[TableEvent]
) -> None:
    state = table.initial
    for event in events:
        after = step(table, state, event).state
        if after == "opening" and state != "opening":
            assert event.facts.is_safe or event.name == "safe"
            assert event.facts.work_left
        state = after


@given(events=EVENTS)
def test_a_recorded_night_replays_to_the_same_states(table: NightTable, events: list[TableEvent]) -> None:
    assert replay(table, table.initial, tuple(events)) == replay(table, table.initial, tuple(events))


def test_an_event_without_a_row_changes_nothing(table: NightTable) -> None:
    assert advance(table, "finished", "unsafe", GuardFacts()) is None
    assert step(table, "finished", TableEvent("unsafe", AT, GuardFacts())).actions == ()


def test_calibration_gives_way_to_the_lights_at_dusk_and_is_caught_up_after_dawn(table: NightTable) -> None:
    dark = GuardFacts(is_safe=True, is_dark=True, work_left=True, calibration_missing=True)
    clouded, dawn = replace(dark, is_safe=False), GuardFacts(calibration_missing=True)
    assert advance(table, "calibrating", "dusk", dark) == "opening"
    assert advance(table, "calibrating", "done", clouded) == "waiting"
    assert [advance(table, state, "dawn", dawn) for state in ("waiting", "sheltering")] == ["catching-up"] * 2
    assert advance(table, "closing", "done", dawn) == "catching-up"
    assert {name for name, state in table.states.items() if state.do == "calibrate"} <= {*table.safe}


def test_a_guard_that_refuses_passes_to_the_next_row(table: NightTable) -> None:
    assert advance(table, "closing", "done", GuardFacts(is_dark=True, work_left=True)) == "sheltering"
    assert advance(table, "closing", "done", GuardFacts(calibration_missing=True)) == "catching-up"
    assert advance(table, "closing", "done", GuardFacts()) == "finishing"


def test_there_is_no_back_door_into_a_state(table: NightTable) -> None:
    assert advance(table, "waiting", "to_observing", GuardFacts(True, True, True, True)) is None
