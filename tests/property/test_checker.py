"""The checker of schedules sees what a broken scheduler does: each fault is seeded into it, and must be noticed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from obsy.engine.schedule import candidates, conditions, filling, fit
from obsy.engine.schedule.filling import NightFilling
from obsy.engine.schedule.fit import Timeline
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.sky.body import Fixed
from obsy.engine.sky.constraints import Limit
from obsy.engine.sky.grid import Grid
from obsy.engine.sky.tracks import tracks
from obsy.schemas.constraints.airmass import Airmass
from obsy.schemas.constraints.altitude import Altitude
from obsy.schemas.constraints.dates import Dates
from obsy.schemas.constraints.downtime import Downtime
from obsy.schemas.constraints.hour_angle import HourAngle
from obsy.schemas.constraints.meridian import Meridian
from obsy.schemas.constraints.meridian_zone import MeridianZone
from obsy.schemas.constraints.moon import Moon
from obsy.schemas.constraints.phase import Phase
from obsy.schemas.constraints.season import Season
from obsy.schemas.plan import Plan
from tests.support.checker import violations
from tests.support.playing import planned, played, recurs
from tests.support.wide import draw_wide

pytestmark = [pytest.mark.once, pytest.mark.slow(minutes=1)]


def found(seed: int) -> list[str]:
    """What is broken of the night of a seed."""
    chance = Random(seed)
    problem = draw_wide(chance, chance.randint(1, 16), many=chance.random() < 0.5)
    return violations(problem.observatory, planned(problem))


def cheaper(**free: float) -> Callable[..., float]:
    """Moving about, where some of it costs nothing."""
    way = Overheads.way_s
    return lambda self, before, to: way(replace(self, **free), before, to)


def without(kind: type[Limit]) -> Callable[..., tuple[Limit, ...]]:
    """The limits, but for those of a kind."""
    limits = conditions.limits
    return lambda *asked: tuple(each for each in limits(*asked) if not isinstance(each, kind))


def greedy(*asked: Any) -> Any:
    """Take five frames more than are left."""
    return fit.room_for(*asked[:3], asked[3] + 5)


def heedless(candidate: Any, timeline: Any, gap: Any, left: int) -> Any:
    """Do not look at what follows."""
    return fit.room_for(candidate, timeline, (gap[0], gap[1], None), left)


def unturned(self: NightFilling, options: Any, timeline: Timeline) -> Any:
    """Take what deserves most, however long."""
    best = max(options, key=lambda each: each.merit)
    return best, best.block


def unchosen(self: NightFilling, each: Any, request: Any) -> bool:
    """Serve every plan of a list."""
    return request.train in each.timeline.costs


def still(bodies: Any, grid: Any, place: Any) -> Any:
    """Follow nothing: it stays where it was two days before."""
    before = Grid(grid.start - timedelta(days=2), grid.step_s, grid.count)
    then = [tracks([each], before, place)[0] for each in bodies]
    fixed = [Fixed(float(each.ra_deg[0]), float(each.dec_deg[0])) for each in then]
    return tracks(fixed, grid, place)


FAULTS: dict[str, list[tuple[Any, str, Any]]] = {
    "downloads are forgotten": [(Timeline, "each_s", lambda self, request: request.line.goal.exposure)],
    "a mount need not settle": [(Overheads, "way_s", cheaper(settle_s=0.0))],
    "a mount slews ten times as fast": [(Overheads, "way_s", cheaper(slew_deg_s=40.0))],
    "a filter is in its place at once": [(Overheads, "way_s", cheaper(filter_s=0.0))],
    "a focus run takes no time": [(Overheads, "focuses", lambda self, since_s: False)],
    "a flip takes no time": [(Overheads, "way_s", cheaper(flip_s=0.0))],
    "nothing ends a block": [(fit, "_end_of_run", lambda candidate, grid, start: grid.end)],
    "no mount flips": [(fit, "_flip", lambda candidate, timeline, start, half: timeline.grid.end)],
    "the reach and altitudes are forgotten": [("limits", "", Altitude)],
    "hour angles are forgotten": [("limits", "", HourAngle)],
    "seasons are forgotten": [("limits", "", Season)],
    "downtime is forgotten": [("limits", "", Downtime)],
    "the air is forgotten": [("limits", "", Airmass)],
    "the Moon is forgotten": [("limits", "", Moon)],
    "phases are forgotten": [("limits", "", Phase)],
    "distances from the meridian are forgotten": [("limits", "", Meridian)],
    "dates are forgotten": [("limits", "", Dates)],
    "pauses are forgotten": [(candidates, "_pause", lambda plan: ()), (candidates, "_paused_until", lambda *_: None)],
    "tiles are taken for their target": [
        (candidates, "_seen", lambda plan, line, train, night: night.tracks[plan.name])
    ],
    "any train will do": [(Plan, "served_by", lambda plan, train: plan.roles <= set(train.roles))],
    "a body stands still": [(conditions, "tracks", still)],
    "zones of mounts are forgotten": [("limits", "", MeridianZone)],
    "more is taken than is wanted": [(filling, "room_for", greedy)],
    "what follows is run into": [(filling, "room_for", heedless)],
    "lists are not kept": [(NightFilling, "_serves", unchosen)],
    "turns are not kept": [(NightFilling, "_in_step", unturned)],
    "runs are cut": [(fit, "least_frames", lambda *_: 1), (filling, "least_frames", lambda *_: 1)],
}


SEEN_AT = {
    "a flip takes no time": 5,
    "no mount flips": 9,
    "hour angles are forgotten": 11,
    "seasons are forgotten": 5,
    "the air is forgotten": 4,
    "phases are forgotten": 27,
    "distances from the meridian are forgotten": 4,
    "pauses are forgotten": 45,
    "tiles are taken for their target": 22,
    "any train will do": 13,
    "a body stands still": 13,
    "zones of mounts are forgotten": 5,
    "what follows is run into": 90,
    "runs are cut": 9,
}
"""The first night in which a fault was seen: it is tried first. A scheduler that answers otherwise costs time alone."""
SEEN_WITHIN = 200
"""So many nights at the most are drawn until one shows it."""


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_the_scheduler_is_noticed(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for where, name, new in FAULTS[fault]:
        if where == "limits":
            instead = without(new)
            monkeypatch.setattr(conditions, "limits", instead)
            monkeypatch.setattr(candidates, "limits", instead)
        else:
            monkeypatch.setattr(where, name, new)
    assert any(found(seed) for seed in (SEEN_AT.get(fault, 0), *range(SEEN_WITHIN)))


def test_a_visit_too_many_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "wanted", lambda line, *_: (line.size, None))
    for seed in range(100):
        chance = Random(seed)
        problem = draw_wide(chance, chance.randint(1, 6))
        if recurs(problem) and any(
            " visit" in each for each in violations(problem.observatory, played(problem), played=True)
        ):
            return
    raise AssertionError
