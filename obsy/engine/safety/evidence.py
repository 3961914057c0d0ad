"""What a verdict rested on: small enough for the journal, and whole enough to judge again to the last bit."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from obsy.engine.events import Log
from obsy.engine.events.roof import EvidenceNoted
from obsy.engine.journal import stamp
from obsy.engine.safety.judging import UNREAD, Evidence, Judging
from obsy.engine.safety.packing import Line, brief, digest, packed, remembered, said, values

NOTED_EVERY_S = 900.0
MOST = 200
"""So many lines are noted at once, or the note would be too long for the guard's wire."""


@dataclass(slots=True)
class Run:
    """Readings of one input, each like the one before, that decided nothing."""

    before: Evidence
    """What was noted whole, the word that they repeat."""
    last: Evidence
    number: int
    count: int


class EvidenceLog:
    """Lets a verdict be judged, and notes what it rested on.

    A reading that repeats the one before and decides nothing is only counted: the verdict is the same without it.
    """

    def __init__(self, judging: Judging, begin: datetime, note: Log) -> None:
        """Nothing has been seen. note: must wait for nothing."""
        self._judging, self._note = judging, note
        self._since, self._part, self._number = begin, 0, 0
        self._lines: list[tuple[int, Line]] = []
        self._runs: dict[str, Run] = {}
        self._heard: dict[str, Evidence] = {}
        self._settled = set[str]()
        """Who has spoken since something was decided."""
        self._stood = self._stands(begin)

    def take(self, seen: Evidence) -> bool:
        """Judge what was seen; return whether the verdict has turned, which is noted at once."""
        if not self._part:
            self.restate(seen.at)
        repeats, was, memory = self._repeats(seen), self._judging.current, self._judging.memory
        self._judging.take(seen)
        now, stood = self._judging.current, self._stood
        self._stood = self._stands(seen.at)
        if stood != self._stood:
            self._settled.clear()
        if repeats and seen.input in self._settled and self._may_be_spread(seen):
            self._count(seen)
        elif seen.input or seen.overrides is not None or (was, memory) != (now, self._judging.memory):
            self._add(seen, repeats)
        turned = now is not was and (now.safe != was.safe or was == UNREAD)
        if turned or len(self._lines) >= MOST or (seen.at - self._since).total_seconds() >= NOTED_EVERY_S:
            self._write(seen.at, verdict=said(now) if turned else None)
        return turned

    def restate(self, now: datetime) -> None:
        """Note all that the next verdict will rest on, for whoever begins to listen."""
        if self._lines or self._runs:
            self._write(now)
        self._since, judging = now, self._judging
        heard = [Evidence(now, name, reading) for name, reading in judging.newest.items()]
        heard += [Evidence(now, name, None, why) for name, why in judging.failing.items() if why]
        standing: dict[str, Any] = {"memory": remembered(judging.memory), "heard": [self._line(each) for each in heard]}
        rules: dict[str, Any] = {"safety": judging.safety.said()}
        rules["inputs"] = [[*each] for each in judging.inputs.values()]
        if judging.overrides:
            left = (each for each in judging.overrides.values() if now < each.until or each.name in judging.overriding)
            rules["overrides"] = [each.said() for each in left]
            standing["overriding"] = [*judging.overriding]
        self._write(now, rules=rules, standing=standing, verdict=said(judging.current))

    def _repeats(self, seen: Evidence) -> bool:
        """Return whether an input says what it said before, whose word did not expire in between."""
        before, each = self._heard.get(seen.input), self._judging.inputs.get(seen.input)
        if before is None or each is None or (seen.at - before.at).total_seconds() >= each.max_age_s:
            return False
        if before.reading is None or seen.reading is None:
            return before.reading is seen.reading and before.why == seen.why
        return values(before.reading, each) == values(seen.reading, each)

    def _may_be_spread(self, seen: Evidence) -> bool:
        """Return whether the word before a run does not expire where its readings are spread evenly over its time.

        A replay spreads them so: an old word could be gone there before the next comes, which came in time.
        """
        run = self._run(seen)
        if run.before.reading is None:
            return True
        begun = max(run.before.at, self._since)
        first = begun + (seen.at - begun) / (run.count + 1)
        return (first - run.before.reading.taken_at).total_seconds() < self._judging.inputs[seen.input].max_age_s

    def _run(self, seen: Evidence) -> Run:
        return self._runs.get(seen.input) or Run(self._heard[seen.input], seen, 0, 0)

    def _stands(self, at: datetime) -> object:
        """Return what may not change unnoticed; how long something was wrong is known from what was seen last."""
        memory, verdict = self._judging.memory, self._judging.current
        kept = memory.broken_since, memory.within_since, verdict.safe, verdict.input
        return kept if memory.last_unsafe == at else (*kept, verdict, memory.last_unsafe)

    def _count(self, seen: Evidence) -> None:
        self._number += 1
        run = self._runs[seen.input] = self._run(seen)
        run.last, run.number, run.count = seen, self._number, run.count + 1
        self._heard[seen.input] = seen

    def _add(self, seen: Evidence, repeats: bool) -> None:
        self._end_run(seen.input)
        self._number += 1
        self._lines.append((self._number, self._line(seen, 1 if repeats else 0)))
        if seen.input:
            self._heard[seen.input] = seen
            self._settled.add(seen.input)

    def _end_run(self, name: str) -> None:
        if (run := self._runs.pop(name, None)) is not None:
            self._lines.append((run.number, self._line(run.last, run.count)))

    def _line(self, seen: Evidence, repeated: int = 0) -> Line:
        """Return it as the journal has it. repeated: so many times it said the same, this time included."""
        line: Line = [brief(seen.at - self._since)]
        if seen.overrides is not None:
            return [*line, [*seen.overrides]]
        if not seen.input:
            return [*line, *([seen.why] if seen.why else [None] if seen.trusts else [])]
        each = self._judging.inputs[seen.input]
        line.append(list(self._judging.inputs).index(seen.input))
        if seen.reading is None:
            return [*line, seen.why, *([repeated] if repeated else [])]
        line.append(brief(seen.at - seen.reading.taken_at))
        return [*line, [repeated]] if repeated else [*line, *values(seen.reading, each)]

    def _write(self, now: datetime, **facts: Any) -> None:
        for name in list(self._runs):
            self._end_run(name)
        lines = [line for _, line in sorted(self._lines, key=lambda each: each[0])]
        known = digest(self._judging.memory)
        self._note(EvidenceNoted(part=self._part, since=stamp(self._since), seen=packed(lines), memory=known, **facts))
        self._lines, self._since, self._part = [], now, self._part + 1
