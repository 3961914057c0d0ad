"""A night's frames, as its journal tells of them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from obsy.engine.journal import Entry, moment
from obsy.engine.report.story import FrameStory


def shots(entries: Iterable[Entry]) -> tuple[FrameStory, ...]:
    """Every delivered frame with its verdict, in the order of their exposures; told twice, it counts once."""
    found: dict[str, FrameStory] = {}
    for entry in entries:
        match entry["event"]:
            case "frame-taken" | "frame-recovered":
                found.setdefault(entry["frame"], _shot(entry))
            case "frame-accepted" | "frame-rejected":
                shot = found.get(entry["frame"]) or _shot(entry)
                found[entry["frame"]] = replace(
                    shot,
                    verdict=entry["event"].removeprefix("frame-"),
                    reason=entry.get("reason") or "",
                    measures=entry.get("measures") or {},
                )
    return tuple(sorted(found.values(), key=lambda shot: shot.began))


def _shot(entry: Entry) -> FrameStory:
    """A frame whose beginning nobody told began its exposure before it was told of."""
    began = datetime.fromisoformat(entry["began"]) if "began" in entry else moment(entry["time"])
    return FrameStory(
        entry["frame"], entry["kind"], entry["filter"], entry["exposure_s"], entry.get("plan"), entry.get("goal"), began
    )
