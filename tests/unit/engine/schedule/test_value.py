"""What a night is worth: laws that every set of weights keeps, and numbers that a person has worked out."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from obsy.engine.schedule.fit import Timeline, aim_of, block_of
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.request import Block, Candidate, Claim
from obsy.engine.schedule.tonight import tonight
from obsy.engine.schedule.value import _lowest_deg, of_block, of_night
from obsy.engine.schedule.whole_worth import WholeWorth
from obsy.engine.sky.grid import Grid, Window
from obsy.schemas.value import Value
from obsy.schemas.when import When
from tests.support.effort import examples
from tests.support.equipment import one

Ask = Callable[..., Candidate]
LAW = settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
WEIGHTS = st.builds(
    Value.model_construct,
    priority=st.floats(0.1, 10),
    **{name: st.floats(0, 10) for name in ("deadline", "season", "quality", "moon", "balance", "completion")},
)


@dataclass
class Here:
    """Who asks, and the mount that answers."""

    ask: Ask
    place: Timeline


@pytest.fixture
def here(ask: Ask, grid: Grid, overheads: Overheads) -> Here:
    return Here(ask, one(grid, overheads))


def block(candidate: Candidate, place: Timeline, at: int, count: int) -> Block:
    found = block_of(candidate, place, place.grid.at(at), count)
    assert found is not None
    return found


def total(blocks: list[Block], asked: list[Candidate], place: Timeline, weights: Value) -> float:
    return sum(of_night(blocks, asked, [place], weights).values())


def goals(ask: Ask, counts: list[int]) -> list[Candidate]:
    """Goals of one picture, and one of another; all of 180 s."""
    asked = [ask("m31", goal=f"F{n}", role=f"F{n}", count=count) for n, count in enumerate(counts)]
    return [sized(each, each.request.count + 3) for each in [*asked, ask("m33", count=5)]]


def sized(candidate: Candidate, frames: int) -> Candidate:
    """The same, of a goal of so many frames."""
    line = candidate.request.line
    goal = line.goal.model_copy(update={"count": frames})
    return replace(candidate, request=replace(candidate.request, line=replace(line, goal=goal)))


@LAW
@given(
    weights=WEIGHTS,
    counts=st.lists(st.integers(1, 9), min_size=1, max_size=3),
    taken=st.lists(st.integers(0, 9), min_size=4, max_size=4),
    data=st.data(),
)
def test_a_frame_more_of_a_goal_that_wants_it_never_lowers_the_value(
    here: Here, weights: Value, counts: list[int], taken: list[int], data: st.DataObject
) -> None:
    place, asked = here.place, goals(here.ask, counts)
    frames = [min(each.request.count, n) for each, n in zip(asked, taken, strict=False)]
    wanting = [n for n, each in enumerate(asked) if frames[n] < each.request.count]
    blocks = [block(each, place, 60 * n, frames[n]) for n, each in enumerate(asked) if frames[n]]
    if not wanting:
        return
    more = data.draw(st.sampled_from(wanting))
    longer = [block(e, place, 60 * n, frames[n] + (n == more)) for n, e in enumerate(asked) if frames[n] + (n == more)]
    assert total(longer, asked, place, weights) > total(blocks, asked, place, weights)


@LAW
@given(weights=WEIGHTS, size=st.integers(2, 40), spread=st.integers(1, 39))
def test_of_equals_finishing_one_is_never_worth_less_than_beginning_both(
    here: Here, weights: Value, size: int, spread: int
) -> None:
    place, asked = here.place, [sized(here.ask(name, count=size), size) for name in "ab"]
    spread = min(spread, size - 1)
    finishes = [block(asked[0], place, 0, size)]
    begins = [block(asked[0], place, 0, spread), block(asked[1], place, 400, size - spread)]
    apart = total(finishes, asked, place, weights) - total(begins, asked, place, weights)
    assert apart >= weights.completion * min(1.0, size * 0.05) - 1e-9


@LAW
@given(weights=WEIGHTS, low=st.integers(1, 9), more=st.integers(1, 9), at=st.integers(0, 500))
def test_a_higher_priority_is_worth_more_where_all_else_is_equal(
    here: Here, weights: Value, low: int, more: int, at: int
) -> None:
    place, asked = here.place, [here.ask("a", priority=low), here.ask("b", priority=min(10, low + more))]
    first, second = (total([block(each, place, at, 4)], asked, place, weights) for each in asked)
    assert second > first


def test_the_value_of_a_night_is_what_a_person_works_out(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    # Frames of 180 s, 0.05 h; L wants all of its 20, R 10 of 20; both finished would be 1 h long.
    heights = np.where(np.arange(grid.count) < 100, 30.0, 90.0)
    lum, red = (sized(ask("m31", goal=role, role=role, count=n), 20) for role, n in (("L", 20), ("R", 10)))
    asked = [replace(each, altitude_deg=heights, moonlight=0.4) for each in (lum, red)]
    asked[0] = replace(asked[0], request=replace(asked[0].request, claim=Claim(5.0, 1.5, 0.2)))
    place = one(grid, overheads)
    found = of_night([block(asked[0], place, 0, 8), block(asked[1], place, 200, 10)], asked, [place], Value())
    assert found == pytest.approx(
        {
            "priority": 8 * 0.05 * 5 + 10 * 0.05 * 5,
            "deadline": 8 * 0.05 * 1.5,
            "season": 8 * 0.05 * 0.2,
            "immediate": 0.0,
            "share": 0.0,
            "quality": 8 * 0.05 * 0.5 + 10 * 0.05 * 1.0,
            "moon": 18 * 0.05 * 0.5 * 0.6,
            "staying": (7 + 10) * 0.05 * 0.5,  # all but the first of the night
            "filter": (7 + 9) * 0.05 * 0.25,
            "completion": 1.0,  # R, of 1 h
            "balance": 0.5 * 0.4 * 2.0,  # L comes from 0 to 40 %, of 2 h in all
        }
    )


def test_each_frame_counts_by_the_instant_of_the_grid_at_which_it_begins(
    ask: Ask, grid: Grid, overheads: Overheads
) -> None:
    # Frames of 90 s and 2 s to read them out, from half past instant 5: they begin in 5, 7, 8 and 10.
    place = one(grid, overheads)
    asked = ask("m31", count=4, exposure_s=90.0)
    asked = replace(
        asked, altitude_deg=np.linspace(20.0, 80.0, grid.count), moonlight=np.linspace(1.0, 0.0, grid.count)
    )
    found = block_of(asked, place, grid.at(5) + timedelta(seconds=30), 4)
    assert found is not None
    terms, instants = of_block(asked, found, place, None, Value(quality=1.0, moon=2.0)), [5, 7, 8, 10]
    assert terms["quality"] == pytest.approx(float(asked.quality[instants].sum()) / 40, rel=1e-9)
    assert terms["moon"] == pytest.approx(2.0 * float(asked.moonless[instants].sum()) / 40, rel=1e-9)


def test_a_frame_that_begins_on_an_instant_counts_by_it_and_not_by_the_one_before(ask: Ask, grid: Grid) -> None:
    place, asked = one(grid, Overheads(1e9, 0.0, 0.0, 0.0, 0.0, 0.0, None)), ask("m31", count=9, exposure_s=20.1)
    asked = replace(asked, altitude_deg=np.linspace(20.0, 80.0, grid.count))
    late = block_of(asked, place, grid.at(6) - timedelta(microseconds=1), 1)
    assert late is not None
    points = of_block(asked, late, place, None, Value(quality=1.0))["quality"]
    assert points == pytest.approx(float(asked.quality[6]) * 20.1 / 3600, rel=1e-9)


def test_what_was_taken_after_the_end_of_the_grid_counts_by_its_last_instant(
    ask: Ask, grid: Grid, overheads: Overheads
) -> None:
    place, asked = one(grid, overheads), ask("m31", count=3, exposure_s=90.0)
    asked = replace(asked, altitude_deg=np.linspace(20.0, 80.0, grid.count))
    late = replace(block(asked, place, 5, 3), start=grid.at(599))
    points = of_block(asked, late, place, None, Value(quality=1.0))["quality"]
    assert points == pytest.approx(float(asked.quality[[599, 600, 600]].sum()) / 40, rel=1e-9)


def test_a_block_that_goes_on_with_the_filter_of_the_last_stays_from_its_first_frame(here: Here) -> None:
    asked = here.ask("m31", count=9)
    first, then = (block(asked, here.place, at, 4) for at in (0, 60))
    weights = Value(staying=1.0, filter=1.0)
    on = of_block(asked, then, here.place, aim_of(first), weights)
    anew = of_block(asked, then, here.place, None, weights)
    assert (on["staying"], on["filter"]) == pytest.approx((4 * 0.05, 4 * 0.05))
    assert (anew["staying"], anew["filter"]) == pytest.approx((3 * 0.05, 3 * 0.05))


def test_a_fixed_time_is_finished_by_its_first_frame(here: Here) -> None:
    grid = here.place.grid
    asked = here.ask("transit", count=9, fixed=Window(grid.at(5), grid.at(9)))
    taken = of_night([block(asked, here.place, 5, 1)], [asked], [here.place], Value(completion=1.0))
    assert taken["completion"] == pytest.approx(9 * 0.05)


def test_what_nothing_keeps_up_may_be_taken_from_the_horizon() -> None:
    assert _lowest_deg(When(), ()) == 0.0


def test_a_goal_finished_is_worth_its_time_but_an_hour_at_most(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    place = one(grid, overheads)
    for size, worth in ((1, 0.05), (19, 0.95), (20, 1.0), (60, 1.0)):
        asked = [sized(ask("a", count=1), size)]
        assert of_night([block(asked[0], place, 0, 1)], asked, [place], Value())["completion"] == pytest.approx(worth)


def test_what_cannot_be_taken_tonight_keeps_no_other_goal_of_its_picture_back(
    ask: Ask, grid: Grid, overheads: Overheads
) -> None:
    place, (lum, red) = one(grid, overheads), goals(ask, [10, 10])[:2]
    moonlit = replace(red, refused=object())  # type: ignore[arg-type]
    blocks = [block(lum, place, 0, 10)]
    assert of_night(blocks, [lum, red], [place], Value())["balance"] == 0.0
    assert of_night(blocks, [lum, moonlit], [place], Value())["balance"] == pytest.approx(0.5 * 10 * 0.05)


def test_several_goals_of_minutes_count_as_an_hour_when_they_come_on_together(
    ask: Ask, grid: Grid, overheads: Overheads
) -> None:
    place, weights = one(grid, overheads), Value()
    pair = [sized(ask("star", goal=role, role=role, count=1), 1) for role in "BV"]
    both = [block(each, place, 10 * n, 1) for n, each in enumerate(pair)]
    assert of_night(both, pair, [place], weights)["balance"] == pytest.approx(0.5 * 1.0)
    assert of_night(both[:1], pair, [place], weights)["balance"] == 0.0
    rest = [replace(pair[1], request=replace(pair[1].request, line=replace(pair[1].request.line, together=2)))]
    assert of_night(both[1:], rest, [place], weights)["balance"] == pytest.approx(0.5), "what is left of a pair, too"
    assert of_night(both[1:], pair[1:], [place], weights)["balance"] == pytest.approx(0.5 * 0.05), (
        "one goal is its time"
    )


@pytest.mark.parametrize(("least_h", "taken"), [(1.0, ["B", "V"]), (0.0, ["B"])])
def test_of_a_pair_of_three_minutes_each_no_one_is_taken_alone_before_what_is_wanted_more(
    here: Here, monkeypatch: pytest.MonkeyPatch, least_h: float, taken: list[str]
) -> None:
    monkeypatch.setattr("obsy.engine.schedule.value.IN_STEP_H", least_h)
    minutes = np.arange(here.place.grid.count)
    asked = [here.ask("dear", minutes >= 5, count=300, priority=8)]
    asked += [here.ask("star", minutes < 30, goal=role, role=role, count=1, ra_deg=40.0) for role in "BV"]
    found = tonight(asked, [here.place])
    assert [each.request.line.filter for each in found.blocks if each.request.line.plan == "star"] == taken


def test_the_search_for_a_better_order_counts_a_pair_so_too(here: Here) -> None:
    pair = [sized(here.ask("star", goal=role, role=role, count=1), 1) for role in "BV"]
    both = [block(each, here.place, 10 * n, 1) for n, each in enumerate(pair)]
    terms, whole = of_night(both, pair, [here.place], Value()), WholeWorth.of(pair, Value())
    assert whole.value([0, 0]) == pytest.approx(terms["completion"] + terms["balance"])
    assert whole.value([0, 1]) == pytest.approx(0.05), "the one of the pair that is finished, and no balance"


def test_each_mount_stays_with_its_own_pictures(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    asked = [ask("a", train="newton", count=2), ask("b", train="wide", count=2)]
    places = [Timeline(grid, {name: overheads}, grid.start) for name in ("newton", "wide")]
    blocks = [block(asked[n % 2], places[n % 2], 10 * n, 1) for n in range(4)]
    assert of_night(blocks, asked, places, Value())["staying"] == pytest.approx(2 * 0.05 * 0.5)


def test_nothing_is_worth_nothing(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    assert set(of_night([], [ask("a")], [one(grid, overheads)], Value()).values()) == {0.0}
