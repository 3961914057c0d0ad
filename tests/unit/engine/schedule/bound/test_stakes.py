"""What goals add by how far they come on, against the value of a night in which they do."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from obsy.engine.schedule.bound.stakes import stakes_of
from obsy.engine.schedule.fit import block_of
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.request import Candidate
from obsy.engine.schedule.value import of_night
from obsy.engine.sky.grid import Grid, Window
from obsy.schemas.value import Value
from tests.support.equipment import one
from tests.unit.engine.schedule.test_at_most import NOTHING


def test_a_picture_comes_on_by_the_lead_of_what_has_a_time_of_its_own(
    ask: Callable[..., Candidate], grid: Grid, overheads: Overheads
) -> None:
    timeline, weights = one(grid, overheads), Value.model_construct(**(NOTHING | {"balance": 1.0}))
    event = ask("m31", goal="L", role="L", count=10, rising_h=1.0, fixed=Window(grid.at(60), grid.at(92)))
    begun = ask("m31", goal="R", role="R", count=5, rising_h=1.0)
    goal = begun.request.line.goal.model_copy(update={"count": 10})  # five of its ten frames were taken before
    begun = replace(begun, request=replace(begun.request, line=replace(begun.request.line, goal=goal)))
    blocks = [block_of(event, timeline, grid.at(60), 10), block_of(begun, timeline, grid.at(100), 5)]
    value = of_night([each for each in blocks if each], [event, begun], [timeline], weights)["balance"]
    assert stakes_of([event, begun], [10, 5], weights).best(np.zeros(2)) == pytest.approx(value) != 0


def test_what_is_finished_adds_its_completion_by_the_time_that_it_takes(ask: Callable[..., Candidate]) -> None:
    weights = Value.model_construct(**(NOTHING | {"completion": 3.0}))
    for count, hours in ((10, 0.5), (40, 1.0)):  # of three minutes each; an hour at most
        assert stakes_of([ask("m31", count=count)], [count], weights).best(np.zeros(1)) == pytest.approx(3.0 * hours)
        assert stakes_of([ask("m31", count=count)], [count - 1], weights).best(np.zeros(1)) == 0.0
