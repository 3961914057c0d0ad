"""An observatory whose every device hangs on the package `alpaca-simulators`, at which it is midnight now."""

import os
import subprocess
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlencode

from ruamel.yaml import YAML

from obsy.engine.devices.indi.server import free_port
from tests.support.house import BEGINS_WITHIN_S, ROOT, IndiHouse
from tests.support.waiting import wait_until

PYTHON = Path(os.environ.get("ALPACA_PYTHON", ROOT / ".venv-alpaca" / "bin" / "python"))
"""Of the environment that `scripts/real-parts.sh` makes for the simulators."""
LATITUDE_DEG = 45.0
READ_WITHIN_S = 40.0
"""How old a reading may be: on a busy machine the simulators answer nobody while they draw an image."""
MONITOR = f"""
---
kind: weather
name: watchman
site: midnight
measures: [monitor]
every: 3 s
max_age: {READ_WITHIN_S:g} s
device: {{alpaca: safetymonitor/0}}
"""


class AlpacaHouse(IndiHouse):
    """One whose night is `obsy apply --runner alpaca`; a monitor has a say in whether it is safe."""

    runner: ClassVar[str] = "alpaca"
    instead: ClassVar[tuple[tuple[str, str, str], ...]] = (
        ("site/all", "every: 5 s\nmax_age: 90 s", f"every: 3 s\nmax_age: {READ_WITHIN_S:g} s"),
        ("site/all", "download: 2 s", "download: 10 s"),  # blocks end late enough for the focus run of a busy machine
        ("site/all", "best: 50000 steps", "best: 10000 steps"),
        ("site/all", "size: 1280 x 1024 px", "size: 512 x 512 px"),
        ("site/all", "gain: 100\n  offset: 10", "gain: 1\n  offset: 1"),
        (
            "site/all",
            "{azimuth: 90 deg, altitude: 0 deg}      # where INDI's",
            "{azimuth: 0 deg, altitude: 45 deg}      # the pole",
        ),
        ("site/all", "indi: Dome Simulator", "alpaca: dome/0"),
        ("site/all", "indi: Telescope Simulator", "alpaca: telescope/0"),
        ("site/all", "Red}]\n  device: {indi: CCD Simulator}", "Red}]\n  device: {alpaca: filterwheel/0}"),
        ("site/all", "indi: CCD Simulator", "alpaca: camera/0"),
        ("site/all", "indi: Focuser Simulator", "alpaca: focuser/0"),
        ("site/all", "indi: Weather Simulator", "alpaca: observingconditions/0"),
        ("library/all", "wind: above 60 km/h", "wind: above 60 km/h, monitor: below 50 %"),
        ("plans/zenith", "exposure: 2 s, count: 2", "exposure: 4 s, count: 3"),
    )
    hall: "subprocess.Popen[bytes]"
    shutter: int
    """What its shutter said at the end."""

    def declare(self) -> None:
        """Write its documents, and those of the simulators."""
        super().declare()
        self.port = free_port(str(self.folder))
        file = self.folder / "site" / "all.yaml"
        servers = f"servers: [{{name: hall, alpaca: 'http://127.0.0.1:{self.port}'}}]"
        text = file.read_text().replace("elevation: 100 m", f"elevation: 100 m\n{servers}", 1)
        file.write_text(text.rstrip("\n") + MONITOR)
        site = next(iter(YAML(typ="safe").load_all(text)))
        self._configure(float(site["longitude"].split()[0]))

    def _configure(self, longitude_deg: float) -> None:
        words = "import alpaca_simulators.config as c; print(c.Config._DEFAULT_PATH)"
        told = subprocess.run([PYTHON, "-P", "-c", words], capture_output=True, text=True, check=True)
        config = YAML(typ="safe").load(Path(told.stdout.strip()))
        devices: Mapping[str, Any] = {kind: its[0] for kind, its in config["devices"].items()}
        devices["telescope"].update(
            sitelatitude=LATITUDE_DEG, sitelongitude=longitude_deg, equatorialsystem=2, parkrightascension=0.0,
            parkdeclination=90.0, declination=90.0, rightascension=0.0,
        )  # fmt: skip
        devices["camera"].update(cameraxsize=512, cameraysize=512, numx=512, numy=512)
        (self.folder / "hall").mkdir()
        YAML(typ="safe").dump(config, self.folder / "hall" / "config.yaml")

    def begin_hall(self) -> None:
        """Begin the simulators."""
        script = Path(__file__).with_name("alpaca_hall.py")
        with (self.folder / "hall.log").open("a") as log:
            self.hall = subprocess.Popen(
                [PYTHON, "-P", script, str(self.port), self.folder / "hall"],
                env=self.surroundings,
                stdout=log,
                stderr=log,
            )
        wait_until(self._answers, BEGINS_WITHIN_S, 0.2)

    def begin(self) -> None:
        """Begin the simulators, and then the night."""
        self.begin_hall()
        super().begin()

    def end(self) -> None:
        """End everything."""
        super().end()
        if hasattr(self, "hall"):
            self.hall.wait()

    def _answers(self) -> bool:
        with suppress(OSError):
            self.says("dome/0", "shutterstatus")
            return True
        return False

    def says(self, device: str, member: str) -> str:
        """What a device says to anybody else who asks."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/v1/{device}/{member}", timeout=10) as page:
            return str(page.read().decode())

    def have(self, device: str, member: str, **said: object) -> None:
        """Set something as any other client would."""
        body = urlencode(said).encode()
        asked = urllib.request.Request(f"http://127.0.0.1:{self.port}/api/v1/{device}/{member}", body, method="PUT")
        urllib.request.urlopen(asked, timeout=10).close()
