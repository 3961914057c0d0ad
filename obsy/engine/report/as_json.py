"""The story for a machine: a steady shape, times in UTC ISO 8601, seconds and degrees in the names."""

from typing import Any

from obsy.engine.journal import stamp
from obsy.engine.report.span import Span
from obsy.engine.report.story import FrameStory, GoalStory, PlanStory, Story


def as_json(story: Story) -> dict[str, Any]:
    """The shape that `obsy report --json` prints; docs/journal.md explains it."""
    return {
        "night": story.night,
        "site": story.site,
        "state": story.state,
        "finished": story.finished,
        "headline": story.headline,
        "dusk": stamp(story.dusk) if story.dusk else None,
        "dawn": stamp(story.dawn) if story.dawn else None,
        "notices": [
            {"time": stamp(n.first), "event": n.event, "grave": n.grave, "words": n.words, "count": n.count}
            for n in story.notices
        ],
        "plans": [_plan(plan) for plan in story.plans],
        "frames": [_shot(shot) for shot in story.shots],
        "roof": [_span(span) for span in story.roof],
        "unsafe": [{**_span(span), "reason": span.words} for span in story.unsafe],
        "states": [{**_span(span), "state": span.words} for span in story.states],
        "weather": [{"time": stamp(note.at), **note.values} for note in story.weather],
        "masters": [
            {
                "time": stamp(m.at),
                "kind": m.kind,
                "filter": m.filter,
                "exposure_s": m.exposure_s,
                "frames": m.frames,
                "sha256": m.sha256,
            }
            for m in story.masters
        ],
        "made": dict(story.colophon),
    }


def _span(span: Span) -> dict[str, Any]:
    return {"start": stamp(span.start), "end": stamp(span.end)}


def _plan(plan: PlanStory) -> dict[str, Any]:
    return {
        "plan": plan.plan,
        "target": plan.target,
        "goals": [_goal(goal) for goal in plan.goals],
        "rejections": [{"code": r.code, "count": r.count, "words": r.words} for r in plan.rejections],
        "taken": [_span(span) for span in plan.taken],
        "stacks": [
            {
                "object": s.object,
                "filter": s.filter,
                "frames": s.frames,
                "exposure_s": s.exposure_s,
                "preview": str(s.preview),
                "sha256": s.sha256,
            }
            for s in plan.stacks
        ],
    }


def _goal(goal: GoalStory) -> dict[str, Any]:
    return {
        "goal": goal.goal,
        "filter": goal.filter,
        "exposure_s": goal.exposure_s,
        "wanted_s": goal.wanted_s,
        "before_s": goal.before_s,
        "tonight_s": goal.tonight_s,
        "missing_s": goal.missing_s,
        "accepted": goal.accepted,
        "rejected": goal.rejected,
        "waiting": goal.waiting,
        "reason": goal.unplaced or None,
    }


def _shot(shot: FrameStory) -> dict[str, Any]:
    return {
        "frame": shot.frame,
        "kind": shot.kind,
        "filter": shot.filter,
        "exposure_s": shot.exposure_s,
        "plan": shot.plan,
        "goal": shot.goal,
        "began": stamp(shot.began),
        "verdict": shot.verdict,
        "reason": shot.reason,
        "measures": dict(shot.measures or {}),
    }
