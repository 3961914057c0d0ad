"""The prices of time find what the best night is worth where that is plain on paper: a looser bound is a fault.

A night of an hour, frames of 10 s, nothing lost between them, and so many points for an hour as a picture has priority.
"""

from collections.abc import Callable
from dataclasses import replace
from math import inf

import numpy as np
import pytest
import scipy.optimize

from obsy.engine.schedule.bound.spans import PictureSpan, Taken
from obsy.engine.schedule.bound.time_prices import at_most_by_time
from obsy.engine.schedule.fit import Timeline
from obsy.engine.schedule.request import Candidate
from obsy.engine.sky.grid import Floats, Grid, Mask, Window
from obsy.schemas.value import Value
from tests.unit.engine.schedule.bound.test_bound import cut
from tests.unit.engine.schedule.test_at_most import FREE, NOTHING

Ask = Callable[..., Candidate]
Bound = Callable[..., float]
N, W = ("newton",), ("wide",)
ALL = 9_999
"""More frames than an hour has, which are 360."""
HALF = 180
MINUTES = np.arange(601)
FIRST, SECOND = MINUTES <= 30, (MINUTES >= 30) & (MINUTES <= 60)


@pytest.fixture
def hour(grid: Grid) -> Grid:
    return Grid(grid.start, grid.step_s, 61)


@pytest.fixture
def of(ask: Ask, hour: Grid) -> Ask:
    """A picture of so many frames and such a priority."""

    def _of(name: str, priority: float, count: int = ALL, free: Mask | None = None, **change: object) -> Candidate:
        return cut(ask(name, free, exposure_s=10.0, priority=priority, count=count, **change), hour)

    return _of


@pytest.fixture
def rounds() -> list[int]:
    return []


@pytest.fixture
def bound(hour: Grid, rounds: list[int], monkeypatch: pytest.MonkeyPatch) -> Bound:
    """The bound with mounts that carry such trains; `rounds` has one item for each mixture of prices."""
    mixture = scipy.optimize.linprog

    def counted(*args: object, **change: object) -> object:
        rounds.append(1)
        return mixture(*args, **change)

    def _bound(asked: list[Candidate], *mounts: tuple[str, ...]) -> float:
        timelines = [Timeline(hour, dict.fromkeys(trains, FREE), hour.start) for trains in mounts or (N,)]
        return at_most_by_time(asked, timelines, Value.model_construct(**NOTHING))

    monkeypatch.setattr("scipy.optimize.linprog", counted)
    return _bound


def is_found(found: float, best: float, more: float = 0.0) -> bool:
    """Whether it is what the best night is worth, to the thousandth that other prices could gain at most."""
    return best <= found <= (best + more) * 1.0011


def listed(seen: Candidate, name: str) -> Candidate:
    """Return it on a list of which one is begun."""
    return replace(seen, request=replace(seen.request, choice=(name, 1)))


def test_a_picture_alone_has_every_frame_of_the_night_and_no_more(of: Ask, bound: Bound) -> None:
    found = bound([of("a", 9)])
    assert found >= 9.0
    assert found == pytest.approx(9.0, rel=1e-8)


def test_two_that_want_the_whole_night_share_it(of: Ask, bound: Bound, rounds: list[int]) -> None:
    assert is_found(bound([of("a", 9), of("b", 9)]), 9.0)
    assert 0 < len(rounds) < 20, "it ends where little can be gained"


def test_what_is_worth_more_is_taken_first_and_less_for_the_rest(of: Ask, bound: Bound, rounds: list[int]) -> None:
    assert is_found(bound([of("a", 9, HALF), of("b", 4)]), 4.5 + 2.0)
    assert len(rounds) < 20


def test_each_half_of_a_night_has_its_own_price(of: Ask, bound: Bound, rounds: list[int]) -> None:
    """Of each dear picture the two frames before the middle may be charged as after it: 4 of 10 s, 8 points an hour."""
    asked = [of("a", 9, free=FIRST), of("b", 9, free=FIRST), of("c", 1, free=SECOND), of("d", 1, free=SECOND)]
    assert is_found(bound(asked), 4.5 + 0.5, 4 * 10 * 8 / 3600)
    assert len(rounds) < 30


def test_of_each_list_one_has_its_time(of: Ask, bound: Bound, rounds: list[int]) -> None:
    """At a price as if all of a list were wanted too much would be charged."""
    one = [listed(of("a", 9, HALF), "s"), listed(of("b", 9, HALF), "s"), of("c", 1)]
    assert is_found(bound(one), 4.5 + 0.5)
    two = [listed(of(name, 9, HALF // 2), of_list) for name, of_list in zip("abef", "sstt", strict=True)]
    assert is_found(bound([*two, of("c", 1)]), 2.25 + 2.25 + 0.5)
    assert len(rounds) < 40


def test_a_plan_has_the_time_of_one_train(of: Ask, bound: Bound, rounds: list[int]) -> None:
    asked = [of("a", 9, HALF), of("a", 9, HALF, train="wide"), of("c", 1), of("d", 1, train="wide")]
    assert is_found(bound(asked, N, W), 4.5 + 0.5 + 1.0)
    assert len(rounds) < 20


def test_what_has_its_own_time_has_its_price(of: Ask, bound: Bound, hour: Grid, rounds: list[int]) -> None:
    """The last two frames before its end, and one more that begins there, may be charged as after it, 8 points less."""
    window = Window(hour.at(0), hour.at(30))
    asked = [of("e", 9, 1, fixed=window), of("f", 9, 1, fixed=window), of("c", 1)]
    assert is_found(bound(asked[::2]), 4.5 + 0.5, 3 * 10 * 8 / 3600)
    assert is_found(bound(asked), 4.5 + 0.5, 6 * 10 * 8 / 3600)
    assert len(rounds) < 40


def test_no_price_is_below_nothing(of: Ask, bound: Bound, monkeypatch: pytest.MonkeyPatch) -> None:
    """At such a price what nobody can use would lower the bound below the best night."""
    best, least = PictureSpan.best, list[float]()

    def seen(span: PictureSpan, prices: Floats) -> Taken:
        least.append(float(prices.min()))
        return best(span, prices)

    monkeypatch.setattr(PictureSpan, "best", seen)
    bound([of("a", 9, free=FIRST), of("b", 9, free=FIRST), of("c", 1, free=SECOND), of("d", 1, free=SECOND)])
    bound([of("a", 9), of("b", 9)])
    assert min(least) == 0.0


def test_what_is_on_two_mounts_has_no_such_bound(of: Ask, bound: Bound) -> None:
    assert bound([of("a", 9)], N, N) == inf
