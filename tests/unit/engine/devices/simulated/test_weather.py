"""Weather inputs: what they say, how old it is, and how they fail."""

from datetime import UTC, datetime, timedelta

import pytest

from obsy.errors import DeviceError

MIDNIGHT = datetime(2026, 11, 21, 23, 0, tzinfo=UTC)  # 00:00 in Madrid


async def read(world, clock):
    return await world.weather["station"].read()


def test_a_reading_has_the_time_it_was_measured(tell):
    said = tell(read, at=MIDNIGHT + timedelta(seconds=3))
    assert said.taken_at == MIDNIGHT
    assert set(said.values) == {"rain", "cloud", "temperature"}


@pytest.mark.parametrize(("minutes", "cloud"), [(-1, 0), (15, 40), (30, 80), (90, 80)])
def test_a_change_comes_in_a_straight_line(tell, minutes, cloud):
    changes = [{"at": "00:00", "over": "30 min", "cloud": "80 %"}]
    said = tell(read, at=MIDNIGHT + timedelta(minutes=minutes), changes=changes)
    assert said.values["cloud"] == pytest.approx(cloud, rel=0.021)


def test_a_change_that_overtakes_another_starts_where_that_was(tell):
    changes = [{"at": "00:00", "over": "1 h", "rain": "10 mm/h"}, {"at": "00:30", "over": "0 s", "rain": "0 mm/h"}]
    assert tell(read, at=MIDNIGHT + timedelta(minutes=29), changes=changes).values["rain"] > 4
    assert tell(read, at=MIDNIGHT + timedelta(minutes=31), changes=changes).values["rain"] == 0


def test_a_stuck_sensor_repeats_what_it_measured_when_it_failed(tell):
    said = {
        "faults": [{"at": "00:00", "device": "station", "fault": "stuck"}],
        "changes": [{"at": "00:10", "rain": "5 mm/h"}],
    }
    later = tell(read, at=MIDNIGHT + timedelta(hours=1), **said)
    assert (later.taken_at, later.values["rain"]) == (MIDNIGHT, 0)


def test_a_dead_sensor_gives_nothing_until_it_is_well(tell):
    said = {"faults": [{"at": "02:00", "device": "station", "fault": "disconnect", "until": "03:00"}]}
    with pytest.raises(DeviceError, match="station"):
        tell(read, at=MIDNIGHT + timedelta(hours=2), **said)
    assert tell(read, at=MIDNIGHT + timedelta(hours=3), **said).values


def test_noise_repeats_itself(tell):
    assert tell(read) == tell(read)
