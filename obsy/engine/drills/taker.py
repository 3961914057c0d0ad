"""What takes and judges the frames of a drill: names, which nobody draws and nobody reduces."""

from collections.abc import AsyncGenerator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from obsy.engine.devices.ports import Clock, Job, MountPort
from obsy.engine.processing.processing import Outcome


@dataclass(frozen=True)
class Taker:
    """An executor whose frames are names."""

    clock: Clock
    mount: MountPort

    @property
    def focused(self) -> Mapping[str, datetime]:
        """Nothing is focused."""
        return {}

    async def run(self, job: Job) -> AsyncGenerator[Path, None]:
        """Slew, and let the exposures pass."""
        await self.mount.slew(job.pointing)
        for number in range(job.count):
            await self.clock.sleep(job.exposure.seconds)
            yield Path(f"{job.object}_{self.clock.now().timestamp():.0f}_{number}.fits")


class Approving:
    """Processing that accepts every frame and reduces none."""

    def outcome(self, _path: Path) -> "Future[Outcome]":
        """Return its verdict."""
        return _done(Outcome(True))

    def settled(self) -> "Future[None]":
        """Return at once."""
        return _done(None)

    def finish(self, _night: date) -> "Future[Any]":
        """Return no stack."""
        return _done(())


def _done(result: Any) -> "Future[Any]":
    future: Future[Any] = Future()
    future.set_result(result)
    return future
