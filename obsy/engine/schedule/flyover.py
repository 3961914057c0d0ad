"""What circles the Earth has a time of its own: the part of its next flyover that holds the frames still wanted."""

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np

from obsy.engine.declare.instrument import Instrument
from obsy.engine.progress import Progress
from obsy.engine.schedule.conditions import GoalSky, ObservingConditions, refusal
from obsy.engine.schedule.request import Candidate, Reason
from obsy.engine.sky.flyover import Flyover
from obsy.engine.sky.grid import Grid, Window
from obsy.engine.sky.tracks import tracks
from obsy.schemas.target import Satellite

HIDDEN = Reason("in-shadow", "it passes in the Earth's shadow alone, where no sunlight falls on it")
GONE = Reason("no-flyover", "it does not come again in what is left of the night")


def flying(
    asked: Candidate,
    whose: tuple[GoalSky, Instrument],
    conditions: ObservingConditions,
    progress: Progress,
    when: tuple[datetime, float],
) -> Candidate:
    """Return the candidate for the next flyover in which a frame finds room, in the part where it stands highest.

    One whose frames are being taken goes on. when: from when on, and the seconds from one frame to the next.
    """
    (soonest, each_s), satellite = when, asked.request.line.course
    assert isinstance(satellite, Satellite)  # noqa: S101
    ahead = [each for each in whose[0].flyovers.lit if each.window.end > soonest]
    roomy = [each for each in ahead if (each.window.end - max(each.window.start, soonest)).total_seconds() >= each_s]
    if not roomy:
        return replace(asked, track=None, refused=_why_not(asked, whose, conditions, ahead, each_s))
    begun = any(roomy[0].window.start <= at < roomy[0].window.end for at in progress.tried_at)
    return _placed(asked, conditions, (satellite, roomy[0]), (soonest, each_s), begun=begun)


def _placed(
    asked: Candidate,
    conditions: ObservingConditions,
    whose: tuple[Satellite, Flyover],
    when: tuple[datetime, float],
    *,
    begun: bool,
) -> Candidate:
    """Return the candidate with its time, and where it stands when that begins: the mount is sent there."""
    (satellite, flyover), (soonest, each_s), grid = whose, when, conditions.grid
    window = flyover.window
    start = max(window.start, soonest)
    count = min(asked.request.count, int((window.end - start).total_seconds() / each_s + 1e-6))
    length = timedelta(seconds=count * each_s)
    if not begun:
        start = min(max(start, flyover.highest - length / 2), window.end - length)
    fixed = Window(start, start + length)
    (stands,) = tracks([satellite], Grid(start, 1.0, 1), conditions.place)
    free, shape = np.zeros(grid.count, dtype=np.bool_), grid.count
    free[grid.index(fixed.start) : grid.index(min(fixed.end, grid.end)) + 2] = True
    return replace(
        asked,
        request=replace(asked.request, count=count),
        ra_deg=np.full(shape, stands.ra_deg[0]),
        dec_deg=np.full(shape, stands.dec_deg[0]),
        altitude_deg=np.full(shape, flyover.altitude_deg),
        hour_angle_h=np.full(shape, stands.hour_angle_h[0]),
        free=free,
        fixed=fixed,
        begun=begun,
        track=None,
    )


def _why_not(
    asked: Candidate,
    whose: tuple[GoalSky, Instrument],
    conditions: ObservingConditions,
    ahead: list[Flyover],
    each_s: float,
) -> Reason:
    (sky, instrument), line = whose, asked.request.line
    found = sky.flyovers
    if ahead:
        takes = f"{line.goal.exposure:g} s takes, {each_s:.0f} s with the way of the mount and the download"
        return Reason("window-too-short", f"no flyover tonight lasts as long as one exposure of {takes}")
    if found.lit:
        return GONE
    if found.hidden:
        return HIDDEN
    when, reach = line.goal.when.over(sky.plan.when), instrument.mount.limits
    every = np.ones(found.track.grid.count, dtype=np.bool_)
    return refusal(when, found.track, conditions, reach, every)
