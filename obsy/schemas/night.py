"""The state table of a night: the only thing that moves it."""

from typing import Literal, Self

from pydantic import Field, model_validator

from obsy.diagnostics import unfit
from obsy.schemas.model import Document, Model, Text

Activity = Literal["wait", "calibrate", "open", "observe", "close", "finish", "rest"]
Event = Literal["dusk", "dawn", "done", "failed", "safe", "unsafe"]
Guard = Literal["is_safe", "is_dark", "calibration_missing", "work_left"]


class State(Model):
    """Where the night can stand."""

    do: Activity
    """What is done for as long as the night stands here."""


class Move(Model):
    """One way from one state to another."""

    source: Text | Literal["*"]
    event: Event
    dest: Text
    guards: tuple[Guard, ...] = ()
    """All must hold, or the move is not made and the next one with the same source and event is tried."""


class Night(Document):
    """A table that is checked when it is read: no orphan state, and from everywhere a way to safety."""

    kind: Literal["night"]
    initial: Text
    safe: tuple[Text, ...] = Field(min_length=1)
    """States in which the roof is closed or closing for good; every other must reach one on `unsafe`."""
    states: dict[str, State]
    moves: tuple[Move, ...]

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        used = {self.initial, *self.safe, *(m.dest for m in self.moves), *(m.source for m in self.moves)} - {"*"}
        if unknown := sorted(used - set(self.states)):
            raise unfit("unknown-state", found=f"state '{unknown[0]}'", expected=f"one of {', '.join(self.states)}",
                        mend=f"declare '{unknown[0]}' under states, or correct its spelling")
        return self

    @model_validator(mode="after")
    def _no_orphans(self) -> Self:
        reached, frontier = {self.initial}, {self.initial}
        while frontier:
            frontier = {m.dest for m in self.moves if m.source in frontier | {"*"}} - reached
            reached |= frontier
        if orphans := sorted(set(self.states) - reached):
            raise unfit("orphan-state", found=f"state '{orphans[0]}'", expected="a move that leads to every state",
                        mend=f"add a move with 'dest: {orphans[0]}', or remove the state")
        return self

    @model_validator(mode="after")
    def _every_state_can_close(self) -> Self:
        ways = {m.source for m in self.moves if m.event == "unsafe" and m.dest in self.safe and not m.guards}
        stuck = sorted(set(self.states) - set(self.safe) - ways) if "*" not in ways else []
        if stuck:
            raise unfit("no-way-to-safety", found=f"state '{stuck[0]}'",
                        expected=f"an unguarded 'unsafe' move from '{stuck[0]}' to one of {', '.join(self.safe)}",
                        mend=f"add '- {{source: {stuck[0]}, event: unsafe, dest: {self.safe[0]}}}'")
        return self
