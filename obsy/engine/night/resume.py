"""What an interrupted night's journal still owes: where time stood, and which frames wait for a verdict."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

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


def night_so_far(entries: Iterable[Entry], incoming: Path) -> NightSoFar:
    """The state of a night from its journal alone."""
    captures: dict[str, Capture] = {}
    accepted, judged, last, finished = [], set(), None, False
    state, safe = "", False
    for entry in entries:
        last = moment(entry["time"])
        match entry["event"]:
            case "frame-taken" | "frame-recovered":
                captures[entry["frame"]] = Capture.of(entry, incoming)
            case "frame-accepted" | "frame-rejected":
                judged.add(entry["frame"])
                if entry["event"] == "frame-accepted":
                    accepted.append(Capture.of(entry, incoming))
            case "state":
                state = entry["to"]
            case "verdict":
                safe = entry["safe"]
            case "night-finished" | "night-resumed":  # one that was finished goes on when new work is declared
                finished = entry["event"] == "night-finished"
    owed = tuple(capture for name, capture in captures.items() if name not in judged)
    return NightSoFar(last is not None, finished, last, state, safe, tuple(captures.values()), owed, tuple(accepted))
