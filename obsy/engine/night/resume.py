"""What an interrupted night's journal still owes: where time stood, and which frames wait for a verdict."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from obsy.engine.journal import Entry, moment
from obsy.engine.night.capture import Capture


@dataclass(frozen=True, slots=True)
class NightSoFar:
    """What a journal says of its night so far."""

    begun: bool
    finished: bool
    last: datetime | None
    state: str
    """Where it stood last; empty if it never said."""
    safe: bool
    """Whether the last verdict was safe."""
    captures: tuple[Capture, ...]
    """Every file that was delivered."""
    owed: tuple[Capture, ...]
    """Those whose verdict was not written."""
    accepted: tuple[Capture, ...]
    failed: dict[str, tuple[datetime, ...]] = field(default_factory=dict)
    """By plan, when its blocks failed one after the other."""


def night_so_far(entries: Iterable[Entry], incoming: Path) -> NightSoFar:
    """Return the state of a night from its journal alone."""
    told = list(entries)
    captures = {e["frame"]: Capture.of(e, incoming) for e in told if e["event"] in ("frame-taken", "frame-recovered")}
    judged = {e["frame"] for e in told if e["event"] in ("frame-accepted", "frame-rejected")}
    return NightSoFar(
        begun=bool(told),
        # One that was finished goes on when new work is declared.
        finished=_last(told, ("night-finished", "night-resumed"), "event", "") == "night-finished",
        last=moment(told[-1]["time"]) if told else None,
        state=_last(told, ("state",), "to", ""),
        safe=_last(told, ("verdict",), "safe", False),
        captures=tuple(captures.values()),
        owed=tuple(capture for name, capture in captures.items() if name not in judged),
        accepted=tuple(Capture.of(e, incoming) for e in told if e["event"] == "frame-accepted"),
        failed=_failed(told),
    )


def _last(entries: list[Entry], events: tuple[str, ...], fact: str, otherwise: Any) -> Any:
    """Return a fact of the last of these events, or something else if there is none."""
    return next((entry[fact] for entry in reversed(entries) if entry["event"] in events), otherwise)


def _failed(entries: list[Entry]) -> dict[str, tuple[datetime, ...]]:
    failed: dict[str, tuple[datetime, ...]] = {}
    for entry in entries:
        if entry["event"] == "block-failed":
            failed[entry["plan"]] = (*failed.get(entry["plan"], ()), moment(entry["time"]))
        elif entry["event"] == "block-done" and entry["frames"]:
            failed.pop(entry["plan"], None)
    return failed
