"""What the night does next: a pure function of where it stands and what happened."""

from dataclasses import dataclass

from obsy.engine.night.event import TableEvent
from obsy.engine.night.machine import advance
from obsy.schemas.night import NightTable


@dataclass(frozen=True, slots=True)
class Begin:
    """Stop what is being done, and do this."""

    activity: str


@dataclass(frozen=True, slots=True)
class Transition:
    """Where the night stands after an event, and what follows from it."""

    state: str
    actions: tuple[Begin, ...]


def step(table: NightTable, state: str, event: TableEvent) -> Transition:
    """The table's answer to an event: a new state begins its activity, even if it is the same state again."""
    dest = advance(table, state, event.name, event.facts)
    if dest is None:
        return Transition(state, ())
    return Transition(dest, (Begin(table.states[dest].do),))
