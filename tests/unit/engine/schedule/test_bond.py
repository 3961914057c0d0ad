"""What counts only together is had whole or not at all."""

import cProfile
import pstats
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from obsy.engine.schedule.better import better
from obsy.engine.schedule.bond import NOT_WHOLE, bonded, had, once_begun, torn
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.request import Bond, Candidate, Reason
from obsy.engine.schedule.tonight import TRIES, WEIGHTS, at_least_by_others, tonight
from obsy.engine.schedule.whole_worth import TORN, WholeWorth
from obsy.engine.sky.grid import Grid
from tests.support.equipment import one

Ask = Callable[..., Candidate]
LOW = Reason("too-low", "it never stands high enough")


def bound(name: str, *asked: Candidate, begun: bool = False) -> list[Candidate]:
    return [replace(each, request=replace(each.request, bond=Bond(name, begun))) for each in asked]


def named(name: str, *plans: str, begun: bool = False) -> dict[str, Bond]:
    return {plan: Bond(name, begun) for plan in plans}


def of(ask: Ask, plan: str, first: int, last: int, grid: Grid, **said: object) -> Candidate:
    free = np.zeros(grid.count, bool)
    free[first:last] = True
    return ask(plan, free, **said)


def test_where_one_of_it_cannot_be_had_nothing_of_it_is_asked_for(ask: Ask) -> None:
    b, v, alone = bonded([ask("ss-cyg"), ask("field", refused=LOW), ask("other")], named("ss-cyg", "ss-cyg", "field"))
    assert b.refused is not None
    assert b.refused.code == NOT_WHOLE
    assert b.refused.words == (
        "it counts only together with field L-180s, of which there is nothing: it never stands high enough"
    )
    assert (v.refused, alone.refused) == (LOW, None)


def test_what_another_train_can_take_is_not_lacking(ask: Ask) -> None:
    asked = [ask("a"), ask("b", refused=LOW, train="wide"), ask("b")]
    assert [each.refused for each in bonded(asked, named("pair", "a", "b"))] == [None, LOW, None]


def test_once_it_has_begun_what_is_due_another_night_has_been_had(ask: Ask) -> None:
    later = Reason("not-due", "its cadence makes it due tomorrow")
    asked = [ask("a"), ask("b", refused=later)]
    waits, _ = bonded(asked, named("pair", "a", "b"))
    goes_on, _ = bonded(asked, named("pair", "a", "b", begun=True))
    assert waits.refused is not None
    assert goes_on.refused is None


def placed(asked: Sequence[Candidate], grid: Grid, overheads: Overheads) -> set[str]:
    timelines = [one(grid, overheads)]
    found = better(tonight(asked, timelines), asked, timelines, WEIGHTS, 300)
    assert not torn(found.blocks, asked)
    codes = {each.reason.code for each in found.unplaced if each.request.bond is not None}
    assert codes <= {NOT_WHOLE}
    return {block.request.line.plan for block in found.blocks}


