"""What has been heard of the weather, and the verdict on it: the same code for a night and for its replay."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from obsy.engine.devices.ports import Reading
from obsy.engine.safety.asking import told
from obsy.engine.safety.overriding import in_force
from obsy.engine.safety.verdict import InputState, JudgedInput, Verdict, VerdictMemory, judge, named
from obsy.schemas.override import Override
from obsy.schemas.policy import Safety

JUST_AFTER = timedelta(milliseconds=1)
UNREAD = Verdict(False, "nothing has been read yet")
GONE = Verdict(False, "the guard of the roof does not answer")
"""What a night says by itself: no keeper has judged it."""


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
    overrides: tuple[str, ...] | None = None
    """The names of the overrides that are in force from now on."""


class Judging:
    """Judges one roof's weather; what it says follows from what it is told, and from nothing else."""

    def __init__(
        self, safety: Safety, inputs: Iterable[JudgedInput], begin: datetime, overrides: Iterable[Override] = ()
    ) -> None:
        """Nothing has been read, so nothing is safe. overrides: those that are honoured; none is in force yet."""
        self.safety, self.inputs = safety, {each.name: each for each in inputs}
        self.overrides, self.overriding = {each.name: each for each in overrides}, tuple[str, ...]()
        self._rules = in_force(safety, self.inputs, ())
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
            if seen.overrides is not None:
                self.enforce(seen.overrides)
            if not self.unasked:
                self.current = self._judged(seen.at)

    def enforce(self, names: tuple[str, ...]) -> None:
        """Let these overrides, and no others, be in force; what does not count is not remembered as broken."""
        self.overriding = names
        self._rules = in_force(self.safety, self.inputs, (self.overrides[name] for name in names))
        counts = dict(named(self._rules.safety.limits))
        broken, within = (
            {name: at for name, at in each.items() if name in counts}
            for each in (self.memory.broken_since, self.memory.within_since)
        )
        self.memory = VerdictMemory(broken, self.memory.last_unsafe, within)

    def _hear(self, seen: Evidence) -> None:
        if seen.input:
            self.unasked.discard(seen.input)
            self.failing[seen.input] = seen.why
        if seen.reading is not None:
            self.newest[seen.input] = seen.reading

    def _judged(self, now: datetime) -> Verdict:
        try:
            verdict, self.memory = judge(self._rules.safety, self._sources(), self.memory, now)
        except Exception as fault:  # ours: what cannot be judged is not safe
            self.memory = replace(self.memory, last_unsafe=now)
            return Verdict(False, f"the weather cannot be judged: {told(fault)}")
        return replace(verdict, reason=verdict.reason + self._rules.reserve) if verdict.safe else verdict

    def is_bad(self, now: datetime) -> bool:
        """Return whether the weather itself is unsafe, whatever dwell is owed and whatever else is."""
        try:
            alone = replace(self.memory, last_unsafe=None)
            return not judge(self._rules.safety, self._sources(), alone, now)[0].safe
        except Exception:  # ours: what cannot be judged is not safe
            return True

    def turns(self, now: datetime) -> list[datetime]:
        """Return the moments to come at which the word of an input expires, or a hold ends."""
        expiries = [
            self.newest[each.name].taken_at + timedelta(seconds=each.max_age_s) + JUST_AFTER
            for each in self._rules.inputs
            if each.name in self.newest
        ]
        holds = [
            self.memory.broken_since[quantity] + timedelta(seconds=hold_s)
            for quantity, limit in named(self._rules.safety.limits)
            if quantity in self.memory.broken_since and (hold_s := getattr(limit, "hold_for", None))
        ]
        return [turn for turn in (*expiries, *holds) if turn > now]

    def _sources(self) -> tuple[InputState, ...]:
        return tuple(
            InputState(*each, self.newest.get(each.name), self.failing.get(each.name, ""))
            for each in self._rules.inputs
        )
