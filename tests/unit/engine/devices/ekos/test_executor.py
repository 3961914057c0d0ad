"""A block that EKOS takes: what obsy notes before, how it hands the files over, and what it tells in time."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from obsy.engine.devices.clock import WallClock
from obsy.engine.devices.ekos.dialects import dialect_of
from obsy.engine.devices.ekos.executor import EkosExecutor, ExecutorFolders
from obsy.engine.devices.ekos.scheduler import SchedulerState
from obsy.engine.devices.simulated.clock import VirtualClock, VirtualLoop
from obsy.engine.identity import Identity
from obsy.errors import DeviceError, DeviceTimeout

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

    async def is_exposing(self) -> bool:
        return True

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


IDLE, RUNNING, ABORTED = SchedulerState.IDLE, SchedulerState.RUNNING, SchedulerState.ABORTED
SILENT = None
LOG = ["newest", "newer", "old", "oldest"]


class Following:
    """EKOS's scheduler in virtual time: what it says of itself by the second, and when files come."""

    def __init__(self, tmp_path, job, equipment) -> None:
        self.blocks, self.incoming = tmp_path / "some" / "blocks", tmp_path / "incoming"
        self.job, self.equipment = job, equipment
        self.aborted_s: list[float] = []
        self.exposes: Callable[[float], bool] = lambda _: False

    def arrived(self) -> list[Path]:
        mine = [self.folder / f"{number}.fits" for number, at_s in enumerate(self.files_s) if at_s <= self.loop.time()]
        return [self.incoming / "another" / "9.fits", *mine]

    async def load(self, schedule: Path) -> None:
        self.folder = next(each for each in self.incoming.resolve().iterdir() if each.name == schedule.parent.name)

    async def run(self) -> None: ...

    async def state(self) -> SchedulerState:
        if (said := self.says(self.loop.time())) is SILENT:
            await self.clock.sleep(10.0)
            raise DeviceTimeout("KStars did not answer 'status' within 10 s")
        return said

    async def is_exposing(self) -> bool:
        return self.exposes(self.loop.time())

    async def log(self) -> list[str]:
        return LOG

    async def abort(self) -> None:
        self.aborted_s.append(self.loop.time())

    def take(self, count: int, within_s: float = 3600.0) -> list[tuple[str, float]]:
        """Take so many frames; the files that are handed over, and when."""
        self.loop = VirtualLoop()
        self.clock = VirtualClock(self.job.end, self.loop)
        folders = ExecutorFolders(self.blocks, self.incoming, self.arrived, lambda *_: None)
        executor = EkosExecutor(self, self.clock, self.equipment, dialect_of((3, 6, 2)), folders)
        asked = replace(self.job, count=count, end=self.clock.now() + timedelta(seconds=within_s))
        taken: list[tuple[str, float]] = []

        async def run() -> None:
            async with aclosing(executor.run(asked)) as files:
                async for path in files:
                    taken.append((path.name, self.loop.time()))

        with asyncio.Runner(loop_factory=lambda: self.loop) as runner:
            runner.run(run())
        assert executor.focused == {}
        return taken


@pytest.fixture
def following(tmp_path, job, equipment):
    """`following(says, 4.0)`: what the scheduler says of itself by the second, and when a file comes."""
    ekos = Following(tmp_path, job, equipment)

    def begin(says: Callable[[float], SchedulerState | None], *files_s: float) -> Following:
        ekos.says, ekos.files_s = says, files_s
        ekos.aborted_s.clear()
        return ekos

    return begin


def test_each_file_of_the_block_is_handed_over_once_within_a_second_until_all_are_there(following):
    ekos = following(lambda _: RUNNING, 10.0, 20.5, 30.5)
    assert ekos.take(3) == [("0.fits", 10.0), ("1.fits", 21.0), ("2.fits", 31.0)]
    assert ekos.aborted_s == [32.0]


def test_a_block_ends_in_time_and_what_came_at_the_last_moment_is_handed_over(following):
    ekos = following(lambda _: RUNNING, 10.0, 24.5)
    assert ekos.take(9, within_s=25.0) == [("0.fits", 10.0), ("1.fits", 25.0)]
    assert ekos.aborted_s == [25.0]


def test_a_second_block_has_a_folder_of_its_own(following):
    ekos = following(lambda _: RUNNING, 0.0)
    ekos.take(1)
    first = ekos.folder
    ekos.take(1)
    assert ekos.folder != first


def test_a_scheduler_that_ends_too_early_has_five_seconds_for_its_last_file(following):
    ekos = following(lambda now_s: RUNNING if now_s < 5 else ABORTED, 4.0, 9.0)
    assert len(ekos.take(2)) == 2
    for ended in (IDLE, ABORTED):
        ekos = following(lambda now_s, ended=ended: RUNNING if now_s < 5 else ended, 4.0)
        with pytest.raises(DeviceError, match=r"ended veil_1-1 after 1 of 3 frames and said: newest; newer; old$"):
            ekos.take(3)
        assert ekos.aborted_s == [11.0]


def test_one_that_only_rests_between_two_jobs_has_not_ended(following):
    ekos = following(lambda now_s: IDLE if now_s < 4 or now_s in {6.0, 7.0, 8.0} or now_s > 10 else RUNNING)
    with pytest.raises(DeviceError, match="after 0 of 1 frames"):
        ekos.take(1)
    assert ekos.aborted_s == [17.0]


def test_kstars_may_be_silent_for_a_minute_and_no_longer(following):
    ekos = following(lambda now_s: SILENT if now_s < 60 else RUNNING, 65.0)
    assert ekos.take(1) == [("0.fits", 65.0)]
    ekos = following(lambda _: SILENT)
    with pytest.raises(DeviceTimeout, match="'status'"):
        ekos.take(1)
    assert ekos.aborted_s == [80.0]


def test_a_frame_that_does_not_come_ends_the_block_once_exposure_download_and_patience_are_over(following):
    ekos = following(lambda _: RUNNING, 300.0)
    ekos.exposes = lambda now_s: now_s >= 30.0  # the way there is no frame
    with pytest.raises(DeviceTimeout, match="has said 'capturing' for 243 s, and no file has come: look whether"):
        ekos.take(2)  # 180 s of exposure, 62 s until its file has come
    assert ekos.aborted_s == [273.0]


def test_each_frame_and_each_pause_between_two_has_its_time_anew(following):
    ekos = following(lambda _: RUNNING, 200.0, 400.0, 900.0)
    ekos.exposes = lambda now_s: not 450.0 <= now_s < 700.0
    assert [at_s for _, at_s in ekos.take(3)] == [200.0, 400.0, 900.0]
