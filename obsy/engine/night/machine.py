"""The declared table as a machine: the one door to `transitions`."""

from functools import lru_cache

from transitions import EventData, Machine

from obsy.engine.night.event import GuardFacts
from obsy.schemas.night import Move, NightTable


class _Walker:
    """What the machine moves: nothing but a state and the facts of the moment."""

    def __init__(self, state: str, facts: GuardFacts) -> None:
        self.state = state
        self.facts = facts


def advance(table: NightTable, state: str, event: str, facts: GuardFacts) -> str | None:
    """The state that `event` leads to from `state`; None if the table has no such move, or its guards refuse.

    A pure function: the machine of a table is built once and remembers nothing, for each call brings its own walker.
    """
    machine = _machine(table.initial, tuple(table.states), table.moves)
    if event not in machine.get_triggers(state):
        return None
    walker = _Walker(state, facts)
    return walker.state if machine.events[event].trigger(walker) else None


@lru_cache(maxsize=8)
def _machine(initial: str, states: tuple[str, ...], moves: tuple[Move, ...]) -> Machine:
    machine = Machine(
        model=None,
        states=list(states),
        initial=initial,
        auto_transitions=False,
        send_event=True,
    )  # auto_transitions would add a `to_<state>` back door past every guard
    for move in moves:
        machine.add_transition(move.event, move.source, move.dest, conditions=[_Holds(guard) for guard in move.guards])
    return machine


class _Holds:
    """Whether a guard lets its walker pass."""

    def __init__(self, guard: str) -> None:
        self._guard = guard

    def __call__(self, moved: EventData) -> bool:
        walker: _Walker = moved.model  # type: ignore[assignment]
        return bool(getattr(walker.facts, self._guard))
