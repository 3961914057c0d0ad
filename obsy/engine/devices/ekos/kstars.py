"""A KStars of our own, headless, with its INDI server: everything started together, and nothing left afterwards."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass
from pathlib import Path

from obsy.engine.devices.ekos.bus import Bus, open_bus
from obsy.engine.devices.ekos.desktop import start_desktop, surroundings, write_settings
from obsy.engine.devices.ekos.profile import PROFILE, EkosEquipment, write_profile
from obsy.engine.devices.ekos.scheduler import Ekos
from obsy.engine.devices.indi.children import Child, Children
from obsy.engine.devices.indi.server import indi_server, socket_folder
from obsy.errors import DeviceError
from obsy.schemas.address import ServerAddress
from obsy.schemas.site import Location

START_S = 60.0
"""On two idle cores KStars needs 2 s, and its devices 2 s more."""
TRIES = 4
"""KStars 3.6.2 crashes at about one start in fifteen, before it has done anything."""
_GLANCE_S = 0.25


@dataclass(frozen=True, slots=True)
class KStarsSetup:
    """What to start, and where it may write."""

    folder: Path
    site: Location
    equipment: EkosEquipment
    indi: ServerAddress | None = None
    """The INDI server that moves the devices; None: one is started beside KStars."""


@dataclass(frozen=True, slots=True)
class RunningKStars:
    """A KStars whose EKOS has connected its devices."""

    ekos: Ekos
    indi: ServerAddress


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """The screen and the bus that KStars starts on, and its home."""

    setup: KStarsSetup
    children: Children
    environment: dict[str, str]
    bus: Bus

    @property
    def home(self) -> Path:
        return Path(self.environment["HOME"])


@asynccontextmanager
async def start_kstars(setup: KStarsSetup) -> AsyncIterator[RunningKStars]:
    """A running KStars with a fresh home; whatever happens, nothing of it runs when the block ends."""
    with socket_folder() as sockets, closing(Children(setup.folder)) as children:
        environment = surroundings(setup.folder.resolve() / "home", sockets)
        start_desktop(children, environment)
        async with (
            open_bus(environment["DBUS_SESSION_BUS_ADDRESS"]) as bus,
            _server(setup, children, environment, sockets) as server,
        ):
            around = _Surroundings(setup, children, environment, bus)
            database = await _furnish(around)
            write_profile(database, setup.equipment, server)
            await _start_kstars(around)
            ekos = Ekos(bus)
            await ekos.start(PROFILE, START_S)
            yield RunningKStars(ekos, server)
            with suppress(DeviceError):
                await ekos.quit()


@asynccontextmanager
async def _server(
    setup: KStarsSetup, children: Children, environment: dict[str, str], sockets: Path
) -> AsyncIterator[ServerAddress]:
    """The INDI server that is there, or one of its own."""
    if setup.indi is not None:
        yield setup.indi
        return
    async with indi_server(children, environment, sockets / "indi") as server:
        yield server


async def _furnish(around: _Surroundings) -> Path:
    """A new home: our settings, and the database KStars makes by itself, so that its tables are of its version."""
    shutil.rmtree(around.home, ignore_errors=True)
    write_settings(around.setup.site, around.home / ".config")
    data = around.home / ".local" / "share" / "kstars"
    data.mkdir(parents=True)
    kstars = await _start_kstars(around)
    await Ekos(around.bus).quit()
    for _ in range(int(START_S / _GLANCE_S)):
        if kstars.poll() is not None:
            break
        await asyncio.sleep(_GLANCE_S)
    around.children.end(kstars)
    return data / "userdb.sqlite"


async def _start_kstars(around: _Surroundings) -> Child:
    """A KStars that answers on the bus."""
    for _ in range(TRIES):
        kstars = around.children.start(["kstars"], around.environment)
        if await _comes_up(around, kstars):
            return kstars
        around.children.end(kstars)
    raise DeviceError(f"KStars was started {TRIES} times and never answered; its words are in {around.children.logs}")


async def _comes_up(around: _Surroundings, kstars: Child) -> bool:
    with suppress(TimeoutError):
        async with asyncio.timeout(START_S):
            while kstars.poll() is None:
                if await Ekos(around.bus).answers():
                    return True
                await asyncio.sleep(_GLANCE_S)
    return False
