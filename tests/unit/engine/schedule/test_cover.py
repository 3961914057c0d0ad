"""A transit is taken whole, at its own time, or not at all."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from astropy.time import Time

from obsy.engine.declare.target import Ephemeris
from obsy.engine.progress import NOTHING, Progress
from obsy.engine.schedule.conditions import ObservingConditions
from obsy.engine.schedule.cover import CoverGoal, cover_goal, covering
from obsy.engine.schedule.fit import Timeline
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.request import Candidate, Reason
from obsy.engine.schedule.tonight import tonight
from obsy.engine.sky.body import Fixed
from obsy.engine.sky.grid import Grid, Window
from obsy.engine.sky.horizon import Skyline
from obsy.engine.sky.transit import PARTS, transits
from obsy.schemas.goal import Cover
from obsy.schemas.site import Location

Ask = Callable[..., Candidate]
MINUTE = timedelta(minutes=1)
EACH_S = 122.0
# Ephemeris: Hartman et al. 2011 as revised by Wang et al. 2019. EXOTIC's report of this night has its middle at
# BJD_TDB 2458107.7116 (20 December 2017, 05:04:40 TDB at the barycentre) and lasts 0.130 d.
STAR, PLANET = Fixed(31.042742, 46.687851), Ephemeris(2455867.402743, 2.1500082, 24 * 0.130)
WHIPPLE = Location(31.6811, -110.8783, 1268.0)
DUSK = datetime(2017, 12, 20, 1, tzinfo=UTC)
BASELINE = 20 * MINUTE
WANTED = CoverGoal(PLANET, STAR, WHIPPLE, BASELINE, EACH_S)


@pytest.fixture
def grid() -> Grid:
    return Grid(DUSK, 60.0, 721)


@pytest.fixture
def conditions(grid: Grid) -> ObservingConditions:
    return over(grid)


def over(grid: Grid) -> ObservingConditions:
    """A night over another grid, with nothing in the way."""
    return ObservingConditions(grid, WHIPPLE, Skyline.through([(0, 0)]), {}, {"hat-p-32": (STAR, {"b": PLANET})})


@pytest.fixture
def window() -> Window:
    """The transit of the night with its baseline."""
    (found,) = transits(PLANET, STAR, WHIPPLE, DUSK, DUSK + timedelta(hours=12))
    return Window(found.ingress - 20 * MINUTE, found.egress + 20 * MINUTE)


def every(each_s: float, start: datetime, end: datetime) -> list[datetime]:
    """When exposures began that fill a time."""
    return [start + timedelta(seconds=n * each_s) for n in range(int((end - start).total_seconds() // each_s))]


def accepted(times: Sequence[datetime]) -> Progress:
    """Frames that were accepted."""
    return Progress(frames=len(times), accepted=len(times), accepted_at=tuple(times))


def refused(candidate: Candidate | None) -> str | None:
    """The code of the reason; None if the request stands."""
    assert candidate is not None
    return candidate.refused.code if candidate.refused else None


@pytest.mark.parametrize(("error_min", "expected_min"), [(0.0, 20.0), (19.0, 20.0), (47.0, 47.0), (600.0, 187.2)])
def test_a_baseline_is_no_shorter_than_what_the_ephemeris_may_be_wrong_by(
    error_min: float, expected_min: float
) -> None:
    vague = replace(WANTED, ephemeris=PLANET._replace(epoch_error_d=error_min / 1440))
    (found,) = vague.transits(DUSK, DUSK + timedelta(hours=12))
    window = vague.window(found)
    assert (found.ingress - window.start) / MINUTE == pytest.approx(expected_min, abs=0.01)
    assert (window.end - found.egress) / MINUTE == pytest.approx(expected_min, abs=0.01)


def test_a_transit_is_fixed_to_its_contacts_and_baselines(ask: Ask, conditions: ObservingConditions) -> None:
    found = covering(ask("hat-p-32"), WANTED, conditions, NOTHING, DUSK)
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
    found = covering(ask("hat-p-32"), WANTED, conditions, NOTHING, DUSK)
    assert found is not None
    assert found.request.count * EACH_S <= window.length.total_seconds() < (found.request.count + 1) * EACH_S


def test_a_transit_that_has_been_covered_is_not_asked_for_again(
    ask: Ask, conditions: ObservingConditions, window: Window
) -> None:
    earlier = timedelta(days=43)
    taken = [at - earlier for at in every(EACH_S, window.start, window.end)]
    assert covering(ask("hat-p-32"), WANTED, conditions, accepted(taken), DUSK) is None


@pytest.mark.parametrize(
    ("kept", "again"),
    [
        (lambda number, of: number % 6 != 0, False),  # five of six, all over it
        (lambda number, of: number < of / 2, True),
        (lambda number, of: number < 0.85 * of, True),  # most of it, but the egress
        (lambda number, of: number > 0.15 * of, True),  # most of it, but the ingress
        (lambda number, of: not 0.47 < number / of < 0.53, False),  # a meridian flip in the middle
        (lambda number, of: number % 2 != 0, True),
    ],
)
def test_most_of_a_transit_with_both_contacts_covers_it(
    ask: Ask, conditions: ObservingConditions, window: Window, kept: Callable[[int, int], bool], again: bool
) -> None:
    whole = [at - timedelta(days=43) for at in every(EACH_S, window.start, window.end)]
    taken = [at for number, at in enumerate(whole) if kept(number, len(whole))]
    assert (covering(ask("hat-p-32"), WANTED, conditions, accepted(taken), DUSK) is not None) is again


@pytest.mark.parametrize("share", [0.05, 0.5, 0.8, 0.85, 0.99])
def test_a_transit_in_progress_is_asked_for_to_its_end_whatever_is_in_hand(
    ask: Ask, conditions: ObservingConditions, window: Window, share: float
) -> None:
    now = window.start + window.length * share
    found = covering(ask("hat-p-32"), WANTED, conditions, accepted(every(EACH_S, window.start, now)), now)
    assert found is not None
    assert (refused(found), found.fixed, found.begun) == (None, window, True)


def test_a_transit_whose_frames_were_all_rejected_so_far_goes_on(
    ask: Ask, conditions: ObservingConditions, window: Window
) -> None:
    now = window.start + 60 * MINUTE
    progress = NOTHING
    for at in every(EACH_S, window.start, now):
        progress = progress.taken(at).judged(at, 120.0, False)
    assert refused(covering(ask("hat-p-32"), WANTED, conditions, progress, now)) is None


def test_a_transit_is_judged_once_it_is_over(ask: Ask, conditions: ObservingConditions, window: Window) -> None:
    whole = every(EACH_S, window.start, window.end)
    for taken, code in ((whole, None), (whole[: round(0.85 * len(whole))], "no-transit-tonight")):
        found = covering(ask("hat-p-32"), WANTED, conditions, accepted(taken), window.end)
        assert (found and refused(found)) == code


def test_hour_by_hour_a_transit_is_taken_from_its_first_baseline_to_its_last(
    ask: Ask, grid: Grid, conditions: ObservingConditions, overheads: Overheads, window: Window
) -> None:
    """As the night does it: an hour's frames at most, then a new schedule."""
    progress, now, costs = NOTHING, window.start - 10 * MINUTE, replace(overheads, download_s=2.0)
    rival = ask("rival", priority=9, ra_deg=80.0, fixed=Window(window.start + 30 * MINUTE, window.end))
    while now < window.end - timedelta(seconds=2 * EACH_S):
        found = covering(ask("hat-p-32", exposure_s=120.0, priority=2), WANTED, conditions, progress, now)
        rivals = [rival] if now > window.start else []
        block = tonight([*([found] if found else []), *rivals], [Timeline(grid, {"newton": costs}, now)]).blocks[0]
        assert block.request.line.picture == "hat-p-32"
        for number in range(min(block.count, int(3600 // EACH_S))):
            progress = progress.taken(block.start + timedelta(seconds=number * EACH_S))
        now = progress.tried_at[-1] + timedelta(seconds=EACH_S)
    (transit,) = WANTED.transits(window.start, window.end)
    assert min(WANTED.coverage(transit, progress.accepted_at).values()) > 0.9


def test_a_transit_is_begun_by_an_exposure_at_its_very_start(
    ask: Ask, conditions: ObservingConditions, window: Window
) -> None:
    for at, code in ((window.start, None), (window.start - timedelta(seconds=1), "cut-off")):
        found = covering(ask("hat-p-32"), WANTED, conditions, accepted([at]), window.start + 60 * MINUTE)
        assert refused(found) == code


def test_what_can_be_had_of_a_transit_is_not_begun_by_an_exposure_at_its_very_end(
    ask: Ask, conditions: ObservingConditions, grid: Grid, window: Window
) -> None:
    goal, last = replace(WANTED, accept="ingress"), grid.index(window.end) - 60
    asked = ask("hat-p-32", np.arange(grid.count) <= last)
    for at, code in ((grid.at(last) - timedelta(seconds=1), None), (grid.at(last), "cut-off")):
        assert refused(covering(asked, goal, conditions, accepted([at]), grid.at(last) + MINUTE)) == code


def test_what_was_exposed_twice_counts_for_no_more_than_all_of_it(window: Window) -> None:
    (transit,) = WANTED.transits(window.start, window.end)
    twice = 2 * every(EACH_S, window.start - MINUTE, window.end + MINUTE)
    assert WANTED.coverage(transit, twice) == dict.fromkeys(PARTS, 1.0)


def test_a_part_of_a_transit_is_covered_by_the_exposures_that_reach_into_it(window: Window) -> None:
    (transit,) = WANTED.transits(window.start, window.end)
    taken = every(EACH_S, window.start, transit.ingress)
    found = WANTED.coverage(transit, taken)
    assert list(found) == ["baseline before", "ingress", "middle", "egress", "baseline after"]
    assert found["baseline before"] == pytest.approx(1.0, abs=EACH_S / 1200)
    assert [found[part] for part in ("middle", "egress", "baseline after")] == [0.0, 0.0, 0.0]
    parts = list(WANTED.parts(transit).values())
    assert (parts[0].start, parts[-1].end) == (window.start, window.end)
    assert all(one.end == other.start for one, other in zip(parts, parts[1:], strict=False))


def test_a_transit_was_observed_if_something_was_taken_from_baseline_to_baseline(window: Window) -> None:
    (transit,) = WANTED.transits(window.start, window.end)
    each, second = timedelta(seconds=EACH_S), timedelta(seconds=1)
    for at in (window.start - each + second, transit.ingress, window.end - second):
        assert list(WANTED.observed([at])) == [transit]
    for at in (window.start - each - second, window.end + each + second):
        assert list(WANTED.observed([at])) == []
    assert list(WANTED.observed([])) == []


def test_years_between_two_nights_are_not_searched(window: Window) -> None:
    periods = 500 * timedelta(days=PLANET.period_d)
    found = list(WANTED.observed([window.start, window.start + timedelta(minutes=5), window.start + periods]))
    first, last = found
    assert (last.middle - first.middle) / periods == pytest.approx(1, abs=1e-5)


def test_two_transits_with_one_frame_each_are_two(window: Window) -> None:
    periods = 500 * timedelta(days=PLANET.period_d)
    found = list(WANTED.observed([window.start, window.start + periods]))
    first, last = found
    assert (last.middle - first.middle) / periods == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(("instant", "code"), [(0, "cut-off"), (-1, None)])
def test_what_asks_for_it_must_hold_from_the_first_instant_of_a_transit(
    ask: Ask, conditions: ObservingConditions, window: Window, instant: int, code: str | None
) -> None:
    free = np.ones(conditions.grid.count, dtype=bool)
    free[conditions.grid.index(window.start) + instant] = False
    assert refused(covering(ask("hat-p-32", free), WANTED, conditions, NOTHING, DUSK)) == code


@pytest.mark.parametrize(("instant", "code"), [(0, "cut-off"), (1, None)])
def test_what_asks_for_it_must_hold_to_the_last_instant_of_a_transit(
    ask: Ask, conditions: ObservingConditions, window: Window, instant: int, code: str | None
) -> None:
    free = np.ones(conditions.grid.count, dtype=bool)
    free[conditions.grid.index(window.end) + instant] = False
    assert refused(covering(ask("hat-p-32", free), WANTED, conditions, NOTHING, DUSK)) == code


def test_two_halves_of_different_transits_do_not_make_one(
    ask: Ask, conditions: ObservingConditions, window: Window
) -> None:
    half = every(EACH_S, window.start, window.start + window.length / 2)
    taken = [at - timedelta(days=days) for days in (43, 86) for at in half]
    assert refused(covering(ask("hat-p-32"), WANTED, conditions, accepted(sorted(taken)), DUSK)) is None


@pytest.mark.parametrize(("late", "code"), [(4, None), (6, "cut-off")])
def test_a_transit_is_not_begun_more_than_five_minutes_late(
    ask: Ask, conditions: ObservingConditions, window: Window, late: int, code: str | None
) -> None:
    now = window.start + late * MINUTE
    assert refused(covering(ask("hat-p-32"), WANTED, conditions, NOTHING, now)) == code


def test_a_transit_that_was_begun_in_time_goes_on(ask: Ask, conditions: ObservingConditions, window: Window) -> None:
    now = window.start + 60 * MINUTE
    taken = every(EACH_S, window.start, now)
    found = covering(ask("hat-p-32"), WANTED, conditions, accepted(taken), now)
    assert refused(found) is None
    assert found is not None
    assert found.fixed == window


def test_frames_of_an_earlier_transit_do_not_begin_this_one(
    ask: Ask, conditions: ObservingConditions, window: Window
) -> None:
    taken = [window.start - timedelta(days=43)]
    late = window.start + 60 * MINUTE
    assert refused(covering(ask("hat-p-32"), WANTED, conditions, accepted(taken), late)) == "cut-off"


@pytest.mark.parametrize(("after_start", "after_end"), [(5, 120), (-120, -5), (212, 120), (-120, -212)])
def test_a_transit_that_reaches_out_of_the_night_is_cut_off(
    ask: Ask, window: Window, after_start: int, after_end: int
) -> None:
    grid = Grid.over(window.start + after_start * MINUTE, window.end + after_end * MINUTE, 60.0)
    asked = ask("hat-p-32", np.ones(grid.count, dtype=bool))
    found = covering(asked, WANTED, over(grid), NOTHING, grid.start)
    assert refused(found) == "cut-off"
    assert found is not None
    assert found.refused is not None
    assert f"from {window.start:%H:%M} UTC to {window.end:%H:%M} UTC, reaches out of the night" in found.refused.words


def test_a_transit_during_which_something_does_not_hold_is_cut_off(
    ask: Ask, grid: Grid, conditions: ObservingConditions, window: Window
) -> None:
    free = np.ones(grid.count, dtype=bool)
    free[grid.index(window.start) + 30] = False
    assert refused(covering(ask("hat-p-32", free), WANTED, conditions, NOTHING, DUSK)) == "cut-off"


def test_what_does_not_hold_outside_the_transit_does_not_matter(
    ask: Ask, grid: Grid, conditions: ObservingConditions, window: Window
) -> None:
    free = np.zeros(grid.count, dtype=bool)
    free[grid.index(window.start) : grid.index(window.end) + 1] = True
    assert refused(covering(ask("hat-p-32", free), WANTED, conditions, NOTHING, DUSK)) is None


def test_a_night_without_a_transit_says_so(ask: Ask) -> None:
    grid = Grid(DUSK + timedelta(days=1), 60.0, 721)  # a period of 2.15 days leaves this night without one
    found = covering(ask("hat-p-32"), WANTED, over(grid), NOTHING, grid.start)
    assert refused(found) == "no-transit-tonight"


def test_a_transit_that_is_over_is_none_of_tonights(ask: Ask, conditions: ObservingConditions, window: Window) -> None:
    assert refused(covering(ask("hat-p-32"), WANTED, conditions, NOTHING, window.end)) == "no-transit-tonight"


def test_a_reason_that_was_found_before_is_kept(ask: Ask, conditions: ObservingConditions) -> None:
    asked = ask("hat-p-32", refused=Reason("altitude", "it stays low"))
    assert refused(covering(asked, WANTED, conditions, NOTHING, DUSK)) == "altitude"


@pytest.mark.parametrize(("seconds", "share"), [(0.0, 1.0), (0.5, 0.0)])
def test_a_baseline_that_takes_no_time_is_whole_and_one_that_takes_any_is_not(seconds: float, share: float) -> None:
    brief = replace(WANTED, before=timedelta(seconds=seconds))
    (found,) = transits(PLANET, STAR, WHIPPLE, DUSK, DUSK + timedelta(hours=12))
    coverage = brief.coverage(found, [])
    assert (coverage[PARTS[0]], coverage[PARTS[-1]]) == (share, share)


@pytest.mark.parametrize(("late_s", "code"), [(300.0, None), (301.0, "cut-off")])
def test_a_transit_is_begun_up_to_five_minutes_late(
    ask: Ask, conditions: ObservingConditions, window: Window, late_s: float, code: str | None
) -> None:
    now = window.start + timedelta(seconds=late_s)
    assert refused(covering(ask("hat-p-32"), WANTED, conditions, NOTHING, now)) == code


@pytest.mark.parametrize(("earlier_s", "code"), [(0.0, None), (1.0, "cut-off")])
def test_a_transit_may_fill_a_night_to_its_last_second_and_no_further(
    ask: Ask, window: Window, earlier_s: float, code: str | None
) -> None:
    count = 721
    whole = timedelta(seconds=60.0 * (count - 1))
    early = timedelta(seconds=earlier_s)
    for start in (window.start + early, window.end - whole - early):
        found = covering(ask("hat-p-32"), WANTED, over(Grid(start, 60.0, count)), NOTHING, start)
        assert refused(found) == code


def minimum(accept: str = "whole") -> CoverGoal:
    """A planet whose crossing is asked for with five hours on both sides: no night holds it."""
    return replace(WANTED, before=timedelta(hours=5), accept=accept, name="minimum")


@pytest.mark.parametrize(("accept", "had"), [("whole", 0), ("ingress", 1), ("egress", 2), ("either", 1)])
def test_where_the_whole_cannot_be_had_the_half_that_will_do_is_taken(
    ask: Ask, grid: Grid, conditions: ObservingConditions, accept: str, had: int
) -> None:
    (event,) = WANTED.transits(grid.start, grid.end)
    early = np.arange(grid.count) < grid.index(event.egress)  # clouds, or a hill, after the last contact
    late = np.arange(grid.count) > grid.index(event.ingress)
    goal = replace(minimum(accept), before=timedelta(hours=1))
    first, second = (covering(ask("s", free), goal, conditions, NOTHING, DUSK) for free in (early, late))
    assert [refused(first) is None, refused(second) is None] == [had == 1, had == 2 or accept == "either"]
    for found, half in ((first, "ingress"), (second, "egress")):
        if refused(found) is None:
            assert found is not None
            assert found.fixed is not None
            mine = goal.halves(event)[half]
            assert found.fixed.start <= mine.start < mine.end <= found.fixed.end
            assert found.free[grid.index(found.fixed.start) : grid.index(found.fixed.end) + 1].all()


def test_a_half_that_will_do_covers_an_event_and_another_does_not(conditions: ObservingConditions, grid: Grid) -> None:
    (event,) = WANTED.transits(grid.start, grid.end)
    first = every(EACH_S, event.ingress - BASELINE, event.middle)
    second = every(EACH_S, event.middle, event.egress + BASELINE)
    for accept, ways in {"whole": "..", "ingress": "x.", "egress": ".x", "either": "xx"}.items():
        goal = replace(WANTED, accept=accept)
        assert [goal.is_covered(event, taken) for taken in (first, second)] == [way == "x" for way in ways]
        assert goal.is_covered(event, [*first, *second])


def test_of_several_in_a_night_one_that_can_be_had_is_taken(
    ask: Ask, grid: Grid, conditions: ObservingConditions
) -> None:
    soon = Ephemeris(PLANET.epoch_jd, PLANET.period_d / 16, 0.5)
    goal = replace(WANTED, ephemeris=soon, before=timedelta(minutes=10))
    free = np.arange(grid.count) > 300
    found = covering(ask("s", free), goal, conditions, NOTHING, DUSK)
    assert refused(found) is None
    assert found is not None
    assert found.fixed is not None
    assert found.fixed.start > grid.at(300)


@pytest.mark.parametrize(
    ("said", "of", "name", "sides"),
    [
        ({"transit": "b", "baseline": "20 min"}, "b", "transit", (20, 20)),
        ({"event": "minimum", "before": "1 h", "after": "2 h", "accept": "egress"}, "minimum", "minimum", (60, 120)),
    ],
)
def test_what_is_covered_is_the_event_that_is_named(
    conditions: ObservingConditions, said: dict[str, str], of: str, name: str, sides: tuple[int, int]
) -> None:
    eclipse = PLANET._replace(period_d=PLANET.period_d * 2)
    both = replace(conditions, events={"plan": (STAR, {"b": PLANET, "minimum": eclipse})})
    goal = cover_goal("plan", Cover.model_validate(said), both, EACH_S)
    assert goal.ephemeris == {"b": PLANET, "minimum": eclipse}[of]
    assert (goal.name, goal.before, goal.after) == (name, *(side * MINUTE for side in sides))
    assert goal.accept == said.get("accept", "whole")


@pytest.mark.long
@pytest.mark.once
@pytest.mark.parametrize("start", [DUSK, datetime(2026, 11, 26, tzinfo=UTC), datetime(1999, 12, 31, 12, tzinfo=UTC)])
@pytest.mark.parametrize("hours", [1, 12, 700, 2400])
def test_transits_out_of_whole_months_are_those_of_the_very_span_each_once(start: datetime, hours: int) -> None:
    for number in range(8):  # across the edge of a month
        begin = start + number * timedelta(days=4.1)
        span = begin, begin + timedelta(hours=hours)
        found, truth = WANTED.transits(*span), transits(PLANET, STAR, WHIPPLE, *span)
        assert len(found) == len(truth)
        assert all(
            abs(mine.ingress - its.ingress) < timedelta(milliseconds=1) for mine, its in zip(found, truth, strict=True)
        )
        assert [*found] == sorted(found, key=lambda each: each.middle)


@pytest.mark.parametrize("late_min", [-20, 0, 40])
@pytest.mark.parametrize("span_h", [(-6, 6), (-6, -0.5), (0.8, 6)])
def test_a_transit_across_the_edge_of_a_month_is_told_once_on_both_its_sides(
    late_min: int, span_h: tuple[float, float]
) -> None:
    edge = datetime(2000, 1, 1, tzinfo=UTC) + 205 * timedelta(days=32)
    planet = PLANET._replace(epoch_jd=float(Time(edge + late_min * MINUTE).tdb.jd))
    span = [edge + timedelta(hours=at) for at in span_h]
    found, truth = replace(WANTED, ephemeris=planet).transits(*span), transits(planet, STAR, WHIPPLE, *span)
    assert len(found) == len(truth) == 1
    assert abs(found[0].middle - truth[0].middle) < timedelta(milliseconds=1)


def test_every_night_that_asks_is_told_the_same_moment() -> None:
    spans = [(DUSK - number * timedelta(hours=7), DUSK + (12 + number) * timedelta(hours=1)) for number in range(6)]
    assert len({WANTED.transits(*span)[-1] for span in spans}) == 1


def test_long_before_and_after_transits_are_asked_for_by_their_own_span() -> None:
    for year, month, day in ((1, 1, 20), (1850, 1, 1), (2400, 1, 1), (9999, 12, 10)):  # the calendar's edges: no month
        start = datetime(year, month, day, tzinfo=UTC)
        assert WANTED.transits(start, start + timedelta(days=3)) == transits(
            PLANET, STAR, WHIPPLE, start, start + timedelta(days=3)
        )
