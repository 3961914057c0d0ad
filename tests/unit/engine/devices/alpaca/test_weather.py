"""Weather over Alpaca is as old as its sensors say, and a monitor says one word."""

import asyncio
from datetime import timedelta

import pytest

from obsy.engine.devices.alpaca.device import AlpacaDevice
from obsy.engine.devices.alpaca.line import AlpacaSilence
from obsy.engine.devices.alpaca.weather import AlpacaMonitor, AlpacaWeather
from obsy.errors import DeviceError

NAME, MONITOR = "observingconditions/0", "safetymonitor/0"


@pytest.fixture
def read(device):
    return lambda *measures: asyncio.run(AlpacaWeather(device(NAME), measures).read())


@pytest.fixture
def told(device):
    return lambda: asyncio.run(AlpacaMonitor(device(MONITOR)).read())


def test_it_reads_what_it_is_to_measure_in_the_units_of_the_language_and_as_old_as_it_is(read, peer, clock):
    peer.devices[NAME]["rainrate"] = 0.4
    reading = read("rain", "cloud", "wind", "humidity", "temperature", "sky")
    assert reading.values == pytest.approx(
        {"rain": 0.4, "cloud": 20.0, "wind": 36.0, "humidity": 55.0, "temperature": 4.0, "sky": -25.0}
    )
    assert reading.taken_at == clock.now() - timedelta(seconds=7)


def test_a_sensor_that_is_not_there_is_left_out_and_a_station_without_gusts_tells_its_wind(read, peer):
    del peer.devices[NAME]["rainrate"], peer.devices[NAME]["windgust"]
    assert read("rain", "wind").values == {"wind": 18.0}


@pytest.mark.parametrize(
    ("said", "why"),
    [(-1.0, "has had no reading of RainRate yet"), (None, "no number"), ("7", "no number"), (True, "no number")],
)
def test_what_does_not_say_how_old_it_is_is_no_reading(read, peer, said, why):
    peer.says[NAME, "timesincelastupdate"] = said
    with pytest.raises(DeviceError, match=why):
        read("rain")


@pytest.mark.parametrize("age_s", [0.0, 0.5])
def test_a_reading_of_this_moment_is_one(read, peer, clock, age_s):
    peer.says[NAME, "timesincelastupdate"] = age_s
    assert read("rain").taken_at == clock.now() - timedelta(seconds=age_s)


@pytest.mark.parametrize("age_s", [86400.1, 922337203685.4775, float("inf"), -0.1])
def test_a_sensor_of_no_age_hides_no_rain(read, peer, monkeypatch, age_s):
    peer.devices[NAME]["rainrate"] = 9.0
    asked = AlpacaDevice.ask

    async def ask(self, member, **said):
        return age_s if said.get("SensorName") == "SkyTemperature" else await asked(self, member, **said)

    monkeypatch.setattr(AlpacaDevice, "ask", ask)
    assert read("rain", "wind", "sky").values == {"rain": 9.0, "wind": 36.0}


def test_a_reading_of_a_day_ago_is_one(read, peer, clock):
    peer.says[NAME, "timesincelastupdate"] = 86400.0
    assert read("rain").taken_at == clock.now() - timedelta(days=1)


def test_a_server_that_falls_silent_in_the_middle_gives_no_half_a_reading(read, monkeypatch):
    asked = AlpacaDevice.number

    async def silent(self, member, **said):
        if member == "cloudcover":
            raise AlpacaSilence("gone")
        return await asked(self, member, **said)

    monkeypatch.setattr(AlpacaDevice, "number", silent)
    with pytest.raises(AlpacaSilence):
        read("rain", "cloud")


def test_who_is_to_measure_nothing_says_so(read):
    with pytest.raises(DeviceError, match="is to measure nothing"):
        read()


def test_gusts_that_are_not_known_now_make_the_wind_unknown(read, peer):
    peer.refuses[NAME, "windgust"] = (0x402, "not set")
    assert read("wind", "rain").values == {"rain": 0.0}


@pytest.mark.parametrize("page", [(500, b""), (200, b'{"Value": 0.'), (200, b'{"Value": NaN}')])
def test_what_is_no_answer_is_left_out(read, peer, page):
    peer.raw["rainrate"] = page
    assert read("rain", "cloud").values == {"cloud": 20.0}
    with pytest.raises(DeviceError):
        read("rain")


def test_a_monitor_says_yes_or_no_now(told, peer, clock):
    assert (told().values, told().taken_at) == ({"monitor": 100.0}, clock.now())
    peer.devices[MONITOR]["issafe"] = False
    assert told().values == {"monitor": 0.0}


@pytest.mark.parametrize("said", [None, 1, "true"])
def test_a_monitor_that_says_neither_is_unknown(told, peer, said):
    peer.says[MONITOR, "issafe"] = said
    with pytest.raises(DeviceError, match="neither true nor false"):
        told()
