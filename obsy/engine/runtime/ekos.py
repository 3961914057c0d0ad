"""A night with KStars/EKOS: it takes the frames, obsy keeps roof, mount and verdict over INDI."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import asdict

from obsy.engine.declare.instrument import Instrument
from obsy.engine.declare.observatory import Observatory
from obsy.engine.devices.clock import WallClock
from obsy.engine.devices.ekos.executor import EkosExecutor, ExecutorFolders
from obsy.engine.devices.ekos.installed import kstars_version, templates_for
from obsy.engine.devices.ekos.kstars import KStarsSetup, RunningKStars, start_kstars
from obsy.engine.devices.ekos.profile import EkosEquipment, Server
from obsy.engine.devices.indi.client import IndiConnection
from obsy.engine.devices.sources.sources import WeatherSources
from obsy.engine.events.frames import FramesAsked
from obsy.engine.identity import Identity
from obsy.engine.night.ports import Ports
from obsy.engine.runtime.guard import socket_of
from obsy.engine.runtime.guarded import is_guarded, start_guard
from obsy.engine.runtime.reach import dome, indi_name, inputs, mount_port
from obsy.engine.runtime.remote import GuardLine
from obsy.engine.runtime.session import play
from obsy.engine.runtime.setup import NightSetup
from obsy.engine.runtime.signals import end_at_the_first
from obsy.engine.safety.closing import park
from obsy.engine.safety.guard import GuardedExecutor, GuardedMount
from obsy.engine.safety.keeper import Keeper
from obsy.engine.safety.lease import RoofKeeper
from obsy.engine.safety.monitor import WeatherMonitor
from obsy.engine.safety.shelter import Shelter, ShelteredMount
from obsy.errors import UserError

GUARD_S = 60.0
"""So long a guard that answers may take until it says where its INDI server is."""


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
    async with _guard(setup) as guard:
        indi = Server(*guard.indi) if guard is not None and guard.indi is not None else None
        house = KStarsSetup(data_root.folder / "ekos", observatory.site.location, equipment, indi=indi)
        async with start_kstars(house) as running:
            line = IndiConnection(clock, running.indi.host, running.indi.port)
            with closing(WeatherSources(clock, observatory.site.timezone)) as sources, closing(line):
                keeper = _keeper(setup, clock, line, guard or sources)
                yield {instrument.enclosure.name: _ports(setup, clock, line, running, keeper)}


@asynccontextmanager
async def _guard(setup: NightSetup) -> AsyncIterator[GuardLine | None]:
    """The line to the guard of the site; None if none runs, and this process keeps its roof itself."""
    root, site = setup.asked.root, setup.observatory.site.name
    if not is_guarded(root, site):
        yield None
        return
    line = GuardLine(socket_of(root, site), lambda: start_guard(root, site))
    running = asyncio.create_task(line.run())
    try:
        async with asyncio.timeout(GUARD_S):
            while line.indi is None:
                await asyncio.sleep(0.1)
        yield line
    finally:
        running.cancel()


def _ports(
    setup: NightSetup,
    clock: WallClock,
    line: IndiConnection,
    running: RunningKStars,
    keeper: RoofKeeper,
) -> Ports:
    observatory, data_root = setup.observatory, setup.data_root
    equipment = _equipment(_only(observatory))

    def ticket(folder: str, asked: Identity) -> None:
        setup.journal.write(clock.now(), FramesAsked(folder=folder, **asdict(asked)))
        setup.tickets.add(folder, asked)

    blocks = data_root.folder / "ekos" / "blocks"
    folders = ExecutorFolders(blocks, data_root.incoming, lambda: tuple(setup.arrived), ticket)
    place = observatory.site.location
    mount = _only(observatory).mount
    guarded = GuardedMount(mount_port(clock, line, mount, place), mount, observatory.safety.sun, place, clock)
    executor = EkosExecutor(running.ekos, clock, equipment, templates_for(kstars_version()), folders)
    return Ports(
        clock=clock,
        keeper=keeper,
        mounts={mount.name: guarded},
        executors={mount.name: GuardedExecutor(executor, guarded)},
    )


def _keeper(setup: NightSetup, clock: WallClock, line: IndiConnection, by: GuardLine | WeatherSources) -> RoofKeeper:
    """Return the guard's keeper of the roof, or one of our own, which reads the weather from these sources."""
    observatory, instrument = setup.observatory, _only(setup.observatory)
    roof, place, safety = instrument.enclosure, observatory.site.location, observatory.safety
    mounts = (ShelteredMount(instrument.mount, mount_port(clock, line, instrument.mount, place)),)
    if isinstance(by, GuardLine):

        async def come_home() -> None:
            await park(mounts[0], lambda event: None)

        return by.keeper(roof.name, clock, come_home)
    weather = inputs(clock, line, by, observatory.weather)
    monitor = WeatherMonitor(clock, safety, observatory.inputs_of(roof), weather, observatory.overrides)
    return Keeper(Shelter(clock, place, roof, dome(clock, line, roof), mounts, safety), monitor)


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
        mount=indi_name(mount.device, "mount", mount.name),
        camera=indi_name(train.camera.device, "camera of", train.name),
        wheel=indi_name(train.filters.device, "filter wheel of", train.name) if train.filters else None,
        focuser=indi_name(train.focuser.device, "focuser of", train.name) if train.focuser else None,
        aperture_mm=train.telescope.aperture,
        focal_mm=train.telescope.focal_length,
        columns=columns,
        rows=rows,
        labels={slot.role: slot.label for slot in train.slots},
    )
