"""A search keeps what gains, and of what loses less and less; what it says is worth so much is worth so much."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import exp
from random import Random

import numpy as np
import pytest

from obsy.engine.schedule import annealing
from obsy.engine.schedule.annealing import Annealing, NightNumbers
from obsy.engine.schedule.course import MountCourse, Step
from obsy.engine.schedule.fit import Timeline
from obsy.engine.schedule.moves import MountOrder, Move, Steps
from obsy.engine.schedule.night_numbers import mount_numbers
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.request import Candidate
from obsy.engine.schedule.rules_between import Between
from obsy.engine.schedule.whole_worth import WholeWorth
from obsy.engine.sky.grid import Grid
from obsy.schemas.value import Value

Ask = Callable[..., Candidate]
WEIGHTS = Value.model_construct()
Night = Callable[..., NightNumbers]


@pytest.fixture
def night(ask: Ask, grid: Grid, overheads: Overheads) -> Night:
    """Six plans, each up for a part of the night; of some both mounts may take them."""

    def _night(*trains: str, kept: Sequence[int] = (0, 0), shared: int = 0, apart: bool = False) -> NightNumbers:
        at, asked = np.arange(grid.count), []
        for n in range(6):
            first = 60 * (n // 2 if apart else n)
            free = (at >= first) & (at < first + 250)
            for train in [trains[n % 2]] if apart else trains[: 2 if n < shared else 1]:
                asked.append(ask(f"p{n}", free, train=train, count=30, priority=3 + n, ra_deg=40.0 * n, rising_h=0.5))
        timelines = [Timeline(grid, {train: overheads}, grid.start) for train in trains]
        mounts = [mount_numbers(each, asked, [], WEIGHTS) for each in timelines]
        return NightNumbers(mounts, WholeWorth.of(asked, WEIGHTS), Between.of(asked, asked, []), kept[: len(mounts)])

    return _night


class Steady(Random):
    """Every number that is drawn is the same."""

    always = 0.0

    def random(self) -> float:
        return self.always


@pytest.mark.parametrize("trains", [("newton",), ("newton", "wide")])
def test_the_best_order_is_worth_what_it_says_and_never_less_than_the_first(
    night: Night, trains: tuple[str, ...]
) -> None:
    asked = night(*trains, shared=3 * (len(trains) - 1))
    first: list[Steps] = [[Step(0, 5)], []][: len(trains)]
    search = Annealing(asked, first)
    begun = search.value
    assert search.best == first
    search.run(600)
    assert search.value > begun + 1.0
    assert Annealing(asked, search.best).value == pytest.approx(search.value, abs=1e-9)
    again = Annealing(asked, first)
    again.run(600)
    assert (again.best, again.value) == (search.best, search.value)


def test_every_mount_is_put_in_order(night: Night) -> None:
    """Though no plan may go from one to the other."""
    asked = night("newton", "wide", apart=True)
    search = Annealing(asked, [[], []])
    search.run(300)
    assert all(search.best)
    assert Annealing(asked, search.best).value == pytest.approx(search.value, abs=1e-9)


def test_what_two_mounts_take_adds_up_to_the_worth_of_the_night(night: Night) -> None:
    asked = night("newton", "wide", apart=True)
    counts = asked.whole.counts
    ends = [MountCourse(mount, counts, list(counts), 0.0, mount.last, mount.focused) for mount in asked.mounts]
    assert ends[0].take(Step(0, 30))
    assert ends[1].take(Step(1, 12))
    left = [0, 18, 30, 30, 30, 30]
    found = Annealing(asked, [[Step(0, 30)], [Step(1, 12)]]).value
    assert found == pytest.approx(ends[0].value + ends[1].value + asked.whole.value(left))


def test_a_step_for_which_nothing_can_be_had_is_left_out(night: Night) -> None:
    for kept in (0, 1):
        search = Annealing(night("newton", kept=(kept,)), [[Step(4, 4), Step(0, 3), Step(5, 2)]])
        assert search.best == [[Step(4, 4), Step(5, 2)]]


def test_what_is_kept_stays_in_front(night: Night) -> None:
    asked = night("newton", kept=(2,))
    first = [Step(4, 4), Step(0, 3)]
    search = Annealing(asked, [[*first, Step(1, 3)]])
    search.run(400)
    assert search.best[0][:2] == first, "though the one cannot be had before the other any more"
    assert search.value > Annealing(asked, [first]).value


@pytest.mark.parametrize(("many", "at", "heat"), [(1, 1, 0.01), (100, 100, 0.01), (2, 1, (0.5 * 0.01) ** 0.5)])
@pytest.mark.parametrize("more", [0.97, 1.03])
def test_what_loses_is_kept_by_chance_hot_at_first_and_cold_in_the_end(  # noqa: PLR0913, PLR0917 - a fixture each
    night: Night, monkeypatch: pytest.MonkeyPatch, many: int, at: int, heat: float, more: float
) -> None:
    asked, seen = night("newton"), list[Steps]()
    whole: Steps = [Step(0, 5), Step(1, 4)]
    fewer = [Step(0, 5), Step(1, 3)]
    search = Annealing(asked, [whole])
    loss = search.value - Annealing(asked, [fewer]).value
    assert loss > 0

    def drawn(order: MountOrder, _left: Sequence[int], _dice: Random) -> Move | None:
        seen.append(order.steps)
        return (fewer, 1) if len(seen) == at else None

    monkeypatch.setattr(annealing, "drawn", drawn)
    monkeypatch.setattr(annealing, "Random", Steady)
    monkeypatch.setattr(Steady, "always", min(exp(-loss / heat) * more, 1.0))
    search.run(many)
    seen.clear()
    at = 0
    search.run(1)
    assert seen == [fewer if more < 1 else whole]
    assert search.best == [whole]


def test_what_gains_ever_so_little_is_the_best_so_far(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = night("newton")
    monkeypatch.setattr(annealing, "drawn", lambda *_: ([Step(0, 6)], 0))
    search = Annealing(asked, [[Step(0, 5)]])
    before = search.value
    search.run(1)
    assert search.best == [[Step(0, 6)]]
    assert before < search.value < before + 1.0
    search.run(0)
    assert search.best == [[Step(0, 6)]]


@pytest.mark.parametrize(("fall", "moves"), [(0.09, True), (0.11, False)])
def test_a_tenth_of_the_changes_move_a_plan_to_another_train(
    night: Night, monkeypatch: pytest.MonkeyPatch, fall: float, moves: bool
) -> None:
    drawn: list[object] = []
    monkeypatch.setattr(annealing, "drawn", lambda *each: drawn.append(each))
    monkeypatch.setattr(annealing, "Random", Steady)
    monkeypatch.setattr(Steady, "always", fall)
    Annealing(night("newton", "wide", shared=6), [[Step(0, 5)], []]).run(20)
    assert bool(drawn) is not moves
    drawn.clear()
    Annealing(night("newton"), [[Step(0, 5)]]).run(20)
    assert len(drawn) == 20, "where no plan has two trains all of them are of the order"


def test_a_mount_that_may_take_nothing_is_left_alone(night: Night, ask: Ask, grid: Grid, overheads: Overheads) -> None:
    asked = night("newton")
    idle = mount_numbers(Timeline(grid, {"idle": overheads}, grid.start), [ask("p")], [], WEIGHTS)
    search = Annealing(replace(asked, mounts=[idle, *asked.mounts], kept=(0, 0)), [[], []])
    search.run(300)
    assert search.best[0] == []
    assert search.best[1]
    nobody = Annealing(replace(asked, mounts=[idle], kept=(0,)), [[]])
    nobody.run(300)
    assert (nobody.best, nobody.value) == ([[]], asked.whole.value(asked.whole.counts))


def test_what_a_change_would_make_of_a_night_is_told_without_making_it(night: Night) -> None:
    asked = night("newton", "wide", shared=6)
    first: list[Steps] = [[Step(0, 5)], []]
    search = Annealing(asked, first)
    assert [each.steps for each in search.orders] == first
    assert search.left == [25, 30, 30, 30, 30, 30]
    longer = Annealing(asked, [[Step(0, 9)], []])
    assert search.with_move(0, ([Step(0, 9)], 0)) == (longer.value, longer.left)
    assert search.with_move(1, ([Step(1, 2)], 0)) is None, "its plan is with the other train"
    assert ([each.steps for each in search.orders], search.best) == (first, first)
