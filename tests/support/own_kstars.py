"""A KStars that somebody runs: begun by hand, with its stock profile on an INDI server that they keep at work."""

import asyncio
import os
import signal
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from obsy.engine.devices.ekos.bus import Bus, open_bus
from obsy.engine.devices.ekos.desktop import start_desktop, surroundings
from obsy.engine.devices.ekos.scheduler import CAPTURE, EKOS, SCHEDULER, Ekos
from obsy.engine.devices.indi.children import Child, Children
from obsy.engine.devices.indi.server import free_port, socket_folder, with_sky
from obsy.engine.devices.indi.simulators import SIMULATORS
from obsy.errors import DeviceError
from tests.support.waiting import wait_until

PROFILE = "Simulators"
SETTINGS = """\
[GUI]
RunStartupWizard=false

[General]
KStarsFirstRun=false

[TipOfDay]
RunOnStart=false

[View]
OrbitalElementsAutoUpdate=false

[Ekos]
AutoStartEkosLive=false

[Location]
CityName=midnight
ProvinceName=
CountryName=
Latitude={latitude}
Longitude={longitude}
Elevation=100
TimeZone=0
DST=--
"""
"""No questions, no network, and where it stands; all else is as KStars has it at first."""
DEVICES = ("Telescope", "CCD", "Focuser", "Dome", "Weather")
"""The stock profile's, and what keeps a roof; a wheel of its own would become that of KStars' optical train."""
STARTS_WITHIN_S, TRIES = 60.0, 4
"""3.6.2 crashes at about one start in fifteen."""


@dataclass
class OwnKStars:
    """Its programs and the session that they run in."""

    children: Children
    environment: dict[str, str]
    port: int
    kstars: Child | None = None

    @property
    def database(self) -> Path:
        """KStars' own."""
        return Path(self.environment["HOME"]) / ".local" / "share" / "kstars" / "userdb.sqlite"

    def ask(self, question: Callable[[Bus], Awaitable[Any]]) -> Any:
        """Ask KStars something; None if it does not answer."""

        async def asked() -> Any:
            async with open_bus(self.environment["DBUS_SESSION_BUS_ADDRESS"]) as bus:
                return await question(bus)

        with suppress(DeviceError):
            return asyncio.run(asked())
        return None

    def told(self) -> dict[str, Any]:
        """What EKOS has and does now."""

        async def look(bus: Bus) -> dict[str, Any]:
            return {
                "ekos": await bus.read(*EKOS, "ekosStatus"),
                "scheduler": await bus.read(*SCHEDULER, "status"),
                "profile": await bus.read(*SCHEDULER, "profile"),
                "capture": await bus.read(*CAPTURE, "status"),
                "sequence": await bus.call(*CAPTURE, "getJobCount"),
            }

        return self.ask(look) or {}

    def start(self) -> None:
        """Start the program."""
        for _ in range(TRIES):
            self.kstars = self.children.start(["kstars"], self.environment)
            wait_until(lambda: not self.runs or self.ask(answers), STARTS_WITHIN_S, 0.3)
            if self.runs:
                return
            self.children.end(self.kstars)
        raise AssertionError("KStars does not start")

    @property
    def runs(self) -> bool:
        """Whether the program that was started last still runs."""
        return self.kstars is not None and self.kstars.poll() is None

    def start_profile(self) -> None:
        """Start the profile, as a person would by its button."""
        assert self.ask(started) is True

    def quit(self) -> None:
        """End it as a person would."""
        assert self.kstars is not None
        self.ask(lambda bus: Ekos(bus).quit())
        wait_until(lambda: not self.runs, 30.0, 0.2)
        self.children.end(self.kstars)

    def kill(self) -> None:
        """Kill it."""
        assert self.kstars is not None
        os.kill(self.kstars.pid, signal.SIGKILL)
        self.kstars.wait()
        self.children.end(self.kstars)

    def put_on_the_server(self) -> None:
        """Give the stock profile the server's address; a profile without one would end every indiserver it finds."""
        with closing(sqlite3.connect(self.database)) as rows, rows:
            rows.execute("UPDATE profile SET host = 'localhost', port = ? WHERE name = ?", (self.port, PROFILE))

    def profiles(self) -> list[Any]:
        """All that KStars keeps of profiles."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as rows:
            return [
                rows.execute(f"SELECT * FROM {table}").fetchall() for table in ("profile", "driver", "opticaltrains")
            ]


async def answers(bus: Bus) -> bool:
    """Whether it is there."""
    return await Ekos(bus).answers()


async def started(bus: Bus) -> bool:
    """Start the profile and wait for it."""
    await Ekos(bus).start(PROFILE, STARTS_WITHIN_S)
    return True


@contextmanager
def own_kstars(folder: Path, latitude_deg: float, longitude_deg: float) -> Iterator[OwnKStars]:
    """A KStars at work at a place, on a server of its owner's."""
    with socket_folder() as sockets, closing(Children(folder)) as children:
        environment = with_sky(surroundings(folder.resolve() / "home", sockets), sockets)
        settings = Path(environment["XDG_CONFIG_HOME"])
        settings.mkdir(parents=True)
        (settings / "kstarsrc").write_text(SETTINGS.format(latitude=latitude_deg, longitude=longitude_deg))
        (settings / "kwalletrc").write_text("[Wallet]\nEnabled=false\n")
        (folder / "home" / ".local" / "share" / "kstars").mkdir(parents=True)
        start_desktop(children, environment)
        port = free_port(str(folder))
        drivers = [SIMULATORS[f"{each} Simulator"] for each in DEVICES]
        children.start(["indiserver", "-p", str(port), "-u", str(sockets / "indi"), *drivers], environment)
        own = OwnKStars(children, environment, port)
        own.start()
        own.quit()
        own.put_on_the_server()
        own.start()
        own.start_profile()
        yield own
