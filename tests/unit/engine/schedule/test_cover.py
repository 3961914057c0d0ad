"""A transit is taken whole, at its own time, or not at all."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from obsy.engine.schedule.conditions import ObservingConditions
from obsy.engine.schedule.cover import covering
from obsy.engine.schedule.request import Candidate, Reason
from obsy.engine.sky.body import Fixed
from obsy.engine.sky.grid import Grid
from obsy.engine.sky.horizon import Skyline
from obsy.engine.sky.location import Location
from obsy.engine.sky.transit import Ephemeris, transits
from obsy.engine.sky.window import Window
from obsy.schemas.plan import Cover
from obsy.schemas.when import Altitude

Ask = Callable[..., Candidate]
MINUTE = timedelta(minutes=1)
EACH_S = 122.0
# Ephemeris: Hartman et al. 2011 as revised by Wang et al. 2019. EXOTIC's report of this night has its middle at
# BJD_TDB 2458107.7116 (20 December 2017, 05:04:40 TDB at the barycentre) and lasts 0.130 d.
STAR, PLANET = Fixed(31.042742, 46.687851), Ephemeris(2455867.402743, 2.1500082, 24 * 0.130)
WHIPPLE = Location(31.6811, -110.8783, 1268.0)
DUSK = datetime(2017, 12, 20, 1, tzinfo=UTC)
REACH = Altitude.model_validate("above 20 deg")
COVER = Cover.model_validate({"transit": "b", "baseline": "20 min"})


@pytest.fixture
def grid() -> Grid:
    return Grid(DUSK, 60.0, 721)


@pytest.fixture
def conditions(grid: Grid) -> ObservingConditions:
    return over(grid)


def over(grid: Grid) -> ObservingConditions:
    """A night over another grid, with nothing in the way."""
    return ObservingConditions(grid, WHIPPLE, Skyline.through([(0, 0)]), REACH, {}, {"hat-p-32": (STAR, {"b": PLANET})})


@pytest.fixture
def window() -> Window:
    """The transit of the night with its baseline."""
    (found,) = transits(PLANET, STAR, WHIPPLE, DUSK, DUSK + timedelta(hours=12))
    return Window(found.ingress - 20 * MINUTE, found.egress + 20 * MINUTE)


def every(each_s: float, start: datetime, end: datetime) -> list[datetime]:
    """When exposures began that fill a time."""
    return [start + timedelta(seconds=n * each_s) for n in range(int((end - start).total_seconds() // each_s))]


def refused(candidate: Candidate | None) -> str | None:
    """The code of the reason; None if the request stands."""
    assert candidate is not None
    return candidate.refused.code if candidate.refused else None


def test_a_transit_is_fixed_to_its_contacts_and_baselines(ask: Ask, conditions: ObservingConditions) -> None:
    found = covering(ask("hat-p-32"), COVER, conditions, EACH_S, ([], DUSK))
    assert found is not None
    assert found.fixed is not None
    assert refused(found) is None
    assert found.fixed.length.total_seconds() == pytest.approx(0.130 * 86400 + 2400, abs=0.01)
    middle = found.fixed.start + found.fixed.length / 2
    # The light reaches us up to 500 s before or after it passes the barycentre.
    assert abs(middle - datetime(2017, 12, 20, 5, 3, 31, tzinfo=UTC)) < timedelta(seconds=500)


def test_a_transit_wants_as_many_frames_as_fit_into_it(
    ask: Ask, conditions: ObservingConditions, window: Window
) -> None:
    found = covering(ask("hat-p-32"), COVER, conditions, EACH_S, ([], DUSK))
    assert found is not None
    assert found.request.count * EACH_S <= window.length.total_seconds() < (found.request.count + 1) * EACH_S


def test_a_transit_that_has_been_covered_is_not_asked_for_again(
    ask: Ask, conditions: ObservingConditions, window: Window
) -> None:
    earlier = timedelta(days=43)
    taken = [at - earlier for at in every(EACH_S, window.start, window.end)]
    assert covering(ask("hat-p-32"), COVER, conditions, EACH_S, (taken, DUSK)) is None


def test_four_fifths_of_a_transit_cover_it_and_half_of_one_does_not(
    ask: Ask, conditions: ObservingConditions, window: Window
) -> None:
    taken = [at - timedelta(days=43) for at in every(EACH_S, window.start, window.end)]
    most, half = taken[: round(0.81 * len(taken))], taken[: len(taken) // 2]
    assert covering(ask("hat-p-32"), COVER, conditions, EACH_S, (most, DUSK)) is None
    assert refused(covering(ask("hat-p-32"), COVER, conditions, EACH_S, (half, DUSK))) is None


def test_two_halves_of_different_transits_do_not_make_one(
    ask: Ask, conditions: ObservingConditions, window: Window
) -> None:
    half = every(EACH_S, window.start, window.start + window.length / 2)
    taken = [at - timedelta(days=days) for days in (43, 86) for at in half]
    assert refused(covering(ask("hat-p-32"), COVER, conditions, EACH_S, (sorted(taken), DUSK))) is None


@pytest.mark.parametrize(("late", "code"), [(4, None), (6, "cut-off")])
def test_a_transit_is_not_begun_more_than_five_minutes_late(
    ask: Ask, conditions: ObservingConditions, window: Window, late: int, code: str | None
) -> None:
    now = window.start + late * MINUTE
    assert refused(covering(ask("hat-p-32"), COVER, conditions, EACH_S, ([], now))) == code


def test_a_transit_that_was_begun_in_time_goes_on(ask: Ask, conditions: ObservingConditions, window: Window) -> None:
    now = window.start + 60 * MINUTE
    taken = every(EACH_S, window.start, now)
    found = covering(ask("hat-p-32"), COVER, conditions, EACH_S, (taken, now))
    assert refused(found) is None
    assert found is not None
    assert found.fixed == window


def test_frames_of_an_earlier_transit_do_not_begin_this_one(
    ask: Ask, conditions: ObservingConditions, window: Window
) -> None:
    taken = [window.start - timedelta(days=43)]
    late = window.start + 60 * MINUTE
    assert refused(covering(ask("hat-p-32"), COVER, conditions, EACH_S, (taken, late))) == "cut-off"


@pytest.mark.parametrize(("after_start", "after_end"), [(5, 120), (-120, -5)])
def test_a_transit_that_reaches_out_of_the_night_is_cut_off(
    ask: Ask, window: Window, after_start: int, after_end: int
) -> None:
    grid = Grid.over(window.start + after_start * MINUTE, window.end + after_end * MINUTE, 60.0)
    asked = ask("hat-p-32", np.ones(grid.count, dtype=bool))
    found = covering(asked, COVER, over(grid), EACH_S, ([], grid.start))
    assert refused(found) == "cut-off"
    assert found is not None
    assert found.refused is not None
    assert f"from {window.start:%H:%M} to {window.end:%H:%M} UTC, reaches out of the night" in found.refused.words


def test_a_transit_during_which_something_does_not_hold_is_cut_off(
    ask: Ask, grid: Grid, conditions: ObservingConditions, window: Window
) -> None:
    free = np.ones(grid.count, dtype=bool)
    free[grid.index(window.start) + 30] = False
    assert refused(covering(ask("hat-p-32", free), COVER, conditions, EACH_S, ([], DUSK))) == "cut-off"


def test_what_does_not_hold_outside_the_transit_does_not_matter(
    ask: Ask, grid: Grid, conditions: ObservingConditions, window: Window
) -> None:
    free = np.zeros(grid.count, dtype=bool)
    free[grid.index(window.start) : grid.index(window.end) + 1] = True
    assert refused(covering(ask("hat-p-32", free), COVER, conditions, EACH_S, ([], DUSK))) is None


def test_a_night_without_a_transit_says_so(ask: Ask) -> None:
    grid = Grid(DUSK + timedelta(days=1), 60.0, 721)  # a period of 2.15 days leaves this night without one
    found = covering(ask("hat-p-32"), COVER, over(grid), EACH_S, ([], grid.start))
    assert refused(found) == "no-transit-tonight"


def test_a_transit_that_is_over_is_none_of_tonights(ask: Ask, conditions: ObservingConditions, window: Window) -> None:
    assert refused(covering(ask("hat-p-32"), COVER, conditions, EACH_S, ([], window.end))) == "no-transit-tonight"


def test_a_reason_that_was_found_before_is_kept(ask: Ask, conditions: ObservingConditions) -> None:
    asked = ask("hat-p-32", refused=Reason("altitude", "it stays low"))
    assert refused(covering(asked, COVER, conditions, EACH_S, ([], DUSK))) == "altitude"
