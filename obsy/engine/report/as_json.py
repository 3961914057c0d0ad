"""The story for a machine: a steady shape, times in UTC ISO 8601, seconds and degrees in the names."""

from datetime import datetime
from pathlib import Path
from typing import Any

from obsy.engine.journal import stamp
from obsy.engine.night_record import Span, WeatherNote
from obsy.engine.report.plans import GoalStory, PlanStory
from obsy.engine.report.spent import MountStory
from obsy.engine.report.story import Story
from obsy.engine.report.transits import TransitStory

_STORY = ("night", "site", "state", "finished", "headline", "dusk", "dawn")
_CAPTURE = ("train", "kind", "filter", "exposure_s", "plan", "goal", "began", "verdict", "reason")
_GOAL = ("goal", "filter", "exposure_s", "wanted_s", "before_s", "tonight_s", "missing_s", "accepted", "rejected")
_STACK = ("train", "filter", "frames", "exposure_s", "preview", "sha256")


def as_json(story: Story) -> dict[str, Any]:
    """Return the shape that `obsy report --json` prints; docs/journal.md explains it."""
    record, several = story.record, len(story.record.enclosures) > 1
    return {
        **_picked(story, *_STORY),
        "notices": [
            {
                "time": stamp(n.first),
                **_picked(n, "event"),
                "grave": n.grave,
                **_picked(n, "words", "count"),
            }
            for n in story.notices
        ],
        "plans": [_plan(plan) for plan in story.plans],
        "frames": [
            {"frame": capture.path.as_posix(), **_picked(capture, *_CAPTURE), "measures": dict(capture.measures)}
            for capture in record.captures
        ],
        "hindsight": record.hindsight or None,
        "magnitudes": [each.as_json() for each in story.magnitudes],
        "transits": [each.as_json() for each in story.fitted],
        "shares": [each.as_json() for each in story.shares],
        "mounts": [_mount(each) for each in story.spent],
        "next": {"night": story.ahead.night, "blocks": [dict(block) for block in story.ahead.blocks]},
        "roof": [_span(span) for span in story.roof],
        "unsafe": [_span(span, "reason") for span in story.unsafe],
        "states": [_span(span, "state") for span in record.spans("states")],
        "weather": [_weather(note, several) for note in record.weather],
        "masters": [
            {"time": stamp(each.at), **_picked(each, "train", "kind", "filter", "exposure_s", "frames", "sha256")}
            for each in record.masters
        ],
        "made": dict(story.colophon),
    }


def _mount(told: MountStory) -> dict[str, Any]:
    expected_s, actual_s = told.overheads_s
    seconds = {"dark_s": told.dark_s, "exposed_s": told.exposed_s, "idle_s": told.idle_s}
    seconds |= {"overheads_s": actual_s, "expected_overheads_s": expected_s}
    return {
        **_picked(told, "mount"),
        "trains": [*told.trains],
        **{name: round(value, 1) for name, value in seconds.items()},
        "flips": told.flips,
        "focus": {"found": told.focus[0], "failed": told.focus[1]},
        "replanned": [
            {"time": stamp(each.at), **_picked(each, "cause", "planned", "instead"), "reason": each.words}
            for each in told.changes
        ],
        "learned": {train: [each.as_json() for each in known.estimates] for train, known in told.learned},
        "idle": [{"reason": each.words, "seconds": round(each.seconds, 1)} for each in told.idle],
    }


def _goal(goal: GoalStory) -> dict[str, Any]:
    told = {**_picked(goal, *_GOAL, "waiting", "count"), "trains": [*goal.trains], "reason": goal.unplaced or None}
    told |= _snr(goal)
    return told if goal.transit is None else {**told, "transit": _transit(goal.transit)}


def _transit(told: TransitStory) -> dict[str, Any]:
    spans = {"window": told.window, "next": told.following}
    times = {name: each and {"start": stamp(each.start), "end": stamp(each.end)} for name, each in spans.items()}
    return {**times, "covered": told.covered, "parts": {name: round(share, 3) for name, share in told.parts.items()}}


def _snr(goal: GoalStory) -> dict[str, Any]:
    """Return what a goal in S/N has reached; nothing of others."""
    if goal.until is None:
        return {}
    return {"snr": {"reached": goal.proven.to_noise, "asked": goal.until.snr, "frames": goal.proven.frames}}


def _plan(plan: PlanStory) -> dict[str, Any]:
    return {
        **_picked(plan, "plan", "target"),
        "trains": [*plan.trains],
        "goals": [_goal(goal) for goal in plan.goals],
        "rejections": [_picked(group, "code", "count", "words") for group in plan.rejections],
        "unstacked": [_picked(group, "code", "count", "words") for group in plan.unstacked],
        "saturated": [_picked(each, "filter", "train", "saturated", "frames") for each in plan.saturated],
        "taken": [_span(span) for span in plan.taken],
        "stacks": [{"object": stack.picture, **_picked(stack, *_STACK)} for stack in plan.stacks],
    }


def _weather(note: WeatherNote, several: bool) -> dict[str, Any]:
    where = {"enclosure": note.enclosure} if several else {}
    return {"time": stamp(note.at), **where, **note.values}


def _span(span: Span, words: str = "") -> dict[str, Any]:
    """Return when it was, with its words under that name, and under which enclosure where there are several."""
    told = {words: span.words} if words else {}
    return {**_picked(span, "start", "end"), **told, **({"enclosure": span.enclosure} if span.enclosure else {})}


def _picked(value: object, *names: str) -> dict[str, Any]:
    return {name: _plain(getattr(value, name)) for name in names}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return stamp(value)
    return str(value) if isinstance(value, Path) else value
