"""The state table of a night: the only thing that moves it."""

from collections import Counter
from collections.abc import Iterable
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from obsy.diagnostics import did_you_mean, unfit
from obsy.schemas.model import Document, Model, Text

Activity = Literal["wait", "calibrate", "open", "observe", "close", "finish", "rest"]
Event = Literal["dusk", "dawn", "done", "failed", "safe", "unsafe"]
Guard = Literal["is_safe", "is_dark", "calibration_missing", "work_left", "dusk_ahead"]
UNDER_THE_SKY = ("open", "observe")
"""What is done with the roof open, or opening."""
Fault = tuple[str, str, str, str]
"""Of a move: the code, what it does, what is expected, the cure."""
CLOSE = "close"
"""What proves the roof closed."""


class TableState(Model):
    """Where the night can stand."""

    do: Activity
    """What is done for as long as the night stands here."""


class Move(Model):
    """One way from one state to another."""

    source: Text
    """Where it begins; `*` is every state."""
    event: Event
    """What sets it off."""
    dest: Text
    """Where it leads."""
    guards: tuple[Guard, ...] = ()
    """All must hold, or the move is not made and the next one with the same source and event is tried."""


class NightTable(Document):
    """A table that is checked when it is read: no orphan state, and from everywhere a way to safety."""

    kind: Literal["night"]
    initial: Text
    """Where a night begins."""
    safe: Annotated[tuple[Text, ...], Field(min_length=1)]
    """States in which the roof is closed or closing for good; every other must reach one on `unsafe`."""
    states: dict[Text, TableState]
    """Where the night can stand, by name."""
    moves: tuple[Move, ...]
    """The ways between the states; of several with the same source and event the first whose guards hold is taken."""

    def ways(self, state: str, event: str) -> tuple[Move, ...]:
        """The moves out of a state on an event, in the order in which they are tried."""
        return tuple(move for move in self.moves if move.event == event and move.source in (state, "*"))

    @model_validator(mode="after")
    def _is_trustworthy(self) -> Self:
        """The checks build on one another, so the first that fails speaks."""
        self._names_exist()
        self._every_state_is_reached()
        self._safe_states_are_closed()
        for state in self.states:
            self._unsafe_leads_to_safety(state)
        self._no_move_is_dead()
        self._every_night_ends()
        self._no_move_goes_astray()
        self._an_open_roof_is_closed()
        return self

    def _names_exist(self) -> None:
        used: list[tuple[str, tuple[str | int, ...]]] = [(self.initial, ("initial",))]
        used += [(name, ("safe", number)) for number, name in enumerate(self.safe)]
        used += [(m.source, ("moves", number, "source")) for number, m in enumerate(self.moves) if m.source != "*"]
        used += [(m.dest, ("moves", number, "dest")) for number, m in enumerate(self.moves)]
        for unknown, at in used:
            if unknown in self.states:
                continue
            raise unfit(
                "unknown-state",
                at=at,
                expected=f"one of {', '.join(self.states)}",
                mend=did_you_mean(unknown, self.states, f"declare '{unknown}' under states"),
            )

    def _every_state_is_reached(self) -> None:
        for orphan in sorted(set(self.states) - self._reached({self.initial}, forwards=True)):
            raise unfit(
                "orphan-state",
                found=f"no move leads to state '{orphan}'",
                expected=f"every state to be reached from '{self.initial}'",
                mend=f"add a move with 'dest: {orphan}', or remove the state",
                at=("states", orphan),
            )

    def _safe_states_are_closed(self) -> None:
        for number, state in enumerate(self.safe):
            if self.states[state].do in UNDER_THE_SKY:
                raise unfit(
                    "not-safe",
                    found=f"safe state '{state}' does '{self.states[state].do}'",
                    expected="safe states that keep the roof closed or close it",
                    mend=f"take '{state}' out of safe",
                    at=("safe", number),
                )

    def _unsafe_leads_to_safety(self, state: str) -> None:
        """Whatever the guards say: an unguarded way to safety, and no way that leads elsewhere."""
        ways = self.ways(state, "unsafe")
        astray = next((move for move in ways if move.dest not in self.safe), None)
        sure = state in self.safe or any(not move.guards for move in ways)
        if astray is not None or not sure:
            found = (
                f"'unsafe' leads from '{state}' to '{astray.dest}'" if astray else f"no sure way from state '{state}'"
            )
            raise unfit(
                "no-way-to-safety",
                found=found,
                expected=f"an unguarded 'unsafe' move from '{state}' to one of {', '.join(self.safe)}",
                mend=f"write '- {{source: {state}, event: unsafe, dest: {self._closing()}}}'",
                at=("moves", self.moves.index(astray), "dest") if astray else ("states", state),
            )

    def _no_move_is_dead(self) -> None:
        """A move after an unguarded one with the same source and event is never tried."""
        sure: Counter[tuple[str, str]] = Counter()
        for number, move in enumerate(self.moves):
            if sure[move.source, move.event] or sure["*", move.event]:
                raise unfit(
                    "dead-move",
                    found=f"the move from '{move.source}' to '{move.dest}' on '{move.event}' is never tried",
                    expected="no unguarded move with the same source and event before it",
                    mend="put the unguarded move last, or remove this one",
                    at=("moves", number),
                )
            sure[move.source, move.event] += not move.guards

    def _every_night_ends(self) -> None:
        ends = {name for name, state in self.states.items() if state.do == "rest"}
        for endless in sorted(set(self.states) - self._reached(ends, forwards=False)):
            doing = self.states[endless].do
            dest = self._closing() if doing in UNDER_THE_SKY else min(ends, default="finished")
            raise unfit(
                "never-ends",
                found=f"no way leads from state '{endless}' to the end of the night",
                expected="a way from every state to one that does 'rest'",
                mend=f"let '{'done' if doing == CLOSE else 'dawn'}' lead from '{endless}' to '{dest}'",
                at=("states", endless),
            )

    def _no_move_goes_astray(self) -> None:
        """One rule after the other, so that the gravest speaks first."""
        for rule in (self._opens_unasked, self._opens_by_day, self._observes_unopened, self._leaves_the_roof_open):
            for number, move in enumerate(self.moves):
                sources = self.states if move.source == "*" else (move.source,)
                if fault := rule(move, {self.states[source].do for source in sources}):
                    code, does, expected, mend = fault
                    found = f"the move from '{move.source}' to '{move.dest}' on '{move.event}' {does}"
                    raise unfit(code, found=found, expected=expected, mend=mend, at=("moves", number))

    def _opens_unasked(self, move: Move, doing: set[Activity]) -> Fault | None:
        opens = self.states[move.dest].do in UNDER_THE_SKY and not doing <= set(UNDER_THE_SKY)
        if not opens or move.event == "safe" or "is_safe" in move.guards:
            return None
        expected = "the guard is_safe on every move that opens the roof"
        return "opens-unguarded", "opens the roof unasked", expected, _guarded(move, "is_safe")

    def _opens_by_day(self, move: Move, _: set[Activity]) -> Fault | None:
        if self.states[move.dest].do != "open" or move.event == "dusk" or "is_dark" in move.guards:
            return None
        expected = "the guard is_dark on every move that opens the roof, but at dusk"
        return "opens-by-day", "may open the roof by day", expected, _guarded(move, "is_dark")

    def _observes_unopened(self, move: Move, doing: set[Activity]) -> Fault | None:
        """Only opening sees the roof open and wakes the mounts; what observes without it does so under a roof."""
        if self.states[move.dest].do != "observe" or doing <= set(UNDER_THE_SKY):
            return None
        opening = next((name for name, state in self.states.items() if state.do == "open"), "opening")
        mend = f"write 'dest: {opening}', and lead from there to '{move.dest}' on 'done'"
        return (
            "observes-unopened",
            "observes without opening",
            "a way to observing only from a state that does 'open'",
            mend,
        )

    def _leaves_the_roof_open(self, move: Move, doing: set[Activity]) -> Fault | None:
        """No way leads past closing: from under the sky only there, and from there only when it is done."""
        allowed = (CLOSE,) if move.event in ("failed", "dawn") else (*UNDER_THE_SKY, CLOSE)
        astray = doing & set(UNDER_THE_SKY) and self.states[move.dest].do not in allowed
        given_up = CLOSE in doing and move.event != "done" and self.states[move.dest].do != CLOSE
        if not astray and not given_up:
            return None
        expected = f"a state that does '{CLOSE}', until closing is done"
        return "roof-left-open", "does not close the roof", expected, f"write 'dest: {self._closing()}'"

    def _an_open_roof_is_closed(self) -> None:
        for state, needed in self._ways_home():
            if not any(not move.guards for move in self.ways(state, needed)):
                raise unfit(
                    "no-way-home",
                    found=f"nothing is said of '{needed}' in state '{state}'",
                    expected=f"an unguarded '{needed}' move from '{state}' to a state that does '{CLOSE}'",
                    mend=f"write '- {{source: {state}, event: {needed}, dest: {self._closing()}}}'",
                    at=("states", state),
                )

    def _ways_home(self) -> Iterable[tuple[str, str]]:
        """The events that every state with an open roof, or one that may be open, must answer."""
        for name, state in self.states.items():
            if state.do in UNDER_THE_SKY:
                yield from ((name, "failed"), (name, "dawn"))
            elif state.do == CLOSE:
                yield name, "failed"

    def _closing(self) -> str:
        """The safe state to send a lost one to: rather one that closes than one that hopes it is closed."""
        return next((state for state in self.safe if self.states[state].do == "close"), self.safe[0])

    def _reached(self, begin: Iterable[str], *, forwards: bool) -> set[str]:
        """Every state that can be reached from some, or that can reach them."""
        pairs = [
            (source, move.dest)
            for move in self.moves
            for source in (self.states if move.source == "*" else (move.source,))
        ]
        steps = pairs if forwards else [(dest, source) for source, dest in pairs]
        reached: set[str] = set(begin)
        while more := {dest for source, dest in steps if source in reached} - reached:
            reached |= more
        return reached


def _guarded(move: Move, guard: Guard) -> str:
    """Return the cure of a move that lacks a guard."""
    return f"{'write' if move.guards else 'add'} 'guards: [{', '.join((guard, *move.guards))}]'"
