"""What part of a transit a night covered, and when the next one is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from obsy.engine.report.inputs import TransitInput
from obsy.engine.report.words import clock, listed
from obsy.engine.schedule.cover import WHOLE
from obsy.engine.sky.grid import Window


@dataclass(frozen=True, slots=True)
class TransitStory:
    """One goal's transit of a night."""

    window: Window | None
    """From the first baseline to the last; None if no transit fell into the night."""
    parts: Mapping[str, float]
    """The share of each part that was exposed and accepted, from 0 to 1; empty without a transit."""
    covered: bool
    """Tonight, or before."""
    following: Window | None
    """When the next transit can be had whole; None if that is more than three months away."""

    def words(self, timezone: str) -> str:
        """Return 'transit 21:06 to 00:41: baseline before, ingress and middle covered, …; the next one is …'."""
        told = [self._tonight(self.window, timezone)] if self.window is not None and any(self.parts.values()) else []
        if self.covered and not told:
            told.append("an earlier night has covered one")
        if not self.covered:
            told.append(self._following(timezone))
        return "; ".join(told)

    def _tonight(self, window: Window, timezone: str) -> str:
        whole = [part for part, share in self.parts.items() if share >= WHOLE]
        rest = [f"{part} {100 * share:.0f} %" for part, share in self.parts.items() if share < WHOLE]
        told = [f"{listed(whole)} covered"] if whole else []
        told += [f"not {listed(rest)}"] if rest else []
        return f"transit {clock(window.start, timezone)} to {clock(window.end, timezone)}: {', '.join(told)}"

    def _following(self, timezone: str) -> str:
        if self.following is None:
            return "no transit can be had whole in the next three months"
        day = self.following.start.astimezone(ZoneInfo(timezone)).date().isoformat()
        span = f"{clock(self.following.start, timezone)} to {clock(self.following.end, timezone)}"
        return f"the next that can be had whole is on {day}, {span}"


def transit_story(known: TransitInput, taken: Sequence[datetime]) -> TransitStory:
    """Return the story of a goal's transit; of several in a night, of the one that was observed.

    taken: when the accepted exposures of the night began, in order.
    """
    windows = [(transit, known.cover.window(transit)) for transit in known.tonight]
    seen = [each for each in windows if any(each[1].start <= at < each[1].end for at in taken)]
    if not windows:
        return TransitStory(None, {}, known.before, known.following)
    transit, window = (seen or windows)[0]
    parts = known.cover.coverage(transit, taken)
    covered = known.before or known.cover.is_covered(transit, taken)
    return TransitStory(window, parts, covered, known.following)
