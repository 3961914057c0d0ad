"""Answers for networks drawn by lot: telescopes, days and groups, verified from the problem alone."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from obsy.engine.solver.problem import Machine, Placed, Problem, Starts, Task, Way
from obsy.engine.solver.solve import solve
from tests.support.effort import EFFORT, costly
from tests.support.network import broken, draw_network, in_order


@pytest.mark.slow
@settings(max_examples=costly(20), deadline=None)
@given(chance=st.randoms(use_true_random=False), effort=st.sampled_from((0.0, 0.2)))
def test_no_answer_breaks_the_rules_of_a_network(chance: Random, effort: float) -> None:
    problem = draw_network(chance)
    found = solve(problem, effort)
    assert broken(problem, found.placed) == []
    assert found.value == pytest.approx(problem.value(found.placed))
    assert found.value <= found.bound + 1e-6


@pytest.mark.slow(minutes=1)
@pytest.mark.once
def test_no_network_is_answered_worse_than_by_the_plain_order() -> None:
    worse = {}
    for seed in range(15 * EFFORT):
        problem = draw_network(Random(seed))
        plain, found = in_order(problem), solve(problem)
        if broken(problem, found.placed) or not plain <= found.value + 1e-6 <= found.bound + 2e-6:
            worse[seed] = (broken(problem, found.placed), plain, found.value, found.bound)
    assert not worse


def test_what_breaks_a_network_is_seen() -> None:
    ways = (Way(0, 100, (Starts(0, 500, 5.0),), 1, 7), Way(1, 100, (Starts(0, 500, 5.0),), 0, 8))
    opens = Machine(0, 600, ((300, 350),), ((0, 60), (60, 0)))
    problem = Problem((Task(ways), Task(ways), Task(ways[:1], (0, 0))), (opens, Machine(0, 600)), ((0, 1),))
    running = Placed(2, 0, 0)
    assert broken(problem, [running, Placed(0, 0, 100), Placed(1, 1, 0)]) == []
    assert broken(problem, [Placed(0, 0, 100), Placed(1, 1, 0)]) == ["2 is moved, which runs"]
    assert broken(problem, [running, Placed(0, 0, 100)]) == ["(0, 1) is torn apart"]
    assert "busy" in str(broken(problem, [running, Placed(0, 0, 250), Placed(1, 1, 0)]))
    assert "soonest" in str(broken(problem, [running, Placed(0, 0, 99), Placed(1, 1, 0)]))
    assert "may not" in str(broken(problem, [running, Placed(0, 1, 501), Placed(1, 0, 100)]))
    assert "2 times" in str(broken(problem, [running, Placed(0, 0, 100), Placed(0, 1, 0), Placed(1, 1, 200)]))
