"""The instrument that the example declares, and others that differ from it by a word."""

from datetime import datetime
from functools import cache
from pathlib import Path

from obsy.engine.declare.instrument import Instrument
from obsy.engine.declare.observatory import Observatory
from obsy.engine.declare.survey import declare
from obsy.engine.schedule.fit import Timeline
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.sky.grid import Grid
from obsy.schemas.train import Train

ROOT = Path(__file__).parents[2]


@cache
def example() -> Observatory:
    """The example's observatory, without its plans."""
    return declare(ROOT)


@cache
def club() -> Observatory:
    """The club: two enclosures, three mounts, four trains."""
    return declare(ROOT / "docs/club", ROOT / "docs/club/plans")


def one(grid: Grid, overheads: Overheads, begin: datetime | None = None) -> Timeline:
    """The night of one mount with the example's train."""
    return Timeline(grid, {"newton": overheads}, begin or grid.start)


def carrying(train: Train, reach: str = "above 20 deg") -> Instrument:
    """An instrument with this train on the example's mount, which reaches so high."""
    stands = example().instruments[0]
    calibration = stands.calibration.model_copy(update={"train": train.name})
    mount = type(stands.mount).model_validate(
        {
            "kind": "mount",
            "name": "m",
            "enclosure": stands.enclosure.name,
            "type": "german-equatorial",
            "slew": "4 deg/s",
            "settle": "8 s",
            "altitude": reach,
            "meridian": {"past": "10 min", "flip": "3 min"},
            "park": {"azimuth": "0 deg", "altitude": "0 deg"},
        }
    )
    return Instrument(train, mount, stands.enclosure, stands.site, calibration)
