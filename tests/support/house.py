"""An observatory of INDI's own simulators at which it is midnight now, with a real guard and a night that is a process.

python -m tests.support.house FOLDER is that night: it has the guard begun, the roof opened, and asks that it stays so.
"""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from obsy.engine.declare.equipment import read_equipment
from obsy.engine.devices.clock import WallClock
from obsy.engine.devices.indi.glance import Properties, glance
from obsy.engine.devices.indi.server import free_port, with_sky
from obsy.engine.devices.indi.simulators import SIMULATORS
from obsy.engine.runtime.guard.begin import Begun
from obsy.engine.runtime.guard.line import GuardLine
from obsy.engine.runtime.guard.wire import Said, dial, greeting, guard_of
from obsy.errors import DeviceError
from tests.support.phd2 import Phd2Peer, beside
from tests.support.waiting import wait_until

ROOT = Path(__file__).parents[2]
MAX_AGE_S = 10.0
SITE = """\
kind: site
name: here
latitude: 45 deg
longitude: {longitude} deg
elevation: 100 m
timezone: {timezone}
---
kind: enclosure
name: dome
type: dome
travel: 20 s
timeout: {timeout} s
clearance: {clearance}
device: {{indi: Dome Simulator}}
---
kind: mount
name: mount
type: fork
slew: 3 deg/s
settle: 2 s
altitude: above 10 deg
park: {{azimuth: 90 deg, altitude: 0 deg}}      # where INDI's simulator parks
device: {{indi: Telescope Simulator}}
---
kind: weather
name: station
measures: [rain, wind]
every: 3 s
max_age: {max_age:g} s{more}
device: {{indi: Weather Simulator}}
---
kind: policy
name: house
safety: {{limits: {{rain: above 0 mm/h, wind: above 60 km/h}}, dwell: 60 s{choice}}}
"""
DOME, MOUNT, WEATHER = "indi_simulator_dome", "indi_simulator_telescope", "indi_simulator_weather"
TAPPED = (DOME, MOUNT, WEATHER)
MARK = "OBSY_TEST_HOUSE"
BEGINS_WITHIN_S = 180.0
"""Servers that several houses begin at once, on a busy machine."""
OPENS_WITHIN_S = 240.0
"""A dwell of a minute, and two moves of a dome, on a busy machine."""


def midnight(now: datetime) -> tuple[float, str]:
    """Return the longitude where it is midnight now, degrees, and a time zone there."""
    longitude = (-15.0 * (now.hour + now.minute / 60.0) + 180.0) % 360.0 - 180.0
    zone = round(longitude / 15.0)
    return round(longitude, 4), f"Etc/GMT{-zone:+d}" if zone else "Etc/GMT"


def site(hour: float = 0.0, **settings: str) -> str:
    """Return the documents of an observatory at which it is so many hours after midnight now.

    settings: what it says otherwise: `timeout`, `clearance`, `choice` of the policy, `more` of the weather.
    """
    longitude, timezone = midnight(datetime.now(UTC) - timedelta(hours=hour))
    usual = {"timeout": "60", "clearance": "parked", "choice": "", "more": ""}
    return SITE.format(longitude=longitude, timezone=timezone, max_age=MAX_AGE_S, **(usual | settings))


