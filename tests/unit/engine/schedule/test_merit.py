"""What a block is worth at a moment: one test a term, and the whole against every order that four requests can have."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

import numpy as np
import pytest

from obsy.engine.schedule.bearings import Aim
from obsy.engine.schedule.fit import Timeline, block_of
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.request import Candidate, Schedule
from obsy.engine.schedule.tonight import tonight
from obsy.engine.schedule.value import merit as merit_of
from obsy.engine.sky.grid import Grid
from obsy.schemas.value import Value
from tests.support.effort import seeds
from tests.support.equipment import one

Ask = Callable[..., Candidate]
DARK = 0.5
"""Without moonlight."""
ELSEWHERE = Aim("elsewhere", 200.0, 41.0, "newton", "Ha", -1)


@pytest.fixture
def place(grid: Grid, overheads: Overheads) -> Timeline:
    return one(grid, overheads)


def merit(candidate: Candidate, place: Timeline, at: int = 0, last: Aim | None = ELSEWHERE) -> float:
    """The worth of the candidate's frames from the grid's instant `at` on."""
    block = block_of(candidate, place, place.grid.at(at), candidate.request.count)
    assert block is not None
    return merit_of(candidate, place.grid.at(at), place, last, Value())


def window(grid: Grid, first: int, length: int) -> np.ndarray:
    """Free for `length` instants from the grid's instant `first` on."""
    free = np.zeros(grid.count, dtype=bool)
    free[first : first + length] = True
    return free


def test_a_step_of_priority_is_worth_one(ask: Ask, place: Timeline) -> None:
    assert merit(ask("a", priority=6), place) - merit(ask("a", priority=5), place) == pytest.approx(1.0)


@pytest.mark.parametrize(("instants", "share"), [(601, 1820 / 36060), (91, 1820 / 5460), (31, 1820 / 1860), (20, 1.0)])
def test_the_less_time_is_left_the_more_it_is_worth_up_to_two(
    ask: Ask, place: Timeline, instants: int, share: float
) -> None:
    # Ten frames of 180 s with 2 s of download each: 1820 s of what is left, a minute an instant.
    found = merit(ask("a", window(place.grid, 0, instants), priority=0), place)
    assert found == pytest.approx(2 * share + 1.0 + DARK)


def test_only_the_time_that_is_still_to_come_counts_as_left(ask: Ask, place: Timeline) -> None:
    early = ask("a", window(place.grid, 0, 200), priority=0)
    assert merit(early, place, at=100) == pytest.approx(2 * 1820 / 6000 + 1.0 + DARK)


@pytest.mark.parametrize(
    ("altitude", "highest", "worth"), [(60, 60, 1.0), (30, 90, 0.5), (20, 80, 0.3473), (0, 0.5, 0.0)]
)
def test_height_counts_by_the_air_beside_the_least_that_it_can_have_tonight(
    ask: Ask, place: Timeline, altitude: float, highest: float, worth: float
) -> None:
    flat = ask("a", priority=0)
    heights = np.full(place.grid.count, float(highest))
    heights[0] = altitude
    found = merit(replace(flat, altitude_deg=heights), place)
    assert found - merit(flat, place) == pytest.approx(worth - 1.0, abs=1e-4)


def test_the_best_height_is_that_of_a_time_when_it_may_be_taken(ask: Ask, place: Timeline) -> None:
    heights = np.full(place.grid.count, 30.0)
    heights[300:] = 90.0
    may, may_not = ask("a", priority=0), ask("a", window(place.grid, 0, 250), priority=0)
    urgency = 2 * 1820 / 36060, 2 * 1820 / 15000
    assert merit(replace(may, altitude_deg=heights), place) == pytest.approx(urgency[0] + 0.5 + DARK)
    assert merit(replace(may_not, altitude_deg=heights), place) == pytest.approx(urgency[1] + 1.0 + DARK)


@pytest.mark.parametrize(("moonlight", "worth"), [(0.0, 0.5), (0.4, 0.3), (1.0, 0.0)])
def test_a_dark_sky_is_worth_half_a_step(ask: Ask, place: Timeline, moonlight: float, worth: float) -> None:
    moonlit = replace(ask("a"), moonlight=np.full(place.grid.count, moonlight))
    assert merit(moonlit, place) - merit(replace(moonlit, moonlight=1.0), place) == pytest.approx(worth)


@pytest.mark.parametrize(
    ("last", "worth"),
    [
        (None, 0.0),
        (ELSEWHERE, 0.0),
        (replace(ELSEWHERE, picture="a"), 0.5),
        (replace(ELSEWHERE, filter="L"), 0.25),
        (replace(ELSEWHERE, picture="a", filter="L"), 0.75),
    ],
)
def test_staying_is_worth_half_a_step_and_the_filter_a_quarter(
    ask: Ask, place: Timeline, last: Aim | None, worth: float
) -> None:
    assert merit(ask("a"), place, last=last) - merit(ask("a"), place) == pytest.approx(worth)


