"""What has been heard of the weather, and the verdict on it: the same code for a night and for its replay."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from obsy.engine.devices.ports import Reading
from obsy.engine.safety.asking import told
from obsy.engine.safety.verdict import InputState, Verdict, VerdictMemory, judge, named
from obsy.schemas.policy import Safety

JUST_AFTER = timedelta(milliseconds=1)
UNREAD = Verdict(False, "nothing has been read yet")


class JudgedInput(NamedTuple):
    """What a verdict needs to know of a weather input."""

    name: str
    measures: tuple[str, ...]
    max_age_s: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that a verdict rests on, and when it was seen; without anything else, a look at the time."""

    at: datetime
    input: str = ""
    """The weather input that was asked."""
    reading: Reading | None = None
    """What it said; None if it did not answer."""
    why: str = ""
    """Why it did not answer or, without an input, what else is not safe."""
    trusts: bool = False
    """Whether a roof that is open already was taken over."""


class Judging:
    """Judges one roof's weather; what it says follows from what it is told, and from nothing else."""

    def __init__(self, safety: Safety, inputs: Iterable[JudgedInput], begin: datetime) -> None:
        """Nothing has been read, so nothing is safe."""
        self.safety, self.inputs = safety, {each.name: each for each in inputs}
        self.newest: dict[str, Reading] = {}
        self.failing: dict[str, str] = {}
        """Why each input gave no reading when it was asked last; empty if it did."""
        self.memory = VerdictMemory({}, begin)
        self.unasked = set(self.inputs)
        self.current = UNREAD
        """The verdict on what was seen last."""

    def take(self, seen: Evidence) -> None:
        """Take it into account. There is no verdict before every input was asked, unless something else is not safe."""
        if seen.trusts:
            self.memory = VerdictMemory({}, None)
        elif seen.why and not seen.input:
            self.memory = replace(self.memory, last_unsafe=seen.at)
            self.current = Verdict(False, seen.why)
        else:
            self._hear(seen)
            if not self.unasked:
                self.current = self._judged(seen.at)

    def _hear(self, seen: Evidence) -> None:
        if seen.input:
            self.unasked.discard(seen.input)
            self.failing[seen.input] = seen.why
        if seen.reading is not None:
            self.newest[seen.input] = seen.reading

    def _judged(self, now: datetime) -> Verdict:
        try:
            verdict, self.memory = judge(self.safety, self._sources(), self.memory, now)
        except Exception as fault:  # ours: what cannot be judged is not safe
            self.memory = replace(self.memory, last_unsafe=now)
            return Verdict(False, f"the weather cannot be judged: {told(fault)}")
        return verdict

    def is_bad(self, now: datetime) -> bool:
        """Return whether the weather itself is unsafe, whatever dwell is owed and whatever else is."""
        try:
            return not judge(self.safety, self._sources(), replace(self.memory, last_unsafe=None), now)[0].safe
        except Exception:  # ours: what cannot be judged is not safe
            return True

    def turns(self, now: datetime) -> list[datetime]:
        """Return the moments to come at which the word of an input expires, or a hold ends."""
        expiries = [
            self.newest[each.name].taken_at + timedelta(seconds=each.max_age_s) + JUST_AFTER
            for each in self.inputs.values()
            if each.name in self.newest
        ]
        holds = [
            self.memory.broken_since[quantity] + timedelta(seconds=hold_s)
            for quantity, limit in named(self.safety.limits)
            if quantity in self.memory.broken_since and (hold_s := getattr(limit, "hold_for", None))
        ]
        return [turn for turn in (*expiries, *holds) if turn > now]

    def _sources(self) -> tuple[InputState, ...]:
        return tuple(
            InputState(*each, self.newest.get(each.name), self.failing.get(each.name, ""))
            for each in self.inputs.values()
        )
