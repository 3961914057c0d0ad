"""A night with KStars/EKOS: it takes the frames, obsy keeps roof, mount and verdict over INDI."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import asdict
from functools import partial
from pathlib import Path

from obsy.engine.declare.equipment import SafetyEquipment
from obsy.engine.declare.instrument import Instrument
from obsy.engine.declare.observatory import Observatory
from obsy.engine.devices.clock import WallClock
from obsy.engine.devices.ekos.children import Children
from obsy.engine.devices.ekos.executor import EkosExecutor, ExecutorFolders
from obsy.engine.devices.ekos.installed import kstars_version, templates_for
from obsy.engine.devices.ekos.kstars import KStarsSetup, RunningKStars, indi_server, start_kstars
from obsy.engine.devices.ekos.profile import SIMULATORS, EkosEquipment
from obsy.engine.devices.indi.client import IndiConnection
from obsy.engine.devices.indi.device import IndiDevice
from obsy.engine.devices.indi.enclosure import IndiDome
from obsy.engine.devices.indi.mount import IndiMount
from obsy.engine.devices.indi.weather import GAUGES, Gauge, IndiWeather
from obsy.engine.devices.ports import Clock, WeatherPort
from obsy.engine.devices.sources.sources import WeatherSources
from obsy.engine.events.frames import FramesAsked
from obsy.engine.identity import Identity
from obsy.engine.night.ports import Ports
from obsy.engine.runtime.session import play
from obsy.engine.runtime.setup import NightSetup
from obsy.engine.runtime.signals import end_at_the_first
from obsy.engine.safety.guard import GuardedExecutor, GuardedMount
from obsy.errors import UserError
from obsy.schemas.device import Device as Declared
from obsy.schemas.enclosure import Enclosure
from obsy.schemas.mount import Mount
from obsy.schemas.site import Location
from obsy.schemas.weather import Weather
from obsy.units import WEATHER

PARKS_WITHIN_S = 120.0
TIME_PASSES = True
new_loop = asyncio.new_event_loop


@asynccontextmanager
async def reach(equipment: SafetyEquipment, folder: Path) -> AsyncIterator[dict[str, Ports]]:
    """The roofs behind an INDI server of our own, which needs no KStars."""
    clock, children = WallClock(), Children(folder / "indi")
    sources = WeatherSources(clock, equipment.site.timezone)
    sockets = Path(tempfile.mkdtemp(prefix="obsy-"))
    try:
        async with indi_server(children, dict(os.environ), sockets / "indi") as server:
            line = IndiConnection(clock, server.host, server.port)
            place = equipment.site.location
            yield {
                roof.name: Ports(
                    clock=clock,
                    enclosure=_dome(clock, line, roof),
                    mounts={each.name: _mount(clock, line, each, place) for each in equipment.mounts_of(roof.name)},
                    weather=_inputs(clock, line, sources, equipment.inputs_of(roof.name)),
                    executors={},
                )
                for roof in equipment.enclosures
            }
            line.close()
    finally:
        sources.close()
        children.stop()
        shutil.rmtree(sockets, ignore_errors=True)


def _dome(clock: Clock, line: IndiConnection, roof: Enclosure) -> IndiDome:
    return IndiDome(IndiDevice(clock, line, _name(roof.device, "enclosure", roof.name), roof.timeout))


def _mount(clock: Clock, line: IndiConnection, mount: Mount, place: Location) -> IndiMount:
    device = IndiDevice(clock, line, _name(mount.device, "mount", mount.name), PARKS_WITHIN_S)
    return IndiMount(device, place, mount.settle)


def _weather(clock: Clock, line: IndiConnection, each: Weather) -> IndiWeather:
    """Return the driver's port; where the document says another element or unit than usual, that counts."""
    said = each.device.read.spots() if each.device is not None and each.device.read is not None else {}
    own = {name: Gauge(spot.path, WEATHER[name].units[spot.unit]) for name, spot in said.items()}
    return IndiWeather(clock, line, _name(each.device, "weather input", each.name), {**GAUGES, **own})


def _inputs(
    clock: Clock, line: IndiConnection, sources: WeatherSources, declared: Iterable[Weather]
) -> dict[str, WeatherPort]:
    """Return the port of each weather input: a driver's, or whatever else its document names."""
    return {each.name: sources.port(each, partial(_weather, clock, line, each)) for each in declared}


