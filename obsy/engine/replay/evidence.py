"""What a journal says that verdicts rested on, read back; `safety/evidence.py` writes it."""

import base64
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from obsy.engine.devices.ports import Reading
from obsy.engine.journal import Entry, moment
from obsy.engine.safety.judging import Evidence, Judging
from obsy.engine.safety.verdict import JudgedInput, Verdict, VerdictMemory
from obsy.schemas.override import Override
from obsy.schemas.policy import Safety

LARGEST = 1 << 20
"""Bytes of a note; none of ours has so many."""
SPOILT = (LookupError, TypeError, ValueError, AttributeError, OverflowError, zlib.error)
"""What reading a note raises that obsy has not written so."""


@dataclass(frozen=True, slots=True)
class Again:
    """A judging as a note states it, and what each input said last."""

    judging: Judging
    heard: dict[str, Evidence]


def stated(note: Entry) -> Again:
    """Return how all stood when a note stated it whole. Raise one of SPOILT if it is not as obsy writes it."""
    since, rules, standing = moment(note["since"]), note["rules"], note["standing"]
    inputs = [JudgedInput(str(name), tuple(measures), float(age_s)) for name, measures, age_s in rules["inputs"]]
    overrides = [Override.model_validate(each) for each in rules.get("overrides") or ()]
    judging, heard = Judging(Safety.model_validate(rules["safety"]), inputs, since, overrides), dict[str, Evidence]()
    for line in standing["heard"]:
        seen, _ = _understood(line, since, judging)
        judging.unasked.discard(seen.input)
        judging.failing[seen.input] = seen.why
        heard[seen.input] = seen
        if seen.reading is not None:
            judging.newest[seen.input] = seen.reading
    judging.enforce(tuple(standing.get("overriding") or ()))
    judging.memory = _memory(standing["memory"])
    judging.current = Verdict(**note["verdict"])
    return Again(judging, heard)


def seen_again(note: Entry, again: Again) -> Iterator[Evidence]:
    """Yield what a note says was seen, in its order; what it only counts is spread evenly.

    It is spread from the word before on, and not before the note: what others said had been judged by then.
    """
    since, latest, found = (
        moment(note["since"]),
        datetime.min.replace(tzinfo=UTC),
        list[tuple[datetime, int, Evidence]](),
    )
    for number, line in enumerate(unpacked(note["seen"]), 1):
        seen, count = _understood(line, since, again.judging)
        if count:
            before = again.heard[seen.input]
            values = before.reading.values if before.reading is not None else {}
            seen = replace(seen, reading=seen.reading and replace(seen.reading, values=values))
            found += [(each.at, 0, each) for each in _between(max(before.at, since), seen, count)]
        if seen.input:
            again.heard[seen.input] = seen
        latest = max(latest, seen.at)
        found.append((latest, number, seen))
    for _, _, seen in sorted(found, key=lambda each: each[:2]):
        yield seen


def unpacked(text: str) -> list[list[Any]]:
    """Return the lines that a note has packed. Raise one of SPOILT if it has not."""
    lines: list[list[Any]] = (
        json.loads(zlib.decompressobj().decompress(base64.b85decode(text), LARGEST)) if text else []
    )
    return lines


def _between(begun: datetime, last: Evidence, count: int) -> Iterator[Evidence]:
    """Yield all but the last of so many that said the same; each as young as it can be."""
    for each in range(1, count):
        at = begun + (last.at - begun) * (each / count)
        yield replace(last, at=at, reading=last.reading and replace(last.reading, taken_at=at))


def _understood(line: list[Any], since: datetime, judging: Judging) -> tuple[Evidence, int]:
    """Return what a line says was seen; and where it only says that it was the same, how often."""
    at = since + timedelta(seconds=line[0])
    if len(line) > 1 and isinstance(line[1], list):
        return Evidence(at, overrides=tuple(line[1])), 0
    if len(line) == 1 or not isinstance(line[1], int):
        return Evidence(at, why=line[1] or "", trusts=line[1] is None) if line[1:] else Evidence(at), 0
    each, said = list(judging.inputs.values())[line[1]], line[2:]
    if isinstance(said[0], str):
        return Evidence(at, each.name, None, said[0]), int(said[1]) if said[1:] else 0
    taken_at = at - timedelta(seconds=said[0])
    if isinstance(said[1], list):
        return Evidence(at, each.name, Reading({}, taken_at)), int(said[1][0])
    values = {name: float(value) for name, value in zip(each.measures, said[1:], strict=True) if value is not None}
    return Evidence(at, each.name, Reading(values, taken_at)), 0


def _memory(told: Mapping[str, Any]) -> VerdictMemory:
    broken, within = (
        {str(name): datetime.fromisoformat(at) for name, at in told[word].items()} for word in ("broken", "within")
    )
    last = told["last_unsafe"]
    return VerdictMemory(broken, datetime.fromisoformat(last) if last is not None else None, within)
