"""The real roofs, reached without KStars, plans and store: all that making safe stands on, and nothing else."""

import os
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import ExitStack, asynccontextmanager, closing, nullcontext
from functools import partial
from pathlib import Path
from typing import NoReturn, TypeVar

from obsy.engine.declare.equipment import SafetyEquipment
from obsy.engine.devices.alpaca.device import AlpacaDevice
from obsy.engine.devices.alpaca.dome import AlpacaDome
from obsy.engine.devices.alpaca.mount import AlpacaMount
from obsy.engine.devices.alpaca.weather import AlpacaMonitor, AlpacaWeather
from obsy.engine.devices.clock import WallClock
from obsy.engine.devices.indi.children import Children
from obsy.engine.devices.indi.enclosure import IndiDome
from obsy.engine.devices.indi.mount import IndiMount
from obsy.engine.devices.indi.roll_off import IndiRollOff
from obsy.engine.devices.indi.server import indi_server, socket_folder
from obsy.engine.devices.indi.weather import IndiWeather, gauges
from obsy.engine.devices.ports import Clock, EnclosurePort, MountPort, WeatherPort
from obsy.engine.devices.sources.sources import WeatherSources
from obsy.engine.runtime.guard.reached import Reached
from obsy.engine.runtime.server_lines import Lines, programs, watching
from obsy.engine.safety.shelter import HALF_TURN_DEG, LATE_S
from obsy.errors import DeviceError
from obsy.schemas.device import Device as Declared
from obsy.schemas.enclosure import Enclosure
from obsy.schemas.mount import Mount
from obsy.schemas.site import Location
from obsy.schemas.weather import Weather

PARKS_WITHIN_S = 120.0
T = TypeVar("T")


@asynccontextmanager
async def reach(equipment: SafetyEquipment, folder: Path) -> AsyncIterator[dict[str, Reached]]:
    """The roofs behind the servers of the site, and one of our own for the drivers that obsy begins.

    A device that cannot be made is silent, and keeps no roof away.
    folder: where the words of our own server and its process are noted.
    """
    clock = WallClock()
    begun = programs(equipment.devices, equipment.site)
    with (
        socket_folder() as sockets,
        closing(Children(folder)) as children,
        closing(WeatherSources(clock, equipment.site.timezone)) as sources,
        ExitStack() as held,
    ):
        watched = sorted(begun.keys() & _driven(equipment))
        own = indi_server(children, dict(os.environ), sockets / "indi", watched, begun) if begun else nullcontext()
        async with own as server:
            lines = Lines(clock, equipment.site, server, held)
            async with watching(lines, _moving(equipment)):
                yield {roof.name: _reached(equipment, roof, clock, lines, sources) for roof in equipment.enclosures}


def _driven(equipment: SafetyEquipment) -> set[str]:
    """The INDI devices that keep the roofs."""
    return {each.indi for each in (*_moving(equipment), *_asked(equipment)) if each.indi is not None}


def _moving(equipment: SafetyEquipment) -> list[Declared]:
    """The devices of roofs and mounts."""
    things: list[Enclosure | Mount] = [*equipment.enclosures, *equipment.mounts]
    return [each.device for each in things if each.device is not None]


def _asked(equipment: SafetyEquipment) -> list[Declared]:
    return [each.device for each in equipment.weather if each.device is not None]


def _reached(
    equipment: SafetyEquipment, roof: Enclosure, clock: Clock, lines: Lines, sources: WeatherSources
) -> Reached:
    place = equipment.site.location
    return Reached(
        server=lines.address,
        clock=clock,
        enclosure=_made(lambda: dome(lines, roof)),
        mounts={each.name: _made(partial(mount_port, lines, each, place)) for each in equipment.mounts_of(roof.name)},
        weather={
            each.name: _made(partial(_input, clock, lines, sources, each)) for each in equipment.inputs_of(roof.name)
        },
    )


class Silent:
    """Stands for a device that cannot be made: it says nothing, and so is unsafe."""

    def __init__(self, why: str) -> None:
        self._why = why

    async def _refuse(self, *_: object) -> NoReturn:
        raise DeviceError(self._why)

    read = state = open = close = stop = park = unpark = slew = side_for = reckoning = tell = _refuse


def _made(make: Callable[[], T]) -> T | Silent:
    try:
        return make()
    except Exception as fault:  # whatever is wrong with one device
        return Silent(str(fault))


def dome(lines: Lines, roof: Enclosure) -> EnclosurePort:
    """Return the port of a roof. Raise UserError for a driver that nobody names."""
    device = lines.device(roof.device, "enclosure", roof.name, roof.timeout)
    if isinstance(device, AlpacaDevice):
        return AlpacaDome(device)
    if roof.type == "roll-off":
        return IndiRollOff(device, roof.travel, reads_switches=roof.proof == "switches")
    return IndiDome(device)


def mount_port(lines: Lines, mount: Mount, place: Location) -> MountPort:
    """Return the port of a mount. Raise UserError for a driver that nobody names."""
    device = lines.device(mount.device, "mount", mount.name, PARKS_WITHIN_S)
    slews_within_s = 2.0 * HALF_TURN_DEG / mount.slew + LATE_S
    if isinstance(device, AlpacaDevice):
        return AlpacaMount(device, place, mount.settle, mount.park, slews_within_s)
    return IndiMount(device, place, mount.settle, mount.park, slews_within_s)


def weather_port(lines: Lines, each: Weather) -> WeatherPort:
    """Return the driver's port. Raise UserError for a driver that nobody names."""
    device = lines.device(each.device, "weather input", each.name, each.max_age)
    if isinstance(device, AlpacaDevice):
        return AlpacaMonitor(device) if "monitor" in each.measures else AlpacaWeather(device, each.measures)
    return IndiWeather(device.clock, device.line, device.name, gauges(each.device))


def _input(clock: Clock, lines: Lines, sources: WeatherSources, each: Weather) -> WeatherPort:
    return sources.port(each, partial(weather_port, lines, each))


def inputs(clock: Clock, lines: Lines, sources: WeatherSources, declared: Iterable[Weather]) -> dict[str, WeatherPort]:
    """Return the port of each weather input: a driver's, or whatever else its document names.

    Raise UserError for a driver that nobody names.
    """
    return {each.name: _input(clock, lines, sources, each) for each in declared}
