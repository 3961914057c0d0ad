"""The next transit that the page promises can be had whole."""

from datetime import date, timedelta
from pathlib import Path

from obsy.engine.declare import declare
from obsy.engine.progress import Progress
from obsy.engine.runtime.transits import transits_of
from obsy.engine.sky.grid import Grid
from obsy.engine.sky.tracks import tracks

GOAL = ("xo-6-b", "Ha-120s")
NIGHT = date(2026, 11, 21)


def test_the_next_transit_is_up_in_the_dark_from_end_to_end(root: Path) -> None:
    observatory = declare(root, root / "plans" / "xo-6-b.yaml")
    found = transits_of(observatory, NIGHT, {})[GOAL]
    assert found.following is not None
    grid = Grid.over(found.following.start, found.following.end, 300.0)
    (track,) = tracks([found.cover.star], grid, observatory.site.location)
    (plan,) = observatory.plans
    assert plan.when.altitude is not None
    assert plan.when.altitude.above is not None
    assert track.altitude_deg.min() > plan.when.altitude.above
    assert track.sun_altitude_deg.max() < -12.0
    (transit,) = found.tonight
    apart = found.following.start - found.cover.window(transit).start
    periods = apart / timedelta(days=found.cover.ephemeris.period_d)
    assert abs(periods - round(periods)) < 0.002, "five minutes of light time in four days"


def test_a_transit_that_an_earlier_night_covered_is_known(root: Path) -> None:
    observatory = declare(root, root / "plans" / "xo-6-b.yaml")
    found = transits_of(observatory, NIGHT, {})[GOAL]
    (transit,) = found.tonight
    window, each = found.cover.window(transit), timedelta(seconds=found.cover.each_s)
    taken = tuple(window.start + number * each for number in range(int(window.length / each)))
    later = transits_of(observatory, NIGHT + timedelta(days=1), {GOAL: Progress(accepted_at=taken)})
    assert later[GOAL].before
    assert not transits_of(observatory, NIGHT, {GOAL: Progress(accepted_at=taken)})[GOAL].before


def test_an_observatory_without_transits_has_none(root: Path) -> None:
    assert transits_of(declare(root, root / "plans" / "m31.yaml"), NIGHT, {}) == {}
