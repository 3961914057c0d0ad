"""The solver against all answers there are, of problems so small that they can be counted."""

import pickle
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from math import nan
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from obsy.engine.solver.draft import Draft
from obsy.engine.solver.exact import exact
from obsy.engine.solver.lanes import Places
from obsy.engine.solver.narrowing import narrowed
from obsy.engine.solver.prices import priced
from obsy.engine.solver.problem import Choice, Machine, Placed, Problem, Starts, Task, Way
from obsy.engine.solver.solve import most, solve
from obsy.errors import UserError
from tests.support.effort import costly

HORIZON = 12
LAW = settings(max_examples=costly(100), deadline=None)


def faults(problem: Problem, placed: Sequence[Placed]) -> list[str]:
    """What is wrong with an answer, worked out from the problem alone."""
    found = [f"twice: {each}" for each in placed if sum(other.task == each.task for other in placed) > 1]
    found += [f"not then: {each}" for each in placed if problem.way(each).worth(each.start) is None]
    for number, machine in enumerate(problem.machines):
        mine = sorted((each for each in placed if problem.way(each).machine == number), key=lambda each: each.start)
        for each in mine:
            end = each.start + problem.way(each).length
            open_s = [not any(a <= second < b for a, b in machine.busy) for second in range(each.start, end)]
            if each.start < machine.opens or end > machine.closes or not all(open_s):
                found.append(f"not open: {each}")
        for one, other in pairwise([None, *mine]):
            assert other is not None
            last = [end for _, end in machine.busy if end <= other.start]
            rested = max([machine.opens, *last])
            after = problem.way(other)
            if one is None or one.start < rested:
                ready = rested + (0 if problem.tasks[other.task].kept else machine.setup(0, after.pose))
            else:
                way = problem.way(one)
                ready = one.start + way.length + machine.setup(way.pose, after.pose)
            found += [f"no time before {other}"] if other.start < ready else []
    tasks, options = {each.task for each in placed}, {problem.way(each).option for each in placed}
    found += [f"torn apart: {group}" for group in problem.together if tasks & set(group) not in (set(), set(group))]
    found += [f"too many of {each}" for each in problem.choices if len(options & set(each.options)) > each.most]
    for number, task in enumerate(problem.tasks):
        if task.kept is not None and Placed(number, *task.kept) not in placed:
            found.append(f"moved: {number}")
    return found


def best(problem: Problem) -> float | None:
    """The value of the best of all answers, or None if there is none."""
    ways = [list(possible(problem, number)) for number in range(len(problem.tasks))]
    most = [max([value for _, value in each], default=0.0) for each in ways]
    rest = [sum(max(0.0, each) for each in most[n:]) for n in range(len(most) + 1)]
    found: list[float] = []

    def go(number: int, placed: tuple[Placed, ...], value: float) -> None:
        if found and value + rest[number] <= found[-1]:
            return
        if number == len(ways):
            if not faults(problem, placed):
                found.append(value)
            return
        for each, worth in sorted(ways[number], key=lambda way: -way[1]):
            if not any(overlap(problem, each, other) for other in placed):
                go(number + 1, (*placed, each), value + worth)
        if problem.tasks[number].kept is None:
            go(number + 1, placed, value)

    go(0, (), 0.0)
    return found[-1] if found else None


def possible(problem: Problem, number: int) -> Iterator[tuple[Placed, float]]:
    """Every way and start of a task, with its value."""
    task = problem.tasks[number]
    for which, way in enumerate(task.ways):
        for start in range(HORIZON):
            value = way.worth(start)
            if value is not None and task.kept in (None, (which, start)):
                yield Placed(number, which, start), value


def overlap(problem: Problem, one: Placed, other: Placed) -> bool:
    a, b = problem.way(one), problem.way(other)
    return a.machine == b.machine and one.start < other.start + b.length and other.start < one.start + a.length


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    poses = draw(st.integers(1, 3))
    machines = tuple(draw(machine(poses)) for _ in range(draw(st.integers(1, 2))))
    tasks = [draw(task(len(machines), poses)) for _ in range(draw(st.integers(1, 6)))]
    numbers = range(len(tasks))
    kept = draw(st.integers(0, 2)) == 0
    if kept and (where := list(possible(Problem(tuple(tasks), machines), 0))):
        placed, _ = draw(st.sampled_from(where))
        length = tasks[0].ways[placed.way].length
        stretches = list(machines[tasks[0].ways[placed.way].machine].open())
        if any(begin <= placed.start and placed.start + length <= end for begin, end in stretches):
            tasks[0] = Task(tasks[0].ways, (placed.way, placed.start))
    group = tuple(draw(st.lists(st.sampled_from(numbers), unique=True, max_size=2)))
    together = () if tasks[0].kept and 0 in group else (group,)
    options = draw(st.lists(st.integers(0, 2), unique=True, max_size=3))
    return Problem(tuple(tasks), machines, together, (Choice(tuple(options), draw(st.integers(0, 2))),))


