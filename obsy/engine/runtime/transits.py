"""The transits that goals are to cover: tonight's, and the next that can be had whole."""

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from obsy.engine.declare.instrument import serving
from obsy.engine.declare.observatory import Observatory
from obsy.engine.progress import NOTHING, ProgressByGoal
from obsy.engine.report.inputs import TransitInput
from obsy.engine.schedule.conditions import ObservingConditions, free, observing_night, planets, skyline
from obsy.engine.schedule.cover import CoverGoal, cover_goal
from obsy.engine.schedule.goal_line import lines
from obsy.engine.sky.body import sun
from obsy.engine.sky.earth import horizontal
from obsy.engine.sky.grid import Grid, Window
from obsy.engine.sky.tracks import tracks
from obsy.schemas.when import Altitude, When

AHEAD = timedelta(days=90)
"""How far the next transit is looked for."""
_STEP_S = 600.0


class Asked(NamedTuple):
    """What must hold while a transit is taken: what its plan declares, and where the mount reaches."""

    when: When
    reach: Altitude


def transits_of(observatory: Observatory, day: date, progress: ProgressByGoal) -> dict[tuple[str, str], TransitInput]:
    """Return the transits of a night, and the next one after it, by plan and goal."""
    covers = [(plan, line) for plan in observatory.plans for line in lines(plan) if line.goal.cover is not None]
    if not covers:
        return {}
    night, known = observing_night(observatory, day), _known(observatory)
    found = {}
    for plan, line in covers:
        served = serving(plan, observatory.instruments)
        if not served or line.goal.cover is None:
            continue
        instrument = served[0]
        wanted = cover_goal(plan.name, line.goal.cover, known, line.goal.exposure + instrument.train.camera.download)
        asked = Asked(line.goal.when.over(plan.when), instrument.mount.altitude)
        following = _next(wanted, asked, known, night.end)
        taken = [at for at in progress.get((plan.name, line.key), NOTHING).accepted_at if at < night.start]
        before = any(wanted.is_covered(transit, taken) for transit in wanted.observed(taken))
        found[plan.name, line.key] = TransitInput(wanted, wanted.transits(night.start, night.end), following, before)
    return found


def _known(observatory: Observatory) -> ObservingConditions:
    """Return what holds at any time: of no night, and of no target's track."""
    grid = Grid(datetime(2000, 1, 1, tzinfo=UTC), _STEP_S, 1)
    where, roof = observatory.site.location, observatory.safety.sun.roof
    return ObservingConditions(grid, where, skyline(observatory), {}, dict(planets(observatory)), roof)


def _next(wanted: CoverGoal, asked: Asked, known: ObservingConditions, after: datetime) -> Window | None:
    """Return the time of the first transit that is to be seen whole, baselines and all; None if there is none soon."""
    windows = (wanted.window(transit) for transit in wanted.transits(after, after + AHEAD))
    return next((each for each in windows if each.start > after and _is_seen(wanted, each, asked, known)), None)


def _is_seen(wanted: CoverGoal, window: Window, asked: Asked, known: ObservingConditions) -> bool:
    """Return whether everything that is asked holds from end to end; most transits fall by day or below the horizon."""
    ends = Grid.over(window.start, window.end, window.length.total_seconds())
    star = horizontal(wanted.star.ra_deg, wanted.star.dec_deg, ends, known.place)
    if sun(ends, known.place).altitude_deg.max() > known.roof.below or star.altitude_deg.min() < 0.0:
        return False
    grid = Grid.over(window.start, window.end, _STEP_S)
    (track,) = tracks([wanted.star], grid, known.place)
    return bool(free(asked.when, track, known, asked.reach).all())
