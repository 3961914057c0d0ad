"""EKOS takes a block: obsy writes it, loads it, follows it, and hands over each file as it is finished."""

import tempfile
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from obsy.engine.devices.ekos.block import OURS, Whose, write_schedule
from obsy.engine.devices.ekos.dialects import Dialect
from obsy.engine.devices.ekos.frame_watch import FrameWatch
from obsy.engine.devices.ekos.profile import EkosEquipment
from obsy.engine.devices.ekos.scheduler import ENDED, Ekos
from obsy.engine.devices.ports import Clock, Job
from obsy.engine.identity import Identity
from obsy.errors import DeviceError, DeviceTimeout

GLANCE_S = 1.0
"""How often obsy looks for files and asks the scheduler; KStars does not like to be asked more."""
SILENCE_S = 60.0
"""How long KStars may leave that question unanswered."""
LATE_S = 5.0
"""How long the last file may come after the scheduler has ended."""


@dataclass(frozen=True, slots=True)
class ExecutorFolders:
    """Where blocks are written, where their frames go, and how obsy hears that one has arrived."""

    folder: Path
    captures: Path
    arrived: Callable[[], Iterable[Path]]
    """Every finished file that was ever seen in `captures`; some have gone to the archive since."""
    ticket: Callable[[str, Identity], None]
    """Notes what the files in a folder of `captures` will be for; EKOS does not write it into their headers."""


class EkosExecutor:
    """An Executor whose hands are KStars'."""

    def __init__(  # noqa: PLR0913, PLR0917  what it stands on
        self,
        ekos: Ekos,
        clock: Clock,
        equipment: EkosEquipment,
        dialect: Dialect,
        folders: ExecutorFolders,
        whose: Whose = OURS,
    ) -> None:
        self._ekos, self._clock, self._equipment = ekos, clock, equipment
        self._dialect, self._folders, self._whose = dialect, folders, whose

    @property
    def focused(self) -> Mapping[str, datetime]:
        """EKOS does not say when it focused."""
        return {}

    async def run(self, job: Job) -> AsyncGenerator[Path, None]:
        """Each finished file in turn, until the job is done or its end has come.

        Raises DeviceError if EKOS refuses the job, ends with fewer frames than were asked, or exposes without end.
        """
        self._folders.folder.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix="block-", dir=self._folders.folder.resolve()))
        captures = self._folders.captures.resolve() / folder.name
        watch = _Captures(captures, self._folders.arrived)
        schedule = write_schedule(job, self._equipment, self._dialect, folder, captures, self._whose)
        self._folders.ticket(captures.name, job.exposure.asked)
        try:
            await self._ekos.load(schedule)
            await self._ekos.run()
            async for path in self._follow(job, watch):
                yield path
        except BaseException:  # a cancellation too
            with suppress(DeviceError):  # what went wrong first is what matters
                await self._ekos.abort()
            raise
        await self._ekos.abort()
        for path in watch.fresh():
            yield path

    async def _follow(self, job: Job, watch: "_Captures") -> AsyncGenerator[Path, None]:
        heard = self._clock.now()
        ended, frames = None, FrameWatch(job.exposure.seconds + self._equipment.late_s)
        while watch.seen < job.count and (now := self._clock.now()) < job.end:
            for path in watch.fresh():
                yield path
            try:
                state, exposing = await self._ekos.state(), await self._ekos.is_exposing()
            except DeviceTimeout:
                if (now - heard).total_seconds() > SILENCE_S:
                    raise
                continue
            heard = now
            frames.look(now, exposing=exposing, seen=watch.seen)
            ended = None if state not in ENDED else ended or now
            if ended is not None and (now - ended).total_seconds() > LATE_S:
                said = "; ".join((await self._ekos.log())[:3])
                raise DeviceError(f"EKOS ended {job.object} after {watch.seen} of {job.count} frames and said: {said}")
            await self._clock.sleep(GLANCE_S)


class _Captures:
    """The files of one block, each told once."""

    def __init__(self, folder: Path, arrived: Callable[[], Iterable[Path]]) -> None:
        folder.mkdir(parents=True)
        self._folder, self._arrived = folder, arrived
        self._told: set[Path] = set()

    @property
    def seen(self) -> int:
        """How many have been told."""
        return len(self._told)

    def fresh(self) -> list[Path]:
        """Those that have arrived since the last time, in their order."""
        found = [path for path in self._arrived() if self._folder in path.parents and path not in self._told]
        self._told.update(found)
        return found
