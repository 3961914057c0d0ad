"""The machine does what the table says, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.night.event import GuardFacts
from obsy.engine.night.machine import _machine, advance
from obsy.schemas.night import NightTable

FACTS = st.builds(GuardFacts, st.booleans(), st.booleans(), st.booleans(), st.booleans())


@pytest.fixture(autouse=True)
def _built_anew() -> None:
    """Let no machine that was built before answer for what builds it now."""
    _machine.cache_clear()


@given(facts=FACTS)
@pytest.mark.parametrize("event", ["dusk", "dawn", "done", "failed", "safe", "unsafe", "to_opening"])
def test_a_move_is_made_where_its_state_its_event_and_all_its_guards_meet(
    table: NightTable, event: str, facts: GuardFacts
) -> None:
    for state in table.states:
        moves = [move for move in table.moves if (move.source, move.event) == (state, event)]
        open_to = [move.dest for move in moves if all(getattr(facts, guard) for guard in move.guards)]
        assert advance(table, state, event, facts) == next(iter(open_to), None)
