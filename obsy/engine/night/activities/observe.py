"""Take block after block, each chosen under the sky and the progress of its own time."""

import asyncio
from contextlib import aclosing
from datetime import timedelta

from obsy.engine.devices.ports import Exposure, Job, Pointing
from obsy.engine.intent import block_json
from obsy.engine.journal import stamp
from obsy.engine.night.duty import Duty
from obsy.engine.night.shot import Shot
from obsy.engine.night.verdicts import deliver
from obsy.engine.schedule.block import Block
from obsy.engine.schedule.fit import LONGEST_S
from obsy.errors import DeviceError

IN_A_ROW = 3
"""So many blocks may fail one after the other before the night gives up observing."""
AHEAD = timedelta(seconds=150)
"""A block that begins no later than this is begun at once: it counts the slew and a focus run before a frame."""


async def run(duty: Duty) -> None:
    """Done when nothing that is left can be taken tonight.

    Raises DeviceError if several blocks in a row fail.
    """
    failures = 0
    while (block := await _next(duty)) is not None:
        try:
            await _take(duty, block)
        except DeviceError as error:
            failures += 1
            duty.log("block-failed", plan=block.wish.plan, goal=block.wish.goal, reason=str(error), in_a_row=failures)
            if failures >= IN_A_ROW:
                raise
        else:
            failures = 0


async def _next(duty: Duty) -> Block | None:
    """The next block, at its time; None once nothing is left and no verdict is awaited that could change that."""
    while True:
        block = next(iter(duty.blocks()), None)
        wait_s = (block.start - AHEAD - duty.now()).total_seconds() if block else None
        if wait_s is not None and wait_s <= 0:
            return block
        if duty.errands:  # a rejected frame is taken again at once, not after the next block
            await asyncio.wait(set(duty.errands), timeout=wait_s, return_when=asyncio.FIRST_COMPLETED)
        elif block is None or wait_s is None:
            return None
        else:
            duty.log("waiting", until=stamp(block.start), plan=block.wish.plan, goal=block.wish.goal)
            await duty.ports.clock.sleep(wait_s)


async def _take(duty: Duty, block: Block) -> None:
    """Run one block; each file is delivered as it comes, so that an interruption loses none."""
    duty.log("block-started", **block_json(block))
    count = 0
    async with aclosing(duty.ports.executor.run(job(duty, block))) as files:
        async for path in files:
            count += 1
            began = duty.now() - timedelta(seconds=block.wish.exposure_s + duty.rules.train.camera.download)
            wish = block.wish
            deliver(duty, Shot(path, "light", wish.filter, wish.exposure_s, began, wish.plan, wish.goal))
            if duty.refused:
                break
    duty.log("block-done", plan=block.wish.plan, goal=block.wish.goal, frames=count)
    if count == 0:
        raise DeviceError("the block ended without a single frame")


def job(duty: Duty, block: Block) -> Job:
    """A block as the executor takes it."""
    camera, wish = duty.rules.train.camera, block.wish
    pointing = Pointing(block.ra_deg, block.dec_deg, block.ra_rate, block.dec_rate)
    exposure = Exposure(
        "light", wish.exposure_s, wish.filter, camera.gain, camera.offset, camera.binning, wish.object, pointing
    )
    # After an hour the next choice is made anew, with the verdicts that have come meanwhile.
    count = min(block.count, max(1, int(LONGEST_S // (wish.exposure_s + camera.download))))
    return Job(wish.object, pointing, exposure, count, block.end + timedelta(seconds=1), camera.temperature)
