"""What an interrupted night's journal still owes: where time stood, and which frames wait for a verdict."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from obsy.engine.journal import Entry, moment


@dataclass(frozen=True, slots=True)
class Owed:
    """A delivered file whose verdict was not journaled."""

    frame: str
    kind: str
    filter: str | None
    exposure_s: float
    plan: str | None
    goal: str | None
    began: datetime


@dataclass(frozen=True, slots=True)
class Past:
    """What a journal says of its night so far."""

    begun: bool
    finished: bool
    last: datetime | None
    owed: tuple[Owed, ...]
    known: frozenset[str]
    """Every frame the journal names."""
    calibration: tuple[tuple[str, str | None, float], ...]
    """Accepted calibration frames by kind, filter and exposure, one entry a frame."""


def past(entries: Iterable[Entry]) -> Past:
    """The state of a night from its journal alone."""
    owed: dict[str, Owed] = {}
    known, calibration, last, finished, begun = set(), [], None, False, False
    for entry in entries:
        last, begun = moment(entry["time"]), True
        match entry["event"]:
            case "frame-taken" | "frame-recovered":
                known.add(entry["frame"])
                owed[entry["frame"]] = _owed(entry)
            case "frame-accepted" | "frame-rejected":
                owed.pop(entry["frame"], None)
                if entry["event"] == "frame-accepted" and entry["kind"] != "light":
                    calibration.append((entry["kind"], entry["filter"], entry["exposure_s"]))
            case "night-finished":
                finished = True
    return Past(begun, finished, last, tuple(owed.values()), frozenset(known), tuple(calibration))


def _owed(entry: Entry) -> Owed:
    return Owed(
        frame=entry["frame"], kind=entry["kind"], filter=entry["filter"], exposure_s=entry["exposure_s"],
        plan=entry["plan"], goal=entry["goal"], began=datetime.fromisoformat(entry["began"]),
    )
