"""The observatory of INDI's simulators as it ships, moved to where it is midnight now, as its page says."""

import shutil
from datetime import UTC, datetime
from typing import ClassVar

from tests.support.house import ROOT, IndiHouse, midnight

SHIPPED = ROOT / "docs" / "simulators"
STATION = "Weather Simulator"


class ShippedHouse(IndiHouse):
    """One whose documents are the shipped ones, but for the longitude."""

    name: ClassVar[str] = "simulators"

    def declare(self) -> None:
        """Copy its documents."""
        for room in ("site", "library", "plans"):
            shutil.copytree(SHIPPED / room, self.folder / room)
        site = self.folder / "site" / "site.yaml"
        text, longitude = site.read_text(), midnight(datetime.now(UTC))[0]
        assert "longitude: 0 deg" in text
        site.write_text(text.replace("longitude: 0 deg", f"longitude: {longitude} deg"))

    def begin(self) -> None:
        """Begin the night of the plan that is up at any hour."""
        self._begin(self.folder, "obsy", "apply", "plans/m52.yaml", "--runner", self.runner)

    def rain(self, mm_an_hour: float) -> None:
        """Have the simulated station say so, as a person would."""
        self.set(STATION, f"WEATHER_CONTROL.Precip={mm_an_hour:g}")
