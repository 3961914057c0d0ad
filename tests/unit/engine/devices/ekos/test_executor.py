"""A block that EKOS takes: what obsy notes before, and how it hands the files over."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from obsy.engine.devices.clock import WallClock
from obsy.engine.devices.ekos.dialects import dialect_of
from obsy.engine.devices.ekos.executor import EkosExecutor, ExecutorFolders
from obsy.engine.devices.ekos.scheduler import SchedulerState
from obsy.engine.identity import Identity
from obsy.errors import DeviceError

ASKED = Identity(site="hill", train="newton", plan="veil", goal="Ha-180s_1-1", block="20261121T193000Z", commit="abc")


class Scheduler:
    """EKOS's scheduler as the executor sees it: it writes what it did into a list, and delivers one file."""

    def __init__(self, told: list[object], refuses: bool = False) -> None:
        self.told, self.refuses = told, refuses

    async def load(self, schedule: Path) -> None:
        self.told.append("load")
        if self.refuses:
            raise DeviceError("EKOS was given a schedule and answered: no")
        (folder,) = self.captures.iterdir()
        (folder / "001.fits").touch()

    async def run(self) -> None:
        self.told.append("run")

    async def state(self) -> SchedulerState:
        return SchedulerState.RUNNING

    async def abort(self) -> None:
        self.told.append("abort")


@pytest.fixture
def told() -> list[object]:
    return []


@pytest.fixture
def take(tmp_path, job, equipment, told):
    """Take one frame; the folder it came to."""

    def _take(refuses: bool = False) -> list[Path]:
        ekos = Scheduler(told, refuses)
        ekos.captures = captures = tmp_path / "incoming"
        folders = ExecutorFolders(
            tmp_path / "blocks", captures, lambda: captures.rglob("*.fits"), lambda *ticket: told.append(ticket)
        )
        executor = EkosExecutor(ekos, WallClock(), equipment, dialect_of((3, 6, 2)), folders)
        asked = replace(job, count=1, exposure=replace(job.exposure, asked=ASKED))

        async def run() -> list[Path]:
            return [path async for path in executor.run(asked)]

        return asyncio.run(run())

    return _take


def test_what_the_files_are_for_is_noted_before_ekos_is_told_of_the_block(take, told):
    (path,) = take()
    assert told == [(path.parent.name, ASKED), "load", "run", "abort"]


def test_a_block_that_ekos_refuses_has_its_ticket_and_is_aborted(take, told):
    with pytest.raises(DeviceError, match="answered: no"):
        take(refuses=True)
    assert [told[0][1], *told[1:]] == [ASKED, "load", "abort"]
