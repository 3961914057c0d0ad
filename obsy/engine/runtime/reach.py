"""The real roofs, reached without KStars, plans and store: all that making safe stands on, and nothing else."""

import os
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, closing
from functools import partial
from pathlib import Path
from typing import NoReturn, TypeVar

from obsy.engine.declare.equipment import SafetyEquipment
from obsy.engine.devices.clock import WallClock
from obsy.engine.devices.indi.children import Children
from obsy.engine.devices.indi.client import IndiConnection
from obsy.engine.devices.indi.device import IndiDevice
from obsy.engine.devices.indi.enclosure import IndiDome
from obsy.engine.devices.indi.mount import IndiMount
from obsy.engine.devices.indi.server import indi_server, socket_folder
from obsy.engine.devices.indi.simulators import SIMULATORS
from obsy.engine.devices.indi.weather import GAUGES, Gauge, IndiWeather
from obsy.engine.devices.ports import Clock, WeatherPort
from obsy.engine.devices.sources.sources import WeatherSources
from obsy.engine.runtime.guard.reached import Reached
from obsy.engine.safety.shelter import HALF_TURN_DEG, LATE_S
from obsy.errors import DeviceError, UserError
from obsy.schemas.device import Device as Declared
from obsy.schemas.enclosure import Enclosure
from obsy.schemas.mount import Mount
from obsy.schemas.site import Location
from obsy.schemas.weather import Weather
from obsy.units import WEATHER

PARKS_WITHIN_S = 120.0
T = TypeVar("T")


@asynccontextmanager
async def reach(equipment: SafetyEquipment, folder: Path) -> AsyncIterator[dict[str, Reached]]:
    """The roofs behind an INDI server of our own. A device that cannot be made is silent, and keeps no roof away.

    folder: where the server's words and its process are noted.
    """
    clock = WallClock()
    with (
        socket_folder() as sockets,
        closing(Children(folder)) as children,
        closing(WeatherSources(clock, equipment.site.timezone)) as sources,
    ):
        async with indi_server(children, dict(os.environ), sockets / "indi", _driven(equipment)) as server:
            with closing(IndiConnection(clock, server.host, server.port)) as line:
                yield {roof.name: _reached(equipment, roof, clock, line, sources) for roof in equipment.enclosures}


def _driven(equipment: SafetyEquipment) -> set[str]:
    """The INDI devices that keep the roofs, as far as their drivers are known."""
    things: list[Enclosure | Mount | Weather] = [*equipment.enclosures, *equipment.mounts, *equipment.weather]
    return {each.device.indi for each in things if each.device is not None and each.device.indi in SIMULATORS}


def _reached(
    equipment: SafetyEquipment, roof: Enclosure, clock: Clock, line: IndiConnection, sources: WeatherSources
) -> Reached:
    place = equipment.site.location
    return Reached(
        server=line.address if line is not None else None,
        clock=clock,
        enclosure=_made(lambda: dome(clock, line, roof)),
        mounts={
            each.name: _made(partial(mount_port, clock, line, each, place)) for each in equipment.mounts_of(roof.name)
        },
        weather={
            each.name: _made(partial(_input, clock, line, sources, each)) for each in equipment.inputs_of(roof.name)
        },
    )


class Silent:
    """Stands for a device that cannot be made: it says nothing, and so is unsafe."""

    def __init__(self, why: str) -> None:
        self._why = why

    async def _refuse(self, *_: object) -> NoReturn:
        raise DeviceError(self._why)

    read = state = open = close = stop = park = unpark = slew = _refuse


def _made(make: Callable[[], T]) -> T | Silent:
    try:
        return make()
    except Exception as fault:  # whatever is wrong with one device
        return Silent(str(fault))


def dome(clock: Clock, line: IndiConnection, roof: Enclosure) -> IndiDome:
    """Return the port of a roof. Raise UserError for a driver that obsy cannot start."""
    return IndiDome(IndiDevice(clock, line, indi_name(roof.device, "enclosure", roof.name), roof.timeout))


def mount_port(clock: Clock, line: IndiConnection, mount: Mount, place: Location) -> IndiMount:
    """Return the port of a mount. Raise UserError for a driver that obsy cannot start."""
    device = IndiDevice(clock, line, indi_name(mount.device, "mount", mount.name), PARKS_WITHIN_S)
    return IndiMount(device, place, mount.settle, mount.park, 2.0 * HALF_TURN_DEG / mount.slew + LATE_S)


def weather_port(clock: Clock, line: IndiConnection, each: Weather) -> IndiWeather:
    """Return the driver's port; where the document says another element or unit than usual, that counts."""
    said = each.device.read.spots() if each.device is not None and each.device.read is not None else {}
    own = {name: Gauge(spot.path, WEATHER[name].units[spot.unit]) for name, spot in said.items()}
    return IndiWeather(clock, line, indi_name(each.device, "weather input", each.name), {**GAUGES, **own})


def _input(clock: Clock, line: IndiConnection, sources: WeatherSources, each: Weather) -> WeatherPort:
    return sources.port(each, partial(weather_port, clock, line, each))


def inputs(
    clock: Clock, line: IndiConnection, sources: WeatherSources, declared: Iterable[Weather]
) -> dict[str, WeatherPort]:
    """Return the port of each weather input: a driver's, or whatever else its document names.

    Raise UserError for a driver that obsy cannot start.
    """
    return {each.name: _input(clock, line, sources, each) for each in declared}


def indi_name(device: Declared | None, what: str, whose: str) -> str:
    """The INDI name of a declared device. Raises UserError if it has none, or one that obsy cannot start yet."""
    if device is None or device.indi is None:
        raise UserError(f"the {what} '{whose}' has no INDI device: write 'device: {{indi: …}}' in its document")
    if device.indi not in SIMULATORS:
        known = ", ".join(SIMULATORS)
        raise UserError(f"the {what} '{whose}' is '{device.indi}', but obsy begins only INDI's simulators yet: {known}")
    return device.indi
