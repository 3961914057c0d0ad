"""The declared table as a machine: the one door to `transitions`."""

from functools import partial

from transitions import Machine

from obsy.engine.night.event import GuardFacts
from obsy.schemas.night import NightTable


class _Walker:
    """What the machine moves: nothing but a state and the facts of the moment."""

    state: str
    facts: GuardFacts


def advance(table: NightTable, state: str, event: str, facts: GuardFacts) -> str | None:
    """The state that `event` leads to from `state`; None if the table has no such move, or its guards refuse.

    A pure function: each call builds its own machine (a millisecond, a few dozen times a night).
    """
    machine, walker = _machine(table)
    if event not in machine.get_triggers(state):
        return None
    machine.set_state(state, walker)
    walker.facts = facts
    return str(walker.state) if walker.trigger(event) else None  # type: ignore[attr-defined]


def _machine(table: NightTable) -> tuple[Machine, _Walker]:
    walker = _Walker()
    moves = [
        {
            "trigger": move.event,
            "source": move.source,
            "dest": move.dest,
            "conditions": [partial(_holds, walker, guard) for guard in move.guards],
        }
        for move in table.moves
    ]
    machine = Machine(
        model=walker,
        states=list(table.states),
        transitions=moves,
        initial=table.initial,
        auto_transitions=False,
        send_event=False,
    )  # auto_transitions would add a `to_<state>` back door past every guard
    return machine, walker


def _holds(walker: _Walker, guard: str) -> bool:
    return bool(getattr(walker.facts, guard))