@dataclass
class House:
    """One observatory in a folder of its own; everything in it ends with it."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    """What its site says otherwise; see `site`."""
    hour: float = 0.0
    """What time it is there, hours after midnight."""
    night: "subprocess.Popen[bytes] | None" = None
    unused: ClassVar[tuple[str, ...]] = tuple(sorted({*SIMULATORS.values()} - {*TAPPED}))
    name: ClassVar[str] = "here"
    """Of the site."""

    def __post_init__(self) -> None:
        (self.folder / "bin").mkdir(parents=True)
        self.declare()
        for name in TAPPED:
            os.mkfifo(self.folder / f"{name}.orders")
            tap = f"'{sys.executable}' -S -E '{Path(__file__).parent / 'indi_tap.py'}'"
            self._program(name, f"{tap} '{shutil.which(name)}' '{self.folder}'")
        for name in self.unused:
            self._program(name, "cat >/dev/null")

    def declare(self) -> None:
        """Write its documents."""
        (self.folder / "site").mkdir()
        (self.folder / "site" / "all.yaml").write_text(site(self.hour, **self.settings))

    def _program(self, name: str, command: str) -> None:
        path = self.folder / "bin" / name
        path.write_text(f"#!/bin/sh\nexec {command}\n" if "/dev/null" not in command else f"#!/bin/sh\n{command}\n")
        path.chmod(0o755)

    @property
    def surroundings(self) -> dict[str, str]:
        ours = (self.folder / "bin", Path(sys.executable).parent)
        path = os.pathsep.join([*map(str, ours), os.environ["PATH"]])
        # INDI's drivers keep where they stood and whether they were parked in the home: none is another house's.
        return {**os.environ, "PATH": path, "HOME": str(self.folder), MARK: str(self.folder)}

    def begin(self) -> None:
        """Begin the night, which has the guard begun."""
        self._begin(ROOT, "tests.support.house", str(self.folder))

    def _begin(self, where: Path, *words: str) -> None:
        with (self.folder / "night.log").open("w") as log:
            self.night = subprocess.Popen(
                [sys.executable, "-m", *words], cwd=where, env=self.surroundings, stdout=log, stderr=subprocess.STDOUT
            )

    def until_at_work(self) -> None:
        """Return when the night has the roof open, and the mount is unparked."""
        log = self.folder / "night.log"
        wait_until(lambda: "\nopen\n" in log.read_text(), OPENS_WITHIN_S, 0.5)
        self.set("Telescope Simulator", "TELESCOPE_PARK.UNPARK=On")
        self.first(0.0, (MOUNT, "said TELESCOPE_PARK Ok UNPARK"))

    @property
    def guard(self) -> int:
        """The process that keeps the roof."""
        return int(wait_until(self._greeting)["process"])

    def _greeting(self) -> Said | None:
        return greeting(guard_of(self.folder, self.name))

    def set(self, device: str, what: str) -> None:
        """Set a property of a device as any other client of its server would: `TELESCOPE_PARK.UNPARK=On`."""
        _, port = wait_until(lambda: (self._greeting() or {}).get("indi"))
        subprocess.run(["indi_setprop", "-p", str(port), f"{device}.{what}"], check=True, timeout=30.0)

    @property
    def server(self) -> int:
        """The INDI server's process."""
        (kept,) = self.folder.glob(".obsy/*/children.json")
        return int(json.loads(kept.read_text())[0][0])

    def told(self) -> str:
        """What the night has heard."""
        return (self.folder / "night.log").read_text()

    def order(self, driver: str, line: str) -> None:
        """Have the tap of a driver lie."""
        with (self.folder / f"{driver}.orders").open("w") as orders:
            orders.write(f"{line}\n")

    def driver(self, name: str) -> int:
        """The driver's own process, behind its tap."""
        return int((self.folder / f"{name}.pid").read_text())

    def words(self, driver: str) -> list[tuple[float, str]]:
        """What was said by a driver and asked of it, with the seconds of `time.monotonic`."""
        path = self.folder / f"{driver}.words"
        if not path.exists():  # it has not been started
            return []
        rows = (line.partition(" ") for line in path.read_text().splitlines(True) if line.endswith("\n"))
        return [(float(at), words.strip()) for at, _, words in rows]

    def first(self, since_s: float, *wanted: tuple[str, str], within_s: float = 60.0) -> float:
        """Return when one of these words of a driver came first since then. Raise TimeoutError."""

        def found() -> list[float]:
            return [
                at for driver, words in wanted for at, said in self.words(driver) if at >= since_s and words == said
            ]

        return min(wait_until(found, within_s, 0.1))

    def processes(self) -> Iterator[int]:
        """Yield all that was begun here, and is still there."""
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if f"{MARK}={self.folder}\0".encode() in (process / "environ").read_bytes():
                    yield int(process.name)

    def end(self) -> None:
        """End all that was begun here, however it hangs."""
        wait_until(self._ended, 30.0, 0.05)
        if self.night is not None:
            self.night.wait()

    def _ended(self) -> bool:
        """Whether nothing is left; what is, is killed. A guard may begin another server while it is looked for."""
        left = list(self.processes())
        for process in left:
            with suppress(OSError):
                os.kill(process, signal.SIGKILL)
        return not left


