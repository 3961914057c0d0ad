"""Lead a night's table through the events that a journal recorded."""

from obsy.engine.night.event import TableEvent
from obsy.engine.night.supervisor import step
from obsy.schemas.night import NightTable


def replay(table: NightTable, state: str, events: tuple[TableEvent, ...]) -> tuple[str, ...]:
    """The states that recorded events lead through: the same for ever."""
    states = []
    for event in events:
        state = step(table, state, event).state
        states.append(state)
    return tuple(states)
