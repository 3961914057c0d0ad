"""Why a goal in S/N waits for another night: tonight's first frames show nothing, or it would take too long."""

from collections.abc import Callable
from datetime import datetime

from obsy.engine.progress import Progress
from obsy.engine.schedule.goal_line import GoalLine, first_visit
from obsy.engine.schedule.request import Reason
from obsy.engine.signal import more

HOUR_S = 3600


def held(
    line: GoalLine, progress: Progress, dusk: datetime, count: int, had_h: Callable[[], float]
) -> tuple[int, Reason | None]:
    """Return how many of the frames that a goal still wants it gets tonight, and if none, why; other goals all.

    What takes longer than the goal can be had until its dates end, or in a year, gets the night's first visit and no
    more: what made it faint may have been a cloud. had_h: that time, hours.
    """
    until = line.goal.until
    if until is None:
        return count, None
    left = more(progress.signal, until)
    if left is None:
        return count, None if count else _unseen(line, progress)
    needed_h = left * line.goal.exposure / HOUR_S
    if not count or needed_h <= (within_h := had_h()):
        return count, None
    count = min(count, first_visit(progress, dusk))
    reached = f"S/N {progress.signal.to_noise:.1f} in {progress.signal.frames} frames"
    told = f"by {reached}, S/N {until.snr:g} takes {needed_h:.0f} h more, and {within_h:.0f} h are all it can be had"
    return count, None if count else Reason("too-faint", f"{told}: expose longer, or ask for less")


def _unseen(line: GoalLine, progress: Progress) -> Reason:
    """Return that tonight's first frames do not show what it asks about."""
    until, frames = line.goal.until, progress.signal.frames
    if progress.waiting:
        told = "as many frames as tell its S/N are taken"
        return Reason("nothing-measured", f"{told}, and {progress.waiting} of them wait for their verdict")
    if not frames:
        lacks = "its star is full, off the frame, or the frame was not solved"
        if until is not None and until.of is not None:
            lacks = "too few stars for a zero point, or for a width"
        return Reason("nothing-measured", f"no S/N could be measured on its {progress.accepted} frames: {lacks}")
    now = progress.signal.present
    told = f"nothing stands out at its place, S/N {now.to_noise:.1f} in {now.frames} frames"
    if until is not None and now.to_noise >= until.snr:
        told += ", which noise alone may show"
    told += ": expose longer"
    return Reason("nothing-shows", f"{told}, or say what is measured, as 'of: {{surface: 22 mag/arcsec2}}'")
