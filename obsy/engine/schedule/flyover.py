"""What circles the Earth has a time of its own: the part of its next flyover that holds the frames still wanted."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np

from obsy.engine.declare.instrument import Instrument
from obsy.engine.progress import Progress
from obsy.engine.schedule.conditions import GoalSky, ObservingConditions, limits, refusal
from obsy.engine.schedule.flyover_parts import FlyoverPart, parts, parts_beside
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.pier import half_of
from obsy.engine.schedule.request import Candidate, FlyoverTaken, Reason, Request
from obsy.engine.sky.constraints import allows
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
    satellite, costs = asked.request.line.unfollowed, Overheads.of(whose[1])
    assert isinstance(satellite, Satellite)  # noqa: S101
    found = whose[0].flyovers
    ahead = [each for each in found.lit if each.window.end > when[0]]

    def beside(taken: Sequence[FlyoverTaken]) -> Candidate | None:
        for each in ahead:
            begun = any(each.window.start <= at < each.window.end for at in progress.tried_at)
            left = parts_beside(parts(each, found.track, costs), satellite, taken, costs)
            times = (_time(part, asked.request.count, when, begun=begun) for part in left)
            best = max((time for time in times if time.frames), key=lambda time: time.rank, default=None)
            if best is not None:
                return _placed(asked, conditions, satellite, best, begun=begun)
        return None

    alone = beside(())
    if alone is None:
        return replace(asked, track=None, refused=_why_not(asked, whose, conditions, ahead, when[1]))
    return replace(alone, beside=beside)


def side_by_side(found: Sequence[Candidate], instruments: Iterable[Instrument]) -> list[Candidate]:
    """Return the candidates, those that fly beside each other where one mount would be to take them at once.

    What is being taken stays where it is, and then what is wanted more. What finds no room beside the others keeps its
    time, and is taken if they are not.
    """
    mounts, answer = {each.name: each.mount.name for each in instruments}, list(found)
    taken: defaultdict[str, list[tuple[Request, FlyoverTaken]]] = defaultdict(list)
    flying = [number for number, each in enumerate(found) if each.beside is not None]
    for number in sorted(flying, key=lambda n: (not found[n].begun, -found[n].request.claim.total)):
        each, mine = found[number], taken[mounts[found[number].request.train]]
        others = [of for request, of in mine if not _instead(request, each.request)]
        apart = (each.beside(others) if each.beside and others else None) or each
        request = replace(each.request, count=apart.request.count, beyond=apart.request.beyond)
        answer[number] = replace(apart, request=request, refused=each.refused, beside=None)
        satellite = request.line.unfollowed
        if each.refused is None and apart.fixed is not None and isinstance(satellite, Satellite):
            mine.append((request, FlyoverTaken(satellite, apart.fixed, half_of(float(apart.hour_angle_h[0])))))
    return answer


def _instead(one: Request, other: Request) -> bool:
    """Whether one is taken with another train in place of the other: a plan goes to one."""
    return one.line.plan == other.line.plan and one.train != other.train


class _Time(NamedTuple):
    """When so many frames are taken, in a part of a flyover."""

    window: Window
    frames: int
    altitude_deg: float
    away_s: float
    """From its middle to when the satellite is highest."""

    @property
    def rank(self) -> tuple[int, float]:
        """The more frames, and the closer to when it is highest, the better."""
        return self.frames, -self.away_s


def _time(part: FlyoverPart, wanted: int, when: tuple[datetime, float], *, begun: bool) -> _Time:
    (soonest, each_s), flyover = when, part.flyover
    window = flyover.window
    start = max(window.start, soonest)
    count = max(0, min(wanted, int((window.end - start).total_seconds() / each_s + 1e-6)))
    length = timedelta(seconds=count * each_s)
    if not begun:
        start = min(max(start, flyover.highest - length / 2), window.end - length)
    away_s = abs((start + length / 2 - flyover.highest).total_seconds())
    return _Time(Window(start, start + length), count, flyover.altitude_deg, away_s)


def _placed(
    asked: Candidate, conditions: ObservingConditions, satellite: Satellite, time: _Time, *, begun: bool
) -> Candidate:
    """Return the candidate with its time, and where it stands when that begins: the mount is sent there."""
    grid, fixed = conditions.grid, time.window
    (stands,) = tracks([satellite], Grid(fixed.start, 1.0, 1), conditions.place)
    free, shape = np.zeros(grid.count, dtype=np.bool_), grid.count
    free[grid.index(fixed.start) : grid.index(min(fixed.end, grid.end)) + 2] = True
    return replace(
        asked,
        request=replace(asked.request, count=time.frames, beyond=asked.request.count - time.frames),
        ra_deg=np.full(shape, stands.ra_deg[0]),
        dec_deg=np.full(shape, stands.dec_deg[0]),
        altitude_deg=np.full(shape, time.altitude_deg),
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
    every, asked_of_all = np.ones(found.track.grid.count, dtype=np.bool_), limits(when, conditions, reach)
    return refusal(asked_of_all, [allows(each, found.track) for each in asked_of_all], every)