class EkosHouse(House):
    """One whose night is `obsy apply --runner ekos`, which takes frames by KStars."""

    unused: ClassVar[tuple[str, ...]] = ()
    name: ClassVar[str] = "midnight"
    runner: ClassVar[str] = "ekos"
    instead: ClassVar[tuple[tuple[str, str, str], ...]] = (
        ("site/all", "every: 5 s\nmax_age: 90 s", f"every: 3 s\nmax_age: {MAX_AGE_S:g} s"),
        ("plans/zenith", "count: 2", "count: 500"),
    )
    """By file, what its documents say otherwise than those of `midnight`: more work than it ever does."""

    def declare(self) -> None:
        """Write its documents."""
        from tests.support.midnight import write_observatory  # noqa: PLC0415  astropy is not for every night

        write_observatory(self.folder, datetime.now(UTC))
        for name, was, now in self.instead:
            file = self.folder / f"{name}.yaml"
            text = file.read_text()
            assert was in text
            file.write_text(text.replace(was, now))

    def begin(self) -> None:
        """Begin the night."""
        self._begin(self.folder, "obsy", "apply", "plans/", "--runner", self.runner)

    def until_at_work(self) -> None:
        """Return when the first frame is taken."""
        journals = self.folder / "data" / "real" / "journal"
        wait_until(lambda: any("frame-taken" in each.read_text() for each in journals.glob("*.jsonl")), 420.0, 0.5)

    def program(self, name: str) -> int:
        """The newest of the processes here that run this program."""
        return max(pid for pid in self.processes() if Path(f"/proc/{pid}/cmdline").read_text().split("\0")[0] == name)

    @property
    def kstars(self) -> int:
        """KStars' process."""
        return next(pid for pid in self.processes() if Path(f"/proc/{pid}/comm").read_text().strip() == "kstars")


PANEL = "panel: {settle: 1 s, device: {indi: Light Panel Simulator}}"


class IndiHouse(EkosHouse):
    """One whose night is `obsy apply --runner indi`, which moves every device itself, calibrates and focuses."""

    runner: ClassVar[str] = "indi"
    instead: ClassVar[tuple[tuple[str, str, str], ...]] = (
        EkosHouse.instead[0],
        ("site/all", "temperature: 0 degC", "temperature: 14 degC"),  # so that it is warm soon
        ("site/all", "download: 2 s", "download: 10 s"),  # blocks end late enough for the focus run of a busy machine
        ("site/all", "focal_length: 300 mm", "focal_length: 700 mm"),  # so that stars are wider than pixels
        ("site/all", "best: 50000 steps", "best: 38000 steps"),  # the simulator's is 36700
        ("site/all", "sample: 100 steps", "sample: 5000 steps"),
        ("site/all", "\n---\nkind: weather", f"\n{PANEL}\n---\nkind: weather"),
        ("plans/zenith", "exposure: 2 s, count: 2", "exposure: 4 s, count: 3"),
    )
    harmed: datetime
    """When the test has done something to it."""

    def entries(self) -> list[dict[str, Any]]:
        """What its journal says by now."""
        lines = [each.read_text() for each in (self.folder / "data" / "real" / "journal").glob("*.jsonl")]
        return [json.loads(line) for line in "".join(lines).splitlines(True) if line.endswith("\n")]

    def events(self, name: str) -> list[dict[str, Any]]:
        """The entries of that name."""
        return [each for each in self.entries() if each["event"] == name]

    def after(self, name: str) -> list[dict[str, Any]]:
        """Those since it was harmed."""
        return [each for each in self.events(name) if when(each) >= self.harmed]

    def until(self, seen: Callable[[], object], within_s: float, every_s: float = 0.1) -> None:
        """Wait until something is seen, or the night is over. Raise TimeoutError."""
        wait_until(lambda: self.over or seen(), within_s, every_s)

    @property
    def over(self) -> bool:
        """Whether its night has ended."""
        return self.night is not None and self.night.poll() is not None


