"""The transits that goals are to cover: tonight's, what part of it was covered, and the next that can be had."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from obsy.engine.declare.instrument import serving
from obsy.engine.declare.observatory import Observatory
from obsy.engine.progress import NOTHING, ProgressByGoal
from obsy.engine.report.inputs import TransitInput
from obsy.engine.report.words import clock, listed
from obsy.engine.schedule.conditions import ObservingConditions, events, free, observing_night, skyline
from obsy.engine.schedule.cover import TOLD, WHOLE, CoverGoal, cover_goal
from obsy.engine.schedule.goal_line import lines
from obsy.engine.schedule.overheads import Overheads, counted
from obsy.engine.sky.body import sun
from obsy.engine.sky.earth import horizontal
from obsy.engine.sky.grid import Grid, Window
from obsy.engine.sky.tracks import tracks
from obsy.schemas.constraints.constraint import Constraint
from obsy.schemas.when import When
from obsy.units import duration

AHEAD = timedelta(days=90)
"""How far the next transit is looked for."""
_STEP_S = 600.0


class Asked(NamedTuple):
    """What must hold while a transit is taken: what its plan declares, and where the mount reaches."""

    when: When
    reach: tuple[Constraint, ...]


def transits_of(
    observatory: Observatory, day: date, progress: ProgressByGoal, costs: Mapping[str, Overheads] | None = None
) -> dict[tuple[str, str], TransitInput]:
    """Return the transits of a night, and the next one after it, by plan and goal.

    costs: what planning counts, by train; what is declared of those that are not in it.
    """
    covers = [(plan, line) for plan in observatory.plans for line in lines(plan) if line.goal.cover is not None]
    if not covers:
        return {}
    night, known = observing_night(observatory, day), _known(observatory)
    found = {}
    for plan, line in covers:
        served = serving(plan, observatory.in_use_on(day))
        if not served or line.goal.cover is None:
            continue
        instrument = served[0]
        each_s = counted(costs or {}, instrument).each_s(line)
        wanted = cover_goal(plan.name, line.goal.cover, known, each_s)
        asked = Asked(line.goal.when.over(plan.when), instrument.mount.limits)
        following, how = _next(wanted, asked, known, night.end)
        taken = [at for at in progress.get((plan.name, line.key), NOTHING).accepted_at if at < night.start]
        before = any(wanted.is_covered(transit, taken) for transit in wanted.observed(taken))
        tonight = wanted.transits(night.start, night.end)
        found[plan.name, line.key] = TransitInput(wanted, tonight, following, how, before)
    return found


def _known(observatory: Observatory) -> ObservingConditions:
    """Return what holds at any time: of no night, and of no target's track."""
    grid = Grid(datetime(2000, 1, 1, tzinfo=UTC), _STEP_S, 1)
    where, roof = observatory.site.location, observatory.safety.sun.roof
    return ObservingConditions(
        grid, where, skyline(observatory), {}, dict(events(observatory)), roof, downtime=observatory.site.downtime
    )


def _next(wanted: CoverGoal, asked: Asked, known: ObservingConditions, after: datetime) -> tuple[Window | None, str]:
    """Return when the first transit is to be seen, whole with its baselines or by a half that will do, and how."""
    for transit in wanted.transits(after, after + AHEAD):
        halves = {f"by its {name}": half for name, half in wanted.halves(transit).items()}
        for how, window in {"whole": wanted.window(transit), **halves}.items():
            if window.start > after and _is_seen(wanted, window, asked, known):
                return window, how
    return None, "whole" if wanted.accept == "whole" else ""


def _is_seen(wanted: CoverGoal, window: Window, asked: Asked, known: ObservingConditions) -> bool:
    """Return whether everything that is asked holds from end to end; most transits fall by day or below the horizon."""
    ends = Grid.over(window.start, window.end, window.length.total_seconds())
    star = horizontal(wanted.star.ra_deg, wanted.star.dec_deg, ends, known.place)
    if sun(ends, known.place).altitude_deg.max() > known.roof.below or star.altitude_deg.min() < 0.0:
        return False
    grid = Grid.over(window.start, window.end, _STEP_S)
    (track,) = tracks([wanted.star], grid, known.place)
    return bool(free(asked.when, track, known, asked.reach).all())


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
    """When the next transit can be had; None if that is more than three months away."""
    how: str = "whole"
    """Whole, or by which half."""
    error: timedelta = timedelta()
    """What the ephemeris may be wrong by."""

    def words(self, timezone: str) -> str:
        """Return 'transit 21:06 to 00:41: baseline before, ingress and middle covered, …; the next one is …'."""
        told = [self._tonight(self.window, timezone)] if self.window is not None and any(self.parts.values()) else []
        if self.covered and not told:
            told.append("an earlier night has covered one")
        if not self.covered:
            told.append(self._following(timezone))
        if self.error > TOLD:
            told.append(f"its ephemeris may be wrong by {duration(self.error.total_seconds())}")
        return "; ".join(told)

    def _tonight(self, window: Window, timezone: str) -> str:
        whole = [part for part, share in self.parts.items() if share >= WHOLE]
        rest = [f"{part} {100 * share:.0f} %" for part, share in self.parts.items() if share < WHOLE]
        told = [f"{listed(whole)} covered"] if whole else []
        told += [f"not {listed(rest)}"] if rest else []
        return f"transit {clock(window.start, timezone)} to {clock(window.end, timezone)}: {', '.join(told)}"

    def _following(self, timezone: str) -> str:
        had = f"can be had {self.how}".rstrip()
        if self.following is None:
            return f"no transit {had} in the next three months"
        day = self.following.start.astimezone(ZoneInfo(timezone)).date().isoformat()
        span = f"{clock(self.following.start, timezone)} to {clock(self.following.end, timezone)}"
        return f"the next that {had} is on {day}, {span}"


def transit_story(known: TransitInput, taken: Sequence[datetime]) -> TransitStory:
    """Return the story of a goal's transit; of several in a night, of the one that was observed.

    taken: when the accepted exposures of the night began, in order.
    """
    windows = [(transit, known.cover.window(transit)) for transit in known.tonight]
    seen = [each for each in windows if any(each[1].start <= at < each[1].end for at in taken)]
    if not windows:
        return TransitStory(None, {}, known.before, known.following, known.how)
    transit, window = (seen or windows)[0]
    parts = known.cover.coverage(transit, taken)
    covered = known.before or known.cover.is_covered(transit, taken)
    return TransitStory(window, parts, covered, known.following, known.how, transit.error)