def run(setup: NightSetup) -> None:
    """Run the night under the real clock, with a KStars of our own.

    Told to end by a signal, it closes the roof first.
    """

    async def night() -> None:
        clock = WallClock()
        end_at_the_first()
        async with hardware(setup, clock) as ports:
            await play(setup, ports)

    asyncio.run(night())


@asynccontextmanager
async def hardware(setup: NightSetup, clock: WallClock) -> AsyncIterator[dict[str, Ports]]:
    """The declared devices behind a KStars of our own; everything is stopped when the block ends."""
    observatory, data_root = setup.observatory, setup.data_root
    instrument = _only(observatory)
    equipment = _equipment(instrument)
    async with start_kstars(KStarsSetup(data_root.folder / "ekos", observatory.site.location, equipment)) as running:
        line = IndiConnection(clock, running.indi.host, running.indi.port)
        with closing(WeatherSources(clock, observatory.site.timezone)) as sources, closing(line):
            weather = _inputs(clock, line, sources, observatory.weather)
            yield {instrument.enclosure.name: _ports(setup, clock, line, running, weather)}


def _ports(
    setup: NightSetup,
    clock: WallClock,
    line: IndiConnection,
    running: RunningKStars,
    weather: Mapping[str, WeatherPort],
) -> Ports:
    observatory, data_root = setup.observatory, setup.data_root
    equipment = _equipment(_only(observatory))

    def ticket(folder: str, asked: Identity) -> None:
        setup.journal.write(clock.now(), FramesAsked(folder=folder, **asdict(asked)))
        setup.tickets.add(folder, asked)

    blocks = data_root.folder / "ekos" / "blocks"
    folders = ExecutorFolders(blocks, data_root.incoming, lambda: tuple(setup.arrived), ticket)
    place = observatory.site.location
    mount, roof = _only(observatory).mount, _only(observatory).enclosure
    guarded = GuardedMount(_mount(clock, line, mount, place), mount, observatory.safety.sun, place, clock)
    executor = EkosExecutor(running.ekos, clock, equipment, templates_for(kstars_version()), folders)
    return Ports(
        clock=clock,
        enclosure=_dome(clock, line, roof),
        mounts={mount.name: guarded},
        weather=weather,
        executors={mount.name: GuardedExecutor(executor, guarded)},
    )


def _only(observatory: Observatory) -> Instrument:
    """Return the one instrument that EKOS runs. Raise UserError if there are several, or more mounts to park."""
    several = max(len(observatory.instruments), len(observatory.mounts), len(observatory.enclosures)) > 1
    if several or not observatory.instruments:
        names = ", ".join(each.name for each in observatory.instruments) or "none"
        raise UserError(
            f"--runner ekos runs one train on one mount under one roof, and here are the trains {names}: "
            "keep the others in an observatory of their own"
        )
    return observatory.instruments[0]


def _equipment(instrument: Instrument) -> EkosEquipment:
    """The instrument as EKOS knows it."""
    train, mount = instrument.train, instrument.mount
    columns, rows = train.camera.size
    return EkosEquipment(
        mount=_name(mount.device, "mount", mount.name),
        camera=_name(train.camera.device, "camera of", train.name),
        wheel=_name(train.filters.device, "filter wheel of", train.name) if train.filters else None,
        focuser=_name(train.focuser.device, "focuser of", train.name) if train.focuser else None,
        aperture_mm=train.telescope.aperture,
        focal_mm=train.telescope.focal_length,
        columns=columns,
        rows=rows,
        labels={slot.role: slot.label for slot in train.slots},
    )


def _name(device: Declared | None, what: str, whose: str) -> str:
    """The INDI name of a declared device. Raises UserError if it has none, or one that obsy cannot start yet."""
    if device is None or device.indi is None:
        raise UserError(f"the {what} '{whose}' has no INDI device: write 'device: {{indi: …}}' in its document")
    if device.indi not in SIMULATORS:
        known = ", ".join(SIMULATORS)
        raise UserError(
            f"the {what} '{whose}' is '{device.indi}', but --runner ekos starts only INDI's simulators yet: {known}"
        )
    return device.indi