class SteppedHouse(IndiHouse):
    """One whose targets are centred, guided by a PHD2 of ours and dithered."""

    instead: ClassVar[tuple[tuple[str, str, str], ...]] = (
        *IndiHouse.instead,
        ("site/all", "slew: 3 deg/s", "slew: 3 deg/s\ncentre: within 60 arcsec and exposing 4 s"),
        ("plans/zenith", "\npipeline:", "\nguiding: required\ndither: every 1 frames and by 5 px\npipeline:"),
    )

    def declare(self) -> None:
        """Write its documents, once it is known where PHD2 listens."""
        self.phd2, self._held = Phd2Peer(frame_s=0.05), ExitStack()
        self._held.enter_context(beside(self.phd2))
        super().declare()
        file = self.folder / "site" / "all.yaml"
        guider = f'guider: {{phd2: "{self.phd2.address}"}}'
        file.write_text(file.read_text().replace(PANEL, f"{guider}\n{PANEL}"))

    def end(self) -> None:
        """End everything."""
        super().end()
        self._held.close()


class ForeignHouse(IndiHouse):
    """One whose devices hang on an INDI server that somebody else has begun, and obsy never begins or ends."""

    foreign: "subprocess.Popen[bytes]"

    def declare(self) -> None:
        """Write its documents, with the server among them."""
        super().declare()
        self.port = free_port(str(self.folder))
        file = self.folder / "site" / "all.yaml"
        servers = f"servers: [{{name: pier, indi: '127.0.0.1:{self.port}'}}]"
        file.write_text(file.read_text().replace("elevation: 100 m", f"elevation: 100 m\n{servers}", 1))

    def begin(self) -> None:
        """Begin the server, and then the night."""
        command = ["indiserver", "-p", str(self.port), "-u", str(self.folder / "s"), *SIMULATORS.values()]
        with (self.folder / "indiserver.log").open("w") as log:
            around = with_sky(self.surroundings, self.folder)
            self.foreign = subprocess.Popen(command, env=around, stdout=log, stderr=log)
        wait_until(lambda: len(seen(self.port)) == len(SIMULATORS), BEGINS_WITHIN_S, 0.2)
        super().begin()

    def end(self) -> None:
        """End all that was begun here."""
        super().end()
        self.foreign.wait()


def when(entry: dict[str, Any]) -> datetime:
    """Return when an entry of a journal was written."""
    return datetime.fromisoformat(entry["time"])


def seen(port: int) -> dict[str, Properties]:
    """Return what the devices of a server tell; nothing while it does not answer."""
    try:
        return glance("127.0.0.1", port)
    except DeviceError:
        return {}


async def _wake(folder: Path) -> None:
    """Have the roof opened, and ask for ever that it stays so."""
    begun = Begun(folder, read_equipment(folder))
    line = GuardLine(partial(dial, guard_of(folder, "here")), begun.go_on)

    async def nothing() -> None: ...

    roof = line.keeper("dome", WallClock(), nothing)
    tasks = [asyncio.ensure_future(line.run()), asyncio.ensure_future(roof.run())]
    roof.hear(lambda event: print(f"{time.monotonic():.3f}", event.name, event.facts(), flush=True))
    await _opened(roof.open)
    print("\nopen", flush=True)
    while not any(task.done() for task in tasks):
        roof.renew()
        await asyncio.sleep(1.0)


async def _opened(opening: Callable[[], object]) -> None:
    while True:
        try:
            return await opening()  # type: ignore[misc, no-any-return]
        except DeviceError:
            await asyncio.sleep(0.5)


if __name__ == "__main__":
    asyncio.run(_wake(Path(sys.argv[1])))