def test_a_whole_that_does_not_fit_leaves_its_time_to_others(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    whole = bound("pair", ask("a", count=100, priority=9), ask("b", count=150, priority=9))
    assert placed([*whole, ask("other", count=150, priority=1)], grid, overheads) == {"other"}


def test_a_whole_says_whether_the_night_is_too_short_for_it_or_worth_more_with_others(
    ask: Ask, grid: Grid, overheads: Overheads
) -> None:
    long = bound("pair", ask("a", count=400), ask("b", count=400))
    (why, _) = (each.reason.words for each in tonight(long, [one(grid, overheads)]).unplaced)
    assert "all of them take 40 h 27 min with what lies between frames, and may be had for " in why and why.endswith(
        ": ask for less"
    )
    small = bound("pair", of(ask, "a", 60, 100, grid, priority=1), of(ask, "b", 0, 60, grid, priority=1))
    rival = of(ask, "rival", 0, 60, grid, count=19, priority=9)
    found = tonight([*small, rival], [one(grid, overheads)]).unplaced
    assert {each.reason.words.partition(": ")[2] for each in found} == {
        "what others of the night are worth leaves no time for all of them"
    }


def test_a_whole_that_hardly_does_not_fit_blames_no_others_in_an_empty_night(
    ask: Ask, grid: Grid, overheads: Overheads
) -> None:
    most = int(grid.count * grid.step_s / 182.0)
    asked = bound("pair", ask("a", count=most - most // 2), ask("b", count=most // 2))
    found = tonight(asked, [one(grid, overheads)]).unplaced
    assert {each.reason.words.partition(": ")[2] for each in found} == {
        "all of them, with slewing, focusing and what lies between frames, do not fit: ask for less"
    }


def test_a_whole_that_a_list_left_out_says_so(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    def chosen(name: str, *asked: Candidate) -> list[Candidate]:
        return [replace(each, request=replace(each.request, choice=("list", 1))) for each in bound(name, *asked)]

    asked = [
        *chosen("one", ask("one", goal="V"), ask("one", goal="B")),
        *chosen("two", ask("two", goal="V"), ask("two", goal="B")),
    ]
    found = tonight(asked, [one(grid, overheads)])
    assert {each.reason.code for each in found.unplaced} == {"not-chosen"}


def test_a_whole_that_is_worth_more_takes_the_time_of_what_would_tear_it(
    ask: Ask, grid: Grid, overheads: Overheads
) -> None:
    b = of(ask, "b", 0, 60, grid, count=10, priority=1)
    rival = of(ask, "rival", 0, 60, grid, count=15, priority=3)
    asked = [*bound("pair", of(ask, "a", 60, 400, grid, count=90, priority=9), b), rival]
    assert placed(asked, grid, overheads) >= {"a", "b"}


def test_what_is_worth_less_gives_way_whole(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    pair = bound("pair", of(ask, "a", 60, 100, grid, priority=1), of(ask, "b", 0, 60, grid, priority=1))
    asked = [*pair, of(ask, "rival", 0, 60, grid, count=19, priority=9)]
    assert placed(asked, grid, overheads) == {"rival"}


def test_only_of_the_night_that_counts_changes_are_tried_by_chance(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    """Three nights are filled by five rules each: as things stand, with the pair before all others, and without it."""
    pair = bound("pair", of(ask, "a", 60, 100, grid, priority=1), of(ask, "b", 0, 60, grid, priority=1))
    profile = cProfile.Profile()
    profile.runcall(tonight, [*pair, of(ask, "rival", 0, 60, grid, count=19, priority=9)], [one(grid, overheads)])
    filled = sum(row[0] for (_, _, name), row in pstats.Stats(profile).stats.items() if name == "filled")  # type: ignore[attr-defined]
    assert filled <= 3 * 5 + TRIES


def test_what_has_begun_goes_before_what_is_worth_more(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    rest = bound("pair", of(ask, "b", 0, 60, grid, priority=1), begun=True)
    asked = [*rest, of(ask, "rival", 0, 60, grid, count=15, priority=9)]
    assert "b" in placed(asked, grid, overheads)


def test_what_has_begun_and_can_be_completed_no_more_is_left(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    rest = bound("pair", ask("a"), of(ask, "b", 0, 20, grid, count=15), begun=True)
    assert placed([*rest, ask("other")], grid, overheads) == {"other"}


def test_the_rules_of_others_tear_nothing_either(ask: Ask, grid: Grid, overheads: Overheads) -> None:
    whole = bound("pair", ask("a", count=100, priority=9), ask("b", count=150, priority=9))
    asked, timelines = [*whole, of(ask, "other", 0, 60, grid, count=30, priority=1)], [one(grid, overheads)]
    first = tonight(asked, timelines)
    found = at_least_by_others(first, asked, timelines, WEIGHTS)
    assert {block.request.line.plan for block in found.blocks} == {"other"}


def test_the_search_loses_what_it_tears(ask: Ask) -> None:
    pair = bound("pair", ask("a"), ask("b"))
    worth, begun = (WholeWorth.of(each, WEIGHTS) for each in (pair, [once_begun(one) for one in pair]))
    plain = WholeWorth.of([ask("a"), ask("b")], WEIGHTS)
    assert worth.value([0, 0]) == plain.value([0, 0])
    assert worth.value([10, 10]) == plain.value([10, 10])
    assert worth.value([0, 10]) == plain.value([0, 10]) - TORN
    assert begun.value([10, 10]) == plain.value([10, 10]) - TORN
    assert begun.value([0, 0]) == plain.value([0, 0])


def test_without_a_block_nothing_is_had(ask: Ask) -> None:
    assert had([], bound("pair", ask("a"))) == set()
