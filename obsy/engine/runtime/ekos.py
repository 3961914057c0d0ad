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
from obsy.engine.devices.ekos.profile import EkosEquipment
from obsy.engine.devices.indi.client import IndiConnection
from obsy.engine.devices.indi.server import Server
from obsy.engine.events.frames import FramesAsked
from obsy.engine.identity import Identity
from obsy.engine.night.ports import Ports
from obsy.engine.runtime.guard.line import GuardLine
from obsy.engine.runtime.guarded import guard_line, indi_address
from obsy.engine.runtime.reach import indi_name, mount_port
from obsy.engine.runtime.session import play
from obsy.engine.runtime.setup import NightSetup
from obsy.engine.runtime.signals import end_at_the_first
from obsy.engine.safety.closing import park
from obsy.engine.safety.guard import GuardedExecutor, GuardedMount
from obsy.engine.safety.shelter import ShelteredMount
from obsy.errors import UserError


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
    async with guard_line(setup) as guard:
        server = Server(*await indi_address(guard))
        house = KStarsSetup(data_root.folder / "ekos", observatory.site.location, equipment, indi=server)
        async with start_kstars(house) as running:
            with closing(IndiConnection(clock, server.host, server.port)) as line:
                yield {instrument.enclosure.name: _ports(setup, clock, line, running, guard)}


def _ports(
    setup: NightSetup, clock: WallClock, line: IndiConnection, running: RunningKStars, guard: GuardLine
) -> Ports:
    observatory, data_root = setup.observatory, setup.data_root
    instrument, place = _only(observatory), observatory.site.location

    def ticket(folder: str, asked: Identity) -> None:
        setup.journal.write(clock.now(), FramesAsked(folder=folder, **asdict(asked)))
        setup.tickets.add(folder, asked)

    blocks = data_root.folder / "ekos" / "blocks"
    folders = ExecutorFolders(blocks, data_root.incoming, lambda: tuple(setup.arrived), ticket)
    mount = instrument.mount
    port = mount_port(clock, line, mount, place)
    guarded = GuardedMount(port, mount, observatory.safety.sun, place, clock)
    templates = templates_for(kstars_version())
    executor = EkosExecutor(running.ekos, clock, _equipment(instrument), templates, folders)

    async def come_home() -> None:
        """Park without the guard."""
        await park(ShelteredMount(mount, port), lambda event: None)

    return Ports(
        clock=clock,
        keeper=guard.keeper(instrument.enclosure.name, clock, come_home),
        mounts={mount.name: guarded},
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
