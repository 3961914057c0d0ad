"""How the inputs of a real night are made: a driver where one is declared, in its own unit, or whatever else is."""

import asyncio
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from obsy.engine.declare.survey import declare
from obsy.engine.devices.clock import WallClock
from obsy.engine.devices.indi.connection import Vector
from obsy.engine.devices.ports import Roof
from obsy.engine.devices.sources.sources import WeatherSources
from obsy.engine.runtime.reach import dome, inputs, mount_port
from obsy.engine.runtime.server_lines import Lines
from obsy.errors import DeviceError
from obsy.schemas.device import Device
from obsy.schemas.server import DeviceServer
from obsy.schemas.site import Location
from obsy.schemas.weather import Weather
from tests.support.alpaca import AlpacaPeer

ROOT = Path(__file__).parents[4]
HERE = ("localhost", 7624)


class Driver:
    """An INDI connection over which one weather driver has spoken, and answers no refresh."""

    def __init__(self, **said: float) -> None:
        self._said = Vector("Ok", said, datetime.now(UTC))

    async def ready(self, device: str) -> None: ...

    def good(self, device: str, name: str) -> Vector:
        return self._said

    def press(self, device: str, name: str, switch: str) -> None:
        raise DeviceError("it reads when it likes")


def weather(name: str, measures: list[str], **device: Any) -> Weather:
    said = {"kind": "weather", "name": name, "measures": measures, "every": "5 s", "max_age": "60 s"}
    return Weather.model_validate({**said, "device": device})


def lines(line: Any) -> Lines:
    """Lines to the one server that obsy begins, which is this."""
    site = declare(ROOT, ROOT / "plans").site
    return Lines(WallClock(), site, HERE, ExitStack(), {HERE: line})


def read(line: Driver | None, declared: Weather) -> dict[str, float]:
    clock = WallClock()
    ports = inputs(clock, lines(line), WeatherSources(clock, "UTC"), [declared])
    return dict(asyncio.run(ports[declared.name].read()).values)


def test_a_driver_is_read_in_the_unit_and_from_the_element_that_its_input_names() -> None:
    line = Driver(WEATHER_WIND_SPEED=10.0, GUST=20.0, WEATHER_HUMIDITY=50.0)
    usual = weather("station", ["wind"], indi="Weather Simulator")
    assert read(line, usual) == {"wind": 10.0, "humidity": 50.0}
    metric = weather("station", ["wind"], indi="Weather Simulator", read={"wind": "GUST in m/s"})
    assert read(line, metric) == {"wind": pytest.approx(72.0), "humidity": 50.0}


def test_a_file_is_read_whatever_becomes_of_indi(tmp_path: Path) -> None:
    (tmp_path / "w.json").write_text('{"wet": false}')
    said = weather("drop", ["rain"], file=str(tmp_path / "w.json"), read={"rain": "wet in on/off"})
    assert read(None, said) == {"rain": 0.0}


def test_a_slew_may_take_as_long_as_the_mount_declares(root: Path) -> None:
    mount = (
        declare(root, root / "plans")
        .mounts[0]
        .model_copy(update={"slew": 1.0, "device": Device(indi="Telescope Simulator")})
    )
    port = mount_port(lines(Driver()), mount, Location(45.0, 10.0))
    assert port._slews_within_s == 390.0


def test_what_hangs_on_an_alpaca_server_is_reached_there(root: Path) -> None:
    told = declare(root, root / "plans")
    with AlpacaPeer().listening() as peer:
        servers = (DeviceServer(name="hall", alpaca=peer.address),)
        here = Lines(WallClock(), told.site.model_copy(update={"servers": servers}), None, ExitStack())
        for its in peer.devices.values():
            its["connected"] = True
        roof = told.enclosures[0].model_copy(update={"device": Device(alpaca="dome/0")})
        mount = told.mounts[0].model_copy(update={"device": Device(alpaca="telescope/0")})
        assert asyncio.run(dome(here, roof).state()) is Roof.CLOSED
        assert asyncio.run(mount_port(here, mount, Location(45.0, 10.0)).state()).parked is True
        station = weather("station", ["rain", "sky"], alpaca="observingconditions/0")
        watchman = weather("watchman", ["monitor"], alpaca="safetymonitor/0")
        ports = inputs(here.clock, here, WeatherSources(here.clock, "UTC"), [station, watchman])
        read = {name: asyncio.run(port.read()).values for name, port in ports.items()}
    assert read == {"station": {"rain": 0.0, "sky": -25.0}, "watchman": {"monitor": 100.0}}


def test_a_station_measures_no_monitor_and_a_monitor_nothing_else() -> None:
    for measures, device in ((["monitor"], "observingconditions/0"), (["rain"], "safetymonitor/0")):
        assert not set(measures) & set(weather("w", measures, alpaca=device).device.readable)  # type: ignore[union-attr]
