"""What gives way to an alert is not free on the mounts that can take it, for as long as that needs."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from obsy.engine.declare.observatory import Wanted
from obsy.engine.schedule.request import Candidate, Reason
from obsy.engine.schedule.yielding import gives_way, yielding
from obsy.engine.sky.grid import Grid, Window
from tests.unit.engine.schedule.conftest import START

Ask = Callable[..., Candidate]
OVER = Reason("night-over", "the night is over")
WANTED = {"burst": Wanted(START + timedelta(hours=2), 5, "a")}


def plans(**priorities: int) -> list[Any]:
    return [SimpleNamespace(name=name, priority=priority) for name, priority in priorities.items()]


def mounted(train: str, mount: str) -> Any:
    camera = SimpleNamespace(download=0.0)
    return SimpleNamespace(name=train, mount=SimpleNamespace(name=mount), train=SimpleNamespace(camera=camera))


@pytest.mark.parametrize(("plan", "below"), [("low", 5), ("high", 0), ("burst", 0)])
def test_only_a_lower_priority_gives_way(plan: str, below: int) -> None:
    (one,) = (each for each in plans(low=4, high=5, burst=1) if each.name == plan)
    assert gives_way(one, WANTED) == below


def test_what_gives_way_is_free_again_once_the_alert_has_had_what_it_needs(ask: Ask, grid: Grid) -> None:
    named = plans(low=4, high=5, burst=5)
    low, high, burst = (ask(name, count=10, exposure_s=60.0) for name in ("low", "high", "burst"))
    fixed = replace(low, fixed=Window(START, START + timedelta(minutes=30)))
    train = low.request.train
    there, elsewhere = [mounted(train, "gem")], []
    found = yielding([low, high, burst, fixed], named, there, WANTED, (grid, 5))
    taken = low.free & ~found[0].free
    assert np.flatnonzero(taken).tolist()[0] == 5
    assert 10 * 60 <= taken.sum() * grid.step_s <= 15 * 60
    for before, after in zip((high, burst, fixed), found[1:], strict=True):
        assert after is before
    assert yielding([low, burst], named, elsewhere, WANTED, (grid, 5)) == [low, burst]
    refused = replace(burst, refused=OVER)
    assert yielding([low, refused], named, there, WANTED, (grid, 5))[0].free.sum() == low.free.sum()
