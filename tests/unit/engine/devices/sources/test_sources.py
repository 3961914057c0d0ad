import asyncio
import sys

import pytest
from pydantic import ValidationError

from obsy.engine.devices.ports import Reading
from obsy.engine.devices.sources import mqtt
from obsy.engine.devices.sources.sources import WeatherSources
from obsy.errors import DeviceError

DEVICES = {
    "file": {"file": "/nowhere", "read": {"wind": "wind in m/s"}},
    "http": {"http": "http://127.0.0.1:1/", "read": {"wind": "wind in m/s"}},
    "mqtt": {"mqtt": "127.0.0.1:1", "read": {"wind": "garden/wind in m/s"}},
    "serial": {"serial": "/nowhere"},
    "nut": {"nut": "ups@127.0.0.1:1"},
    "disk": {"disk": "/nowhere"},
    "clock": {"clock": "nowhere.invalid"},
    "allsky": {"allsky": "/nowhere.jpg"},
}


@pytest.mark.parametrize("way", DEVICES)
def test_every_way_that_leads_nowhere_is_a_device_error_when_it_is_read(clock, declare, monkeypatch, way):
    monkeypatch.setattr(mqtt, "FIRST_WORD_S", 0.1)
    sources = WeatherSources(clock, "UTC")
    port = sources.port(declare(["wind"], DEVICES[way]), lambda: pytest.fail("no driver was declared"))
    with pytest.raises(DeviceError):
        asyncio.run(port.read())
    sources.close()


@pytest.mark.parametrize(("way", "module"), [("mqtt", "paho.mqtt.client"), ("serial", "serial")])
def test_a_library_that_is_missing_makes_its_input_unknown_and_nothing_else(clock, declare, monkeypatch, way, module):
    for name in [name for name in sys.modules if name.startswith("obsy.engine.devices.sources.")]:
        if name.endswith((".mqtt", ".line")):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, module, None)
    port = WeatherSources(clock, "UTC").port(declare(["rain"], DEVICES[way]), lambda: None)
    with pytest.raises(DeviceError, match="pip install"):
        asyncio.run(port.read())


class Driver:
    """Always says the same."""

    def __init__(self, reading):
        self.reading = reading

    async def read(self):
        return self.reading


def test_a_driver_is_asked_where_one_is_declared_and_is_watched_too(clock, declare, now):
    driver = Driver(Reading({"wind": 1.0}, now))
    sources = WeatherSources(clock, "UTC")
    assert sources.port(declare(["wind"], {"indi": "Weather"}), lambda: driver) is driver
    watched = sources.port(declare(["wind"], {"indi": "Weather"}, stuck="30 min"), lambda: driver)
    assert asyncio.run(watched.read()) == driver.reading


def test_a_zone_that_nobody_knows_is_told(declare):
    with pytest.raises(ValidationError, match="unknown-timezone"):
        declare(["wind"], {**DEVICES["file"], "zone": "Europe/Nerpio"})
