"""A plan goes to one train, and of a list only so many plans are begun, whatever orders are tried."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from obsy.engine.schedule.course import Step
from obsy.engine.schedule.fit import Timeline, block_of
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.request import Candidate
from obsy.engine.schedule.rules_between import Between
from obsy.engine.sky.grid import Grid

Ask = Callable[..., Candidate]


def listed(candidate: Candidate, most: int) -> Candidate:
    return replace(candidate, request=replace(candidate.request, choice=("list", most)))


def orders(*mounts: tuple[int, ...]) -> list[list[Step]]:
    return [[Step(number, 5) for number in mount] for mount in mounts]


@pytest.mark.parametrize(
    ("mounts", "allowed"),
    [(((0, 2, 0), ()), True), (((), (1, 1)), True), (((0,), (1,)), False), (((0, 1),), False), (((2,), (1,)), True)],
)
def test_no_plan_goes_to_two_trains(ask: Ask, mounts: tuple[tuple[int, ...], ...], allowed: bool) -> None:
    free = [ask("both", train="newton"), ask("both", train="wide"), ask("one", train="newton")]
    assert Between.of(free, free, []).allows(orders(*mounts)) is allowed


def test_a_plan_whose_event_is_booked_stays_with_its_train(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    free = [ask("p", train="wide"), ask("q", train="wide")]
    timeline = Timeline(grid, {"newton": overheads}, grid.start)
    booked = block_of(ask("p", train="newton"), timeline, grid.at(9), 3)
    assert booked is not None
    rules = Between.of(free, free, [booked])
    assert rules.has_many
    assert (rules.allows(orders((0,))), rules.allows(orders((1,)))) == (False, True)
    assert not Between.of(free, free, []).has_many
    assert Between.of(free, free, []).allows(orders((0, 1))) is True


@pytest.mark.parametrize("most", [1, 2])
def test_of_a_list_only_so_many_plans_are_begun(ask: Ask, most: int) -> None:
    free = [listed(ask(name), most) for name in "abc"]
    rules = Between.of([*free, ask("d")], [*free, ask("d")], [])
    for begun in ((0, 0, 0), (0, 3), (0, 1, 0), (2, 0), (0, 1, 2, 3)):
        assert rules.allows(orders(begun)) is (len({*begun} - {3}) <= most), begun


def test_an_event_that_is_booked_counts_for_its_list(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    event, other = listed(ask("event"), 1), listed(ask("other"), 1)
    booked = block_of(event, Timeline(grid, {"newton": overheads}, grid.start), grid.at(9), 3)
    assert booked is not None
    assert not Between.of([other], [event, other], [booked]).allows(orders((0,)))
    assert Between.of([other], [event, other], []).allows(orders((0,)))