def objects(found: Schedule) -> list[str]:
    """Whose turn it is, in order; what goes on is told once."""
    names = [block.request.line.picture for block in found.blocks]
    return [names[0], *(after for before, after in pairwise(names) if after != before)]


def test_of_equals_the_one_whose_time_runs_out_goes_first(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    asked = [ask("long"), ask("short", window(grid, 0, 60))]
    assert objects(tonight(asked, [one(grid, overheads)])) == ["short", "long"]


def test_of_equals_the_one_at_its_height_goes_first(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    rising, setting = np.linspace(20, 70, grid.count), np.linspace(70, 20, grid.count)
    asked = [replace(ask("rising"), altitude_deg=rising), replace(ask("setting"), altitude_deg=setting)]
    assert objects(tonight(asked, [one(grid, overheads)])) == ["setting", "rising"]


def test_a_target_is_finished_before_another_is_begun(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    asked = [ask("a", goal="L"), ask("b", goal="L"), ask("a", goal="R", role="R"), ask("b", goal="R", role="R")]
    assert objects(tonight(asked, [one(grid, overheads)])) == ["a", "b"]


def frames(found: Schedule) -> int:
    return sum(block.count for block in found.blocks)


def most_in_any_order(asked: Sequence[Candidate], grid: Grid, overheads: Overheads, now: datetime) -> int:
    """How many frames there are if each takes its turn, as early as it can, in the order that gives most."""
    found = [0]
    for candidate in asked:
        blocks = tonight([candidate], [one(grid, overheads, now)]).blocks
        others, then = [each for each in asked if each is not candidate], blocks[-1].end if blocks else now
        found.append(frames(Schedule(blocks, ())) + most_in_any_order(others, grid, overheads, then))
    return max(found)


FEW = 5
"""Of the seeds that are tried beside the whole nights, those that are tried in the fast tests too."""


@pytest.mark.long
@pytest.mark.once
@pytest.mark.parametrize(
    "seed", [pytest.param(seed, marks=[pytest.mark.slow] if seed > FEW else []) for seed in seeds(30)]
)
def test_four_requests_get_most_of_what_their_best_order_would_give(ask: Ask, overheads: Overheads, seed: int) -> None:
    grid, chance = Grid(datetime.fromisoformat("2026-11-21T18:00Z"), 600.0, 61), Random(seed)
    asked = []
    for number in range(4):
        first, count = chance.randrange(40), chance.randrange(3, 40)
        whole = ask(f"p{number}", count=count)
        arrays = {name: getattr(whole, name)[::10] for name in ("ra_deg", "dec_deg", "altitude_deg", "hour_angle_h")}
        asked.append(replace(whole, free=window(grid, first, chance.randrange(6, 61 - first)), **arrays))
    best = most_in_any_order(asked, grid, overheads, grid.start)
    assert frames(tonight(asked, [one(grid, overheads)])) >= 2 * best / 3
    if best == sum(candidate.request.count for candidate in asked):
        assert frames(tonight(asked, [one(grid, overheads)])) >= 0.9 * best


def test_what_goes_on_without_a_gap_is_one_block(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    found = tonight([ask("a", count=60)], [one(grid, overheads)])
    assert [each.count for each in found.blocks] == [60]
    (only,) = found.blocks
    assert only.start == grid.start + timedelta(seconds=overheads.settle_s + overheads.filter_s + overheads.focus_s)
    assert only.end - only.start == timedelta(seconds=60 * 182)


def test_nothing_begins_before_the_time_it_is_asked_for(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    begin = grid.at(77) + timedelta(seconds=13)
    (only,) = tonight([ask("a")], [one(grid, overheads, begin)]).blocks
    assert only.start == begin + timedelta(seconds=72)


def test_a_moving_target_is_followed_at_its_own_rate(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    still = ask("comet", rising_h=1.0)
    hours = grid.seconds / 3600
    moving = replace(still, ra_deg=(359.99 + 0.02 * hours) % 360, dec_deg=60.0 - 0.01 * hours)
    (only,) = tonight([moving], [one(grid, overheads)]).blocks
    assert only.ra_rate == pytest.approx(0.02 * 3600 * np.cos(np.radians(60.0)), abs=0.1)
    assert only.dec_rate == pytest.approx(-36.0, abs=0.1)
    (star,) = tonight([still], [one(grid, overheads)]).blocks
    assert (star.ra_rate, star.dec_rate) == (0.0, 0.0)
    assert (str(star.ra_rate), str(star.dec_rate)) == ("0.0", "0.0")
