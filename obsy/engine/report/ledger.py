"""What each plan got of a night, and why it got no more."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from obsy.engine.journal import moment
from obsy.engine.report.inputs import GoalInput, ReportInputs
from obsy.engine.report.rejections import rejections
from obsy.engine.report.span import Span, joined
from obsy.engine.report.story import FrameStory, GoalStory, PlanStory
from obsy.engine.report.words import clock

NEAR = timedelta(minutes=8)
"""Exposures no farther apart than this are drawn as one piece: a filter change and a focus run lie between them."""

Line = tuple[str, str]
"""Plan and goal."""


def plans(
    shots: Sequence[FrameStory], shelf: ReportInputs, intent: Mapping[str, Any], unsafe: Sequence[Span]
) -> tuple[PlanStory, ...]:
    """Every plan: those with frames in the order in which they were begun, then the others as they are declared."""
    lights = [shot for shot in shots if shot.plan]
    reasons = {(each["plan"], each["goal"]): each["reason"] for each in intent.get("unplaced", ())}
    reasons |= _missed(intent, unsafe, shelf.timezone)
    goals = [_goal(line, lights, reasons) for line in _lines(lights, shelf)]
    names = list(dict.fromkeys([*(str(shot.plan) for shot in lights), *(plan for plan, _ in goals)]))
    return tuple(_plan(name, [goal for plan, goal in goals if plan == name], lights, shelf) for name in names)


def _plan(name: str, goals: Sequence[GoalStory], lights: Iterable[FrameStory], shelf: ReportInputs) -> PlanStory:
    own = [shot for shot in lights if shot.plan == name]
    spans = (Span(shot.began, shot.began + timedelta(seconds=shot.exposure_s)) for shot in own)
    return PlanStory(
        plan=name,
        target=shelf.targets.get(name, name),
        goals=tuple(goals),
        rejections=rejections(own),
        taken=joined(spans, NEAR),
        stacks=tuple(stack for stack in shelf.stacks if stack.plan == name),
    )


def _lines(lights: Iterable[FrameStory], shelf: ReportInputs) -> Iterator[GoalInput]:
    """The declared lines, then those that have frames though they are no longer declared."""
    known = {(line.plan, line.goal) for line in shelf.goals}
    yield from shelf.goals
    for shot in lights:
        line = (str(shot.plan), str(shot.goal))
        if line not in known:
            known.add(line)
            yield GoalInput(*line, shot.filter or "", shot.exposure_s, None, "no longer declared")


def _goal(line: GoalInput, lights: Iterable[FrameStory], reasons: Mapping[Line, str]) -> tuple[str, GoalStory]:
    """The plan's name, and its goal tonight."""
    own = [shot for shot in lights if (shot.plan, shot.goal) == (line.plan, line.goal)]
    accepted = [shot for shot in own if shot.verdict == "accepted"]
    return line.plan, GoalStory(
        goal=line.goal,
        filter=line.filter,
        exposure_s=line.exposure_s,
        asked=line.asked,
        wanted_s=line.wanted_s,
        before_s=line.before_s,
        before=line.before,
        tonight_s=sum(shot.exposure_s for shot in accepted),
        accepted=len(accepted),
        rejected=sum(shot.verdict == "rejected" for shot in own),
        waiting=sum(shot.verdict == "waiting" for shot in own),
        unplaced="" if own else reasons.get((line.plan, line.goal), ""),
    )


def _missed(intent: Mapping[str, Any], unsafe: Sequence[Span], timezone: str) -> dict[Line, str]:
    """Why something that was intended may not have been taken: by line, in words."""
    out: dict[Line, str] = {}
    for block in intent.get("blocks", ()):
        when = Span(moment(block["start"]), moment(block["end"]))
        words = f"intended for {clock(when.start, timezone)} to {clock(when.end, timezone)}"
        out.setdefault((block["plan"], block["goal"]), f"{words}, but {_why(when, unsafe)}")
    return out


def _why(when: Span, unsafe: Sequence[Span]) -> str:
    spans = [span for span in unsafe if span.meets(when.start, when.end)]
    if not spans:
        return "the night went another way"
    return f"it was not safe: {max(spans, key=lambda span: span.seconds).words}"
