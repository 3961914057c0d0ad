"""Take block after block, each chosen under the sky and the progress of its own time."""

import asyncio
from contextlib import aclosing
from datetime import timedelta

from obsy.engine.capture import Capture
from obsy.engine.devices.ports import Exposure, Job, Pointing
from obsy.engine.events.observing import BlockDone, BlockFailed, BlockStarted, WaitingBegun
from obsy.engine.intent import block_facts
from obsy.engine.night.context import NightContext
from obsy.engine.night.delivery import deliver
from obsy.engine.schedule.block import Block
from obsy.engine.schedule.fit import LONGEST_S
from obsy.errors import DeviceError

IN_A_ROW = 3
"""So many blocks may fail one after the other before the night gives up observing."""
AHEAD = timedelta(seconds=150)
"""A block that begins no later than this is begun at once: it counts the slew and a focus run before a frame."""


async def run(context: NightContext) -> None:
    """Done when nothing that is left can be taken tonight.

    Raises DeviceError if several blocks in a row fail.
    """
    failures = 0
    while (block := await _next(context)) is not None:
        try:
            await _take(context, block)
        except DeviceError as error:
            failures += 1
            plan, goal = block.request.plan, block.request.goal
            context.log(BlockFailed(plan=plan, goal=goal, reason=str(error), in_a_row=failures))
            waited = context.record().waits_until(plan, goal)
            context.tally.failed[plan] = (*context.tally.failed.get(plan, ()), context.now())
            if not block.fixed:
                context.note_wait((plan, goal), waited, str(error))
            if failures >= IN_A_ROW:
                raise
        else:
            failures = 0
            context.tally.failed.pop(block.request.plan, None)


async def _next(context: NightContext) -> Block | None:
    """The next block, at its time; None once nothing is left and no verdict is awaited that could change that."""
    while True:
        block = next(iter(context.blocks()), None)
        wait_s = (block.start - AHEAD - context.now()).total_seconds() if block else None
        if wait_s is not None and wait_s <= 0:
            return block
        if context.errands:  # a rejected frame is taken again at once, not after the next block
            await asyncio.wait(set(context.errands), timeout=wait_s, return_when=asyncio.FIRST_COMPLETED)
        elif block is None or wait_s is None:
            return None
        else:
            context.log(WaitingBegun(until=block.start, plan=block.request.plan, goal=block.request.goal))
            await context.ports.clock.sleep(wait_s)


async def _take(context: NightContext, block: Block) -> None:
    """Run one block; each file is delivered as it comes, so that an interruption loses none.

    A block whose goal begins to give way is broken off, unless its time is its own.
    """
    context.log(BlockStarted(**block_facts(block)))
    request, count = block.request, 0
    waited = context.record().waits_until(request.plan, request.goal)
    async with aclosing(context.ports.executor.run(job(context, block))) as files:
        async for path in files:
            count += 1
            began = context.now() - timedelta(seconds=request.exposure_s + context.rules.train.camera.download)
            capture = Capture(path, "light", request.filter, request.exposure_s, began, request.plan, request.goal)
            deliver(context, capture, gives_way=not block.fixed)
            waits = context.record().waits_until(request.plan, request.goal)
            if context.refused or (not block.fixed and waits not in (None, waited)):
                break
    context.log(BlockDone(plan=request.plan, goal=request.goal, frames=count))
    if count == 0:
        raise DeviceError("the block ended without a single frame")


def job(context: NightContext, block: Block) -> Job:
    """A block as the executor takes it."""
    camera, request = context.rules.train.camera, block.request
    pointing = Pointing(block.ra_deg, block.dec_deg, block.ra_rate, block.dec_rate)
    exposure = Exposure(
        "light",
        request.exposure_s,
        request.filter,
        camera.gain,
        camera.offset,
        camera.binning,
        request.object,
        pointing,
    )
    # After an hour the next choice is made anew, with the verdicts that have come meanwhile.
    count = min(block.count, max(1, int(LONGEST_S // (request.exposure_s + camera.download))))
    return Job(request.object, pointing, exposure, count, block.end + timedelta(seconds=1), camera.temperature)
