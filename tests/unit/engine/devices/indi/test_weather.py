import asyncio
import math
from datetime import timedelta

import pytest

from obsy.engine.devices.indi.connection import Vector
from obsy.engine.devices.indi.weather import GAUGES, Gauge, IndiWeather, gauges, untold
from obsy.errors import DeviceError
from obsy.schemas.weather import Source


@pytest.fixture
def weather(clock, line):
    return IndiWeather(clock, line, "Weather Simulator")


def refresh(line, answer):
    line.answers["WEATHER_REFRESH", "REFRESH"] = answer


def test_a_reading_is_asked_for_and_dated_by_its_arrival(weather, line, clock):
    refresh(line, lambda: line.measure("Ok", WEATHER_RAIN_HOUR=0.2))
    reading = asyncio.run(weather.read())
    assert (reading.values, reading.taken_at) == ({"rain": 0.2}, clock.now())


def test_a_failed_read_keeps_the_age_of_the_last_good_one(weather, line, clock):
    line.measure("Ok", WEATHER_RAIN_HOUR=0.0)
    good_at = clock.now()
    clock.time += timedelta(minutes=10)
    refresh(line, lambda: line.measure("Alert", WEATHER_RAIN_HOUR=0.0))
    assert asyncio.run(weather.read()).taken_at == good_at


def test_values_that_were_only_defined_have_no_age_and_are_no_reading(weather, line):
    line.newest["WEATHER_PARAMETERS"] = Vector("Ok", {"WEATHER_RAIN_HOUR": 0.0})
    refresh(line, lambda: None)
    with pytest.raises(DeviceError, match="no good reading since it was connected"):
        asyncio.run(weather.read())


def test_a_device_that_is_gone_has_no_reading(weather, line):
    line.measure("Ok", WEATHER_RAIN_HOUR=0.0)
    line.there = False
    with pytest.raises(DeviceError, match="is gone"):
        asyncio.run(weather.read())


def test_what_is_not_a_number_is_left_out(weather, line):
    refresh(line, lambda: line.measure("Ok", WEATHER_RAIN_HOUR=math.nan, WEATHER_TEMPERATURE=-3.0))
    assert asyncio.run(weather.read()).values == {"temperature": -3.0}


def test_a_gauge_turns_the_drivers_unit_into_ours(clock, line):
    metres_per_second = IndiWeather(clock, line, "Mast", {"wind": Gauge("WEATHER_WIND_SPEED", 3.6)})
    refresh(line, lambda: line.measure("Ok", WEATHER_WIND_SPEED=10.0))
    assert asyncio.run(metres_per_second.read()).values == {"wind": 36.0}


def test_a_reading_that_takes_its_time_is_waited_for(weather, line, clock):
    async def play():
        line.measure("Ok", WEATHER_RAIN_HOUR=0.0)
        task = asyncio.ensure_future(weather.read())
        while clock.monotonic() < 2.0:
            await asyncio.sleep(0)
        line.measure("Ok", WEATHER_RAIN_HOUR=0.4)
        return await task

    refresh(line, lambda: None)
    assert asyncio.run(play()).values == {"rain": 0.4}


MAST = Source.model_validate({"indi": "Mast", "read": {"wind": "WEATHER_GUST in m/s"}})


def test_what_the_document_says_of_a_quantity_counts_before_the_usual_name():
    assert gauges(None) == GAUGES == gauges(Source(indi="Mast"))
    assert gauges(MAST) == {**GAUGES, "wind": Gauge("WEATHER_GUST", 3.6)}


@pytest.mark.parametrize(
    ("source", "tells", "lacks"),
    [
        (None, {"WEATHER_RAIN_HOUR": 0.0}, ["wind", "sky"]),
        (None, {"WEATHER_RAIN_HOUR": 0.0, "WEATHER_WIND_SPEED": 3.0}, ["sky"]),
        (MAST, {"WEATHER_RAIN_HOUR": 0.0, "WEATHER_WIND_SPEED": 3.0}, ["wind", "sky"]),
        (MAST, {"WEATHER_GUST": 3.0}, ["rain", "sky"]),
        (None, {}, []),
    ],
)
def test_a_device_that_tells_weather_lacks_what_it_does_not_tell(source, tells, lacks):
    assert untold(["rain", "wind", "sky"], source, {"WEATHER_PARAMETERS": tells}) == lacks
