"""What the night gave, in a sentence."""

from collections.abc import Sequence

from obsy.engine.report.span import Span
from obsy.engine.report.story import FrameStory, PlanStory
from obsy.engine.report.words import hours, listed, several


def headline(
    plans: Sequence[PlanStory], shots: Sequence[FrameStory], roof: Sequence[Span], unsafe: Sequence[Span]
) -> str:
    """'9.6 h of open roof, 142 lights, 131 of them accepted: 6.5 h on m31, veil and ngc7331.'"""
    lights = [shot for shot in shots if shot.kind == "light"]
    calibration = len(shots) - len(lights)
    open_s = sum(span.seconds for span in roof)
    if not lights:
        return _empty(open_s, calibration, unsafe)
    accepted = [shot for shot in lights if shot.verdict == "accepted"]
    gained = sorted((plan for plan in plans if plan.accepted), key=lambda plan: -plan.tonight_s)
    names = listed([plan.plan for plan in gained[:3]] + [several(len(gained) - 3, "other")] * (len(gained) > 3))  # noqa: PLR2004
    gain = f": {hours(sum(shot.exposure_s for shot in accepted))} on {names}" if gained else ""
    return f"{hours(open_s)} of open roof, {several(len(lights), 'light')}, {len(accepted)} accepted{gain}."


def _empty(open_s: float, calibration: int, unsafe: Sequence[Span]) -> str:
    """A night without lights: why, and what it gave all the same."""
    also = f" {several(calibration, 'calibration frame')} were taken." if calibration else ""
    if open_s:
        return f"{hours(open_s)} of open roof, but no light was taken.{also}"
    worst = max(unsafe, key=lambda span: span.seconds, default=None)
    why = f": {worst.words}" if worst else ""
    return f"The roof stayed closed{why}.{also}"
