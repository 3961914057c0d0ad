import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obsy.engine.devices.ports import Reading
from obsy.engine.devices.sources.stuck import StuckWatch
from obsy.errors import DeviceError

BEGAN = datetime(2026, 11, 21, 20, tzinfo=UTC)
LIMIT_S = 60.0
said = st.lists(st.tuples(st.integers(1, 40), st.integers(0, 1), st.integers(0, 1)), min_size=1, max_size=20)


class Played:
    """Says one reading after another."""

    def __init__(self, readings):
        self._left = iter(readings)

    async def read(self):
        reading = next(self._left)
        if isinstance(reading, Exception):
            raise reading
        return reading


def watched(readings):
    async def play():
        port = StuckWatch(Played(readings), LIMIT_S)
        return [await port.read() for _ in readings]

    return asyncio.run(play())


@given(said)
def test_it_is_unknown_exactly_while_nothing_has_changed_for_so_long(steps):
    readings, at = [], BEGAN
    for step_s, wind, rain in steps:
        at += timedelta(seconds=step_s)
        readings.append(Reading({"wind": float(wind), "rain": float(rain)}, at))
    for last, told in enumerate(watched(readings)):
        first = last
        while first and readings[first - 1].values == readings[last].values:
            first -= 1
        frozen = (readings[last].taken_at - readings[first].taken_at).total_seconds() >= LIMIT_S
        assert told.values == ({} if frozen else readings[last].values)
        assert told.taken_at == readings[last].taken_at


def test_one_value_that_changes_vouches_for_the_others():
    readings = [Reading({"rain": 0.0, "wind": float(step)}, BEGAN + timedelta(minutes=5 * step)) for step in range(20)]
    assert all(told.values["rain"] == 0.0 for told in watched(readings))


def test_a_date_in_the_future_lends_no_more_trust():
    times = [timedelta(days=9), timedelta(0), timedelta(seconds=LIMIT_S)]
    assert watched([Reading({"wind": 1.0}, BEGAN + after) for after in times])[-1].values == {}


def test_what_does_not_answer_still_does_not():
    with pytest.raises(DeviceError, match="dead"):
        watched([DeviceError("dead")])