@st.composite
def machine(draw: st.DrawFn, poses: int) -> Machine:
    begin, length = draw(st.integers(1, 8)), draw(st.integers(1, 3))
    setups = [[draw(st.integers(0, 3)) for _ in range(poses)] for _ in range(poses)] if draw(st.booleans()) else []
    for k in range(len(setups)):  # by way of another pose it is never shorter
        setups = [[min(row[j], row[k] + setups[k][j]) for j in range(poses)] for row in setups]
    busy = ((begin, begin + length),) if draw(st.booleans()) else ()
    return Machine(0, draw(st.integers(4, HORIZON)), busy, tuple(map(tuple, setups)))


@st.composite
def task(draw: st.DrawFn, machines: int, poses: int) -> Task:
    values = st.integers(-1, 9).map(float)
    ways = []
    for _ in range(draw(st.integers(1, 2))):
        first, span, gap = draw(st.integers(0, 5)), draw(st.integers(0, 3)), draw(st.integers(1, 4))
        stretches = [Starts(first, first + span, draw(values), draw(st.none() | values))]
        if draw(st.integers(0, 3)) == 0:
            later = first + span + gap
            stretches.append(Starts(later, later + draw(st.integers(0, 1)), draw(values)))
        on, pose = draw(st.integers(0, machines - 1)), draw(st.integers(0, poses - 1))
        option = draw(st.none() | st.integers(0, 2))
        ways.append(Way(on, draw(st.integers(1, 4)), tuple(stretches), pose, option))
    return Task(tuple(ways))


@pytest.mark.long
@pytest.mark.once
@LAW
@given(problems())
def test_the_answer_is_the_best_of_all_and_proven(problem: Problem) -> None:
    wanted = best(problem)
    if wanted is None:
        with pytest.raises(ValueError, match="kept"):
            solve(problem)
        return
    found = solve(problem, 4.0)
    assert faults(problem, found.placed) == []
    assert found.value == pytest.approx(problem.value(found.placed))
    assert found.value == pytest.approx(wanted, abs=1e-6)
    assert found.value <= found.bound <= wanted + 1e-4


@LAW
@given(problems())
def test_exact_search_alone_finds_the_best_from_nothing(problem: Problem) -> None:
    wanted, places = best(problem), Places.of(problem)
    if wanted is None:
        return
    found = exact(Draft.of(places), range(len(places.lanes)), range(len(places.slots)), 1.0)
    if found is None:
        assert wanted == 0.0
        return
    assert faults(problem, found.placed) == []
    assert problem.value(found.placed) == pytest.approx(wanted, abs=1e-6)
    assert found.bound >= wanted - 1e-6


@LAW
@given(problems())
def test_prices_bound_every_answer_and_no_better_one_is_left_out(problem: Problem) -> None:
    wanted, places = best(problem), Places.of(problem)
    if wanted is None or not any(places.slots):
        return
    bound = priced(places, wanted, 40)
    assert bound.bound >= wanted - 1e-6
    left = narrowed(places, bound, wanted)
    assert priced(left, wanted, 40).bound >= wanted - 1e-6
    found = exact(Draft.of(left), range(len(left.lanes)), range(len(left.slots)), 1.0)
    assert problem.value(found.placed if found else ()) == pytest.approx(wanted, abs=1e-6)


def flat(first: int, last: int, value: float) -> tuple[Starts, ...]:
    return (Starts(first, last, value),)


def test_what_is_kept_counts_for_the_bound_though_it_is_worth_less_than_nothing() -> None:
    problem = Problem((Task((Way(0, 10, flat(0, 5, -1.0)),), (0, 5)),), (Machine(0, 20),))
    assert priced(Places.of(problem), -1.0, 40).bound == pytest.approx(-1.0)


def test_what_begins_from_rest_pays_for_no_second_that_its_lane_has_not() -> None:
    # From rest the first has no set-up, and 3 s after another; it fills the machine with the second, which needs 3 s.
    # The third, for which there is no room beside either, is what gives the seconds a price.
    tasks = (
        Task((Way(0, length, flat(start, start, value), pose),))
        for pose, (length, start, value) in enumerate(((7, 0, 7.0), (5, 10, 8.0), (7, 3, 6.0)))
    )
    places = Places.of(Problem(tuple(tasks), (Machine(0, 15, (), ((0, 3, 3), (3, 0, 3), (3, 3, 0))),)))
    assert best(places.problem) == 15.0
    assert priced(places, 15.0, 40).bound >= 15.0 - 1e-6


