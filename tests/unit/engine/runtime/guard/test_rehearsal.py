"""What a rehearsal left open is closed as the next one ends, unless that answers for it."""

import asyncio
import json
import os
import shutil
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from obsy.engine.declare.equipment import SafetyEquipment, read_equipment, saved_at
from obsy.engine.devices.simulated.clock import VirtualClock, VirtualLoop
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.runtime.guard.reached import Reached
from obsy.engine.runtime.guard.rehearsal import Simulated, rehearsal_first
from obsy.engine.safety import lock
from obsy.errors import DeviceError, NightRunning
from tests.support import fakes
from tests.support.lying import LyingMount, LyingRoof
from tests.support.safety import NIGHT

ROOT = Path(__file__).parents[5]
EQUIPMENT = read_equipment(ROOT)


@dataclass
class Left:
    """A roof on virtual time that stands open over a mount at work, and who asked to reach it."""

    folders: list[Path] = field(default_factory=list)
    roof: LyingRoof | None = None
    told: signal.Signals | None = None
    """What this process is told when it is reached."""

    @asynccontextmanager
    async def reach(self, equipment: SafetyEquipment, folder: Path) -> AsyncIterator[Mapping[str, Reached]]:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        self.folders.append(folder)
        if self.told is not None:
            os.kill(os.getpid(), self.told)
        clock = VirtualClock(NIGHT, loop)
        mount = LyingMount(clock, home=False)
        self.roof = LyingRoof(clock, (mount,), at=1.0)
        dry = fakes.FakeWeatherInput(clock, lambda _: {"rain": 0.0})
        inputs, mounts = {each.name: dry for each in equipment.weather}, {each.name: mount for each in equipment.mounts}
        yield {"roll-off": Reached(clock, self.roof, mounts, inputs, ends=NIGHT + timedelta(hours=1))}


@pytest.fixture
def hill(tmp_path: Path) -> Path:
    for room in ("site", "library"):
        shutil.copytree(ROOT / room, tmp_path / room)
    return tmp_path


def test_a_roof_that_was_left_open_is_closed_as_the_block_ends(hill: Path) -> None:
    left = Left()
    with rehearsal_first(hill, None, left):
        assert left.folders == []
    assert left.folders == [DataRoot.of(hill, EQUIPMENT.site, simulated=True).folder]
    assert left.roof is not None
    assert (left.roof.at, left.roof.struck) == (0.0, [])


def test_a_roof_that_the_night_answers_for_is_left_to_it(hill: Path) -> None:
    left = Left()
    with rehearsal_first(hill, None, left) as start:
        start.relieve()
    assert left.folders == []


def test_a_fault_meanwhile_leaves_no_roof_open(hill: Path) -> None:
    left = Left()
    with pytest.raises(KeyError), rehearsal_first(hill, None, left):
        raise KeyError
    assert left.roof is not None
    assert left.roof.at == 0.0


def held_by_another(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it seem as if another process held it."""

    def taken(descriptor: int, _: int) -> None:
        if Path(f"/proc/self/fd/{descriptor}").resolve() == path:
            raise BlockingIOError

    monkeypatch.setattr(lock.fcntl, "flock", taken)


def test_two_rehearsals_of_one_site_are_refused(hill: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held_by_another(DataRoot.of(hill, EQUIPMENT.site, simulated=True).lock, monkeypatch)
    left = Left()
    with pytest.raises(NightRunning), rehearsal_first(hill, None, left):
        raise AssertionError
    assert left.folders == []


def test_where_it_is_not_known_which_site_is_meant_those_that_nobody_rehearses_are_closed(
    hill: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = json.loads(json.dumps(EQUIPMENT.documents).replace('"nerpio"', '"south"'))
    for each in there:
        each.update({"data": "south"} if each["kind"] == "site" else {})
    for name, documents in (("nerpio", EQUIPMENT.documents), ("south", tuple(there))):
        replace(EQUIPMENT, documents=documents).save(saved_at(hill, "simulated", name))
    held_by_another(DataRoot.of(hill, EQUIPMENT.site, simulated=True).lock, monkeypatch)
    left = Left()
    with rehearsal_first(hill, "nowhere", left):
        pass
    assert left.folders == [hill / "south" / "simulated"]
    assert left.roof is not None
    assert left.roof.at == 0.0


def test_where_no_simulated_roof_ever_moved_nothing_is_reached(hill: Path) -> None:
    async def roofs() -> int:
        async with Simulated().reach(EQUIPMENT, hill / "data" / "simulated") as found:
            return len(found)

    assert asyncio.run(roofs()) == 0


def test_a_signal_while_a_roof_is_closed_is_only_answered(hill: Path, capsys: pytest.CaptureFixture[str]) -> None:
    left = Left(told=signal.SIGTERM)
    with rehearsal_first(hill, None, left):
        pass
    assert left.roof is not None
    assert left.roof.at == 0.0
    assert "closing goes on" in capsys.readouterr().err


def test_a_simulated_roof_that_nothing_reaches_keeps_nobody_waiting(hill: Path) -> None:
    class Nowhere(Left):
        def reach(self, equipment: SafetyEquipment, folder: Path) -> Any:
            self.folders.append(folder)
            if len(self.folders) > 5:
                raise SystemExit("it is tried without end")
            raise DeviceError("no server")

    nowhere = Nowhere()
    with rehearsal_first(hill, None, nowhere):
        pass
    assert len(nowhere.folders) <= 2
