"""What a drill makes of the truth."""

import asyncio
import math
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from obsy.engine.devices.ports import Reading
from obsy.engine.drills.real.boundary import ORDERS, STEP, Wrong, WrongClock, WrongInput
from obsy.units import WEATHER


class Fair:
    """Says fair weather, dated by a second more each time."""

    def __init__(self) -> None:
        self.taken_at = datetime(2026, 11, 26, 12, tzinfo=UTC)

    async def read(self) -> Reading:
        self.taken_at += timedelta(seconds=1)
        return Reading({"rain": 0.0, "wind": 3.0}, self.taken_at)


def heard(order: str) -> Reading | None:
    """What an input says under an order, after a truth; None if it does not answer."""

    async def story() -> Reading | None:
        wrong, true = Wrong(), Fair()
        port = WrongInput(true, wrong)
        assert await port.read() == Reading({"rain": 0.0, "wind": 3.0}, true.taken_at)
        wrong.now = order
        with suppress(TimeoutError):
            async with asyncio.timeout(0.05):
                return await port.read()
        return None

    return asyncio.run(story())


def test_each_order_is_something_else_than_the_truth() -> None:
    said = {order: heard(order) for order in ORDERS}
    newest = Fair().taken_at + timedelta(seconds=2)
    assert said["well"] == said["step"] == Reading({"rain": 0.0, "wind": 3.0}, newest)
    assert said["rain"] == Reading({"rain": WEATHER["rain"].most, "wind": 3.0}, newest)
    assert said["stale"] == Reading({"rain": 0.0, "wind": 3.0}, newest - timedelta(seconds=1))
    assert said["hang"] is None
    assert said["nan"] is not None
    assert all(math.isnan(value) for value in said["nan"].values.values())


def test_an_input_that_measures_no_rain_says_none() -> None:
    class Dry(Fair):
        async def read(self) -> Reading:
            return Reading({"wind": 3.0}, self.taken_at)

    wrong = Wrong()
    wrong.now = "rain"
    assert asyncio.run(WrongInput(Dry(), wrong).read()).values == {"wind": 3.0}


def test_the_clock_is_set_and_set_back() -> None:
    wrong = Wrong()
    clock = WrongClock(wrong)
    wrong.now = "step"
    assert (clock.now() - datetime.now(UTC)).total_seconds() == pytest.approx(STEP.total_seconds(), abs=30.0)
    wrong.now = "well"
    assert (clock.now() - datetime.now(UTC)).total_seconds() == pytest.approx(0.0, abs=30.0)
