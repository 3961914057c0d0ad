"""What a verdict rested on, in the spelling of the journal."""

import base64
import hashlib
import json
import zlib
from dataclasses import asdict
from datetime import timedelta
from math import isfinite
from typing import Any, TypeAlias

from obsy.engine.devices.ports import Reading
from obsy.engine.safety.verdict import JudgedInput, Verdict, VerdictMemory

Line: TypeAlias = list[Any]
"""Seconds since the note's beginning, then what was seen; `docs/journal.md` says how."""


def values(reading: Reading, each: JudgedInput) -> list[float | str | None]:
    """Return what an input said of all that it measures, as JSON can have it."""
    found = (reading.values.get(name) for name in each.measures)
    return [str(value) if value is not None and not isfinite(value) else value for value in found]


def packed(lines: list[Line]) -> str:
    """Return lines as the journal has them: JSON, zlib, base 85; less than half as long."""
    text = json.dumps(lines, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return base64.b85encode(zlib.compress(text.encode(), 9)).decode() if lines else ""


def brief(span: timedelta) -> float:
    """Return a time span in seconds, to the millisecond."""
    seconds = round(span.total_seconds(), 3)
    return int(seconds) if seconds == int(seconds) else seconds


def said(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as the journal has it."""
    return {name: fact for name, fact in asdict(verdict).items() if fact is not None}


def remembered(memory: VerdictMemory) -> dict[str, Any]:
    """Return a memory as the journal has it."""
    last = memory.last_unsafe.isoformat() if memory.last_unsafe is not None else None
    since = ({name: at.isoformat() for name, at in each.items()} for each in (memory.broken_since, memory.within_since))
    return dict(zip(("broken", "within", "last_unsafe"), (*since, last), strict=True))


def digest(memory: VerdictMemory) -> str:
    """Return the same word for the same memory: since when what is broken, within or not safe."""
    return hashlib.sha256(json.dumps(remembered(memory), sort_keys=True).encode()).hexdigest()[:8]
