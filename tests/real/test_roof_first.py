"""Over INDI, without KStars: the roof is reached at a start, and reached again after its server was killed."""

import asyncio
import json
import os
import shutil
import signal
import time
from importlib import import_module
from pathlib import Path

import pytest

from obsy.engine.declare.equipment import read_equipment
from obsy.engine.devices.ports import Roof
from obsy.engine.events import Event
from obsy.engine.safety import seeing
from obsy.engine.safety.closing import make_safe
from obsy.engine.safety.shelter import Shelter, ShelteredMount

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(shutil.which("indiserver") is None, reason="indiserver is not installed"),
]
SITE = """\
kind: site
name: here
latitude: 45 deg
longitude: 10 deg
elevation: 100 m
timezone: Europe/Rome
---
kind: enclosure
name: dome
type: dome
travel: 20 s
timeout: 60 s
device: {indi: Dome Simulator}
---
kind: mount
name: mount
type: fork
slew: 3 deg/s
settle: 2 s
altitude: above 10 deg
park: {azimuth: 90 deg, altitude: 0 deg}      # where INDI's simulator parks
device: {indi: Telescope Simulator}
---
kind: weather
name: station
measures: [rain]
every: 10 s
max_age: 60 s
device: {indi: Weather Simulator}
---
kind: policy
name: house
safety: {limits: {rain: above 0 mm/h}, dwell: 10 min}
"""
REACHED_WITHIN_S = 60.0


def test_a_server_that_is_killed_is_started_again_and_the_roof_is_seen_closed(tmp_path: Path) -> None:
    reach = import_module("obsy.engine.runtime.reach")
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "all.yaml").write_text(SITE)
    equipment = read_equipment(tmp_path)
    said: list[Event] = []

    async def night() -> None:
        async with reach.reach(equipment, tmp_path) as roofs:
            ports = roofs["dome"]
            mounts = tuple(ShelteredMount(each, ports.mounts[each.name]) for each in equipment.mounts)
            parts = (ports.clock, equipment.site.location, equipment.enclosures[0], ports.enclosure)
            shelter = Shelter(*parts, mounts, equipment.safety)
            shelter.stance.exposed = True
            await make_safe(shelter, said.append)
            assert await seeing.roof(shelter) is Roof.CLOSED
            assert not await seeing.why_not_parked(mounts[0])
            (server,) = (pid for pid, _ in json.loads((tmp_path / "children.json").read_text()))
            os.kill(server, signal.SIGKILL)
            begun = time.monotonic()
            await asyncio.sleep(2.0)
            shelter.stance.exposed = True
            await make_safe(shelter, said.append)
            assert await seeing.roof(shelter) is Roof.CLOSED
            assert time.monotonic() - begun < REACHED_WITHIN_S

    asyncio.run(asyncio.wait_for(night(), 150.0))
    assert [event.name for event in said].count("roof-closed") == 2