def many(count: int, dice: Random, telescopes: int = 1) -> Problem:
    """Requests of a night or more, as long as people make them."""
    tasks = []
    for _ in range(count):
        length, begin = dice.randint(60, 2400), dice.randint(0, 20000)
        starts = flat(begin, begin + dice.randint(0, 12000), length * dice.uniform(1, 10))
        tasks.append(Task(tuple(Way(number, length, starts) for number in range(telescopes))))
    return Problem(tuple(tasks), (Machine(0, 34200),) * telescopes)


def test_the_same_problem_has_the_same_answer_twice() -> None:
    problem = many(30, Random(3), telescopes=2)
    assert pickle.dumps(solve(problem, 0.5)) == pickle.dumps(solve(problem, 0.5))


def test_without_its_extra_there_is_a_first_answer_and_a_bound_and_who_asks_for_more_learns_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "ortools.sat.python", None)
    problem = many(20, Random(3))
    first = solve(problem, 0.0)
    assert 0.0 < first.value <= most(problem, [1] * 20, first.value)
    with pytest.raises(UserError, match=r"needs OR-Tools: 'pip install obsy\[network\]'"):
        solve(problem, 0.1)


def test_more_effort_is_never_worth_less_nor_is_a_hint_given_away() -> None:
    problem = many(40, Random(4))
    soon, later = solve(problem, 0), solve(problem, 0.6)
    assert soon.value <= later.value <= min(soon.bound, later.bound)
    assert solve(problem, 0, later.placed).value == pytest.approx(later.value)


@pytest.mark.parametrize("count", [1000, pytest.param(10_000, marks=pytest.mark.slow)])
def test_however_many_tasks_are_answered_in_a_bounded_number_of_steps(count: int) -> None:
    problem = many(count, Random(5))
    found = solve(problem, 0)
    assert faults(problem, found.placed) == []
    assert found.steps == 0
    assert found.gap < 0.1


def test_what_fits_nowhere_is_not_placed() -> None:
    never = Task((Way(0, 10, flat(95, 99, 5.0)),))  # it would end after the machine closes
    nothing = Task((Way(0, 10, ()),))
    found = solve(Problem((never, nothing, Task(())), (Machine(0, 100),)))
    assert (found.placed, found.value, found.bound, found.gap) == ((), 0.0, 0.0, 0.0)


def test_no_machine_and_no_task_have_an_empty_answer() -> None:
    assert solve(Problem((), ())).placed == ()


WAY = Way(0, 10, flat(0, 50, 1.0))
OPEN = (Machine(0, 100),)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: Problem((Task((replace(WAY, machine=1),)),), OPEN), "task 0, way 0: there is no machine 1"),
        (lambda: Problem((Task((WAY, replace(WAY, length=0))),), OPEN), "task 0, way 1: it must take a second or more"),
        (lambda: Problem((Task((replace(WAY, starts=flat(9, 3, 1.0)),)),), OPEN), "task 0, way 0: its starts are not"),
        (lambda: Problem((Task((replace(WAY, starts=flat(0, 3, nan)),)),), OPEN), "task 0, way 0: its value is no"),
        (lambda: Problem((Task((WAY,), (0, 60)),), OPEN), "task 0: it is kept where none of its ways may start"),
        (lambda: Problem((Task((WAY,)),), OPEN, ((0, 0),)), "together: a task stands in it twice"),
        (lambda: Problem((Task((WAY,), (0, 5)),), OPEN, ((0,),)), "together: a task in it is kept"),
        (lambda: Problem((), (), (), (Choice((0,), -1),)), "choices: fewer than none"),
        (lambda: Problem((), (Machine(0, 9, ((5, 5),)),)), "machine 0: its busy times are not in order"),
        (lambda: Problem((), (Machine(0, 9, (), ((1, 2),)),)), "machine 0: its setups are not a square"),
        (
            lambda: Problem((Task((replace(WAY, pose=1),)),), (Machine(0, 9, (), ((0,),)),)),
            "its machine knows no pose 1",
        ),
    ],
)
def test_a_problem_without_sense_is_told_with_its_place(wrong: Callable[[], Problem], said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        wrong()


def test_tasks_that_are_kept_at_one_time_are_told() -> None:
    both = Problem((Task((WAY,), (0, 5)), Task((WAY,), (0, 14))), OPEN)
    with pytest.raises(ValueError, match="task 1: it is kept, and so is another"):
        solve(both)


def test_the_first_answer_takes_the_option_that_holds_most_and_not_the_one_of_the_dearest_second() -> None:
    dear = Task((Way(0, 1, (Starts(0, 0, 10.0),), option=0),))
    large = Task((Way(1, 10, (Starts(0, 0, 50.0),), option=1),))
    machines = (Machine(0, HORIZON), Machine(0, HORIZON))
    answer = solve(Problem((dear, large), machines, choices=(Choice((0, 1)),)), 0.0)
    assert answer.placed == (Placed(1, 0, 0),)
    assert answer.value == 50.0
