"""How a frame comes to lie in the incoming folder: whole, or not at all."""

import asyncio
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from obsy.engine.devices.capture import ASIDE, file_name
from obsy.engine.devices.ports import Exposure
from obsy.schemas.train import Train


async def landed(
    incoming: Path, train: Train, exposure: Exposure, taken: datetime, content: Callable[[], bytes]
) -> Path:
    """Write it beside by a name that nobody watches, and give it its own once it is on the disk.

    Focus frames go to the folder `focus` beside `incoming`.
    A thread that has begun to write cannot be called back: it is who waits for it that gives the name.
    """
    name = file_name(exposure, exposure.filter or "", train.name, taken)
    folder = incoming.with_name("focus") if exposure.kind in ASIDE else incoming
    beside, given_up = folder / f"{name}.part", False

    def write() -> None:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            with beside.open("wb") as file:
                file.write(content())
                file.flush()
                os.fsync(file.fileno())
        finally:
            if given_up:
                beside.unlink(missing_ok=True)

    try:
        await asyncio.to_thread(write)
        return beside.replace(folder / name)
    except BaseException:  # a cancellation too
        given_up = True
        beside.unlink(missing_ok=True)
        raise
