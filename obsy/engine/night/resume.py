"""What an interrupted night's journal still owes: where time stood, and which frames wait for a verdict."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from obsy.engine.journal import Entry, moment
from obsy.engine.night.shot import Shot


@dataclass(frozen=True, slots=True)
class Past:
    """What a journal says of its night so far."""

    begun: bool
    finished: bool
    last: datetime | None
    state: str
    """Where it stood last; empty if it never said."""
    safe: bool
    """Whether the last verdict was safe."""
    shots: tuple[Shot, ...]
    """Every file that was delivered."""
    owed: tuple[Shot, ...]
    """Those whose verdict was not written."""
    accepted: tuple[Shot, ...]


def past(entries: Iterable[Entry], incoming: Path) -> Past:
    """The state of a night from its journal alone."""
    shots: dict[str, Shot] = {}
    accepted, judged, last, finished = [], set(), None, False
    state, safe = "", False
    for entry in entries:
        last = moment(entry["time"])
        match entry["event"]:
            case "frame-taken" | "frame-recovered":
                shots[entry["frame"]] = Shot.of(entry, incoming)
            case "frame-accepted" | "frame-rejected":
                judged.add(entry["frame"])
                if entry["event"] == "frame-accepted":
                    accepted.append(Shot.of(entry, incoming))
            case "state":
                state = entry["to"]
            case "verdict":
                safe = entry["safe"]
            case "night-finished":
                finished = True
    owed = tuple(shot for name, shot in shots.items() if name not in judged)
    return Past(last is not None, finished, last, state, safe, tuple(shots.values()), owed, tuple(accepted))
