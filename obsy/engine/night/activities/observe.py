"""Take block after block with every mount, each chosen under the sky and the progress of its own time."""

import asyncio
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from obsy.engine.devices.ports import DitherPace, Exposure, Job, Pointing
from obsy.engine.events.observing import BlockDone, BlockFailed, BlockStarted, FramesMissed, WaitingBegun
from obsy.engine.intent import block_facts
from obsy.engine.night.context import NightContext
from obsy.engine.night.delivery import deliver
from obsy.engine.night.deviation import Expected, Moment, deviation
from obsy.engine.night.together import together
from obsy.engine.night_record import Capture
from obsy.engine.safety.asking import ask, attempt
from obsy.engine.safety.closing import park
from obsy.engine.safety.shelter import ShelteredMount
from obsy.engine.schedule.bearings import Bearings
from obsy.engine.schedule.fit import aim_of, most_frames
from obsy.engine.schedule.overheads import Overheads
from obsy.engine.schedule.request import Block
from obsy.errors import DeviceError
from obsy.schemas.mount import Mount

IN_A_ROW = 3
"""So many blocks may fail one after the other before a mount gives up observing."""


async def run(context: NightContext) -> None:
    """Done when nothing that is left can be taken tonight.

    Raises DeviceError if several blocks in a row fail with one mount, or once nothing is there that could take the
    next, but not before the others are done.
    """
    await together(*(_observe(context, mount) for mount in context.rules.mounts))


async def _observe(context: NightContext, mount: Mount) -> None:
    """One mount's blocks. Where others go on under the same roof it is parked at the end, lest it track on alone."""
    failures = 0
    try:
        while (block := await _next(context, mount)) is not None:
            try:
                await _take(context, mount, block)
            except DeviceError as error:
                failures += 1
                _give_way(context, mount, block, error, failures)
                if failures >= IN_A_ROW or await context.ports.hindrance():
                    raise
            else:
                failures = 0
                context.tally.failed.pop(block.request.line.plan, None)
    finally:
        _rests(context, mount)
        if len(context.rules.mounts) > 1 and not _cancelled():
            await park(ShelteredMount(mount, context.ports.mounts[mount.name]), context.log)


def _give_way(context: NightContext, mount: Mount, block: Block, error: DeviceError, in_a_row: int) -> None:
    """Note a block that was broken off, and let its plan wait if that happens again and again."""
    plan, goal = block.request.line.plan, block.request.line.key
    context.log(BlockFailed(**_of(block, mount), reason=str(error), in_a_row=in_a_row))
    waited = context.record().waits_until(plan, goal)
    context.tally.failed[plan] = (*context.tally.failed.get(plan, ()), context.now())
    if not block.fixed:
        context.note_wait((plan, goal), waited, str(error))


def _of(block: Block, mount: Mount) -> dict[str, Any]:
    """What every event of a block says of it."""
    request = block.request
    return {"train": request.train, "mount": mount.name, "plan": request.line.plan, "goal": request.line.key}


def _cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def _next(context: NightContext, mount: Mount) -> Block | None:
    """The mount's next block, at its time; None once nothing is left and no verdict awaited could change that.

    Until then the mount stands still: one that tracked on would reach its pier.
    """
    tracks = True
    while True:
        heard = context.news
        mine = tuple(each for each in context.blocks() if context.mount_of(each) == mount)
        block = mine[0] if mine else None
        wait_s = (block.begin - context.now()).total_seconds() if block else None
        if wait_s is not None and wait_s <= 0:
            _compare(context, mount, mine)
            return block
        if tracks:
            await attempt(ask(f"the mount '{mount.name}', told to stop,", context.ports.mounts[mount.name].stop))
            tracks = False
            _rests(context, mount)
        if context.errands:  # a rejected frame is taken again at once, not after the next block
            await asyncio.wait(set(context.errands), timeout=wait_s, return_when=asyncio.FIRST_COMPLETED)
        elif block is None or wait_s is None:
            _compare(context, mount, ())
            return None
        else:
            context.log(WaitingBegun(until=block.start, **_of(block, mount)))
            await context.rest(wait_s, heard)


def _rests(context: NightContext, mount: Mount) -> None:
    """Know that a mount no longer points where it was sent."""
    known = context.tally.bearings
    known[mount.name] = replace(known.get(mount.name, Bearings()), rests=True)


def _points(context: NightContext, mount: Mount, block: Block, sent: datetime) -> None:
    """Know when a mount was sent to a block's target, and when the trains on it were focused."""
    focused = dict(context.ports.executors[mount.name].focused)
    context.tally.bearings[mount.name] = Bearings(aim_of(block, sent), focused=focused)


def _compare(context: NightContext, mount: Mount, mine: tuple[Block, ...]) -> None:
    """Journal where a mount leaves what was planned for it, and keep what is planned now."""
    now, tally = context.now(), context.tally
    if (before := context.expected.get(mount.name)) is not None:
        moment = Moment(now, mine[0] if mine else None, tuple(context.happened[before.happened :]), tally.refused)
        if (told := deviation(before, moment, frozenset(tally.sheltered))) is not None:
            context.log(replace(told, mount=mount.name, train=mine[0].request.train if mine else None))
    context.expected[mount.name] = Expected(mine, len(context.happened), frozenset(tally.sheltered))


async def _take(context: NightContext, mount: Mount, block: Block) -> None:
    """Run one block; each file is delivered as it comes, so that an interruption loses none.

    A block whose goal begins to give way, to others or to an alert, is broken off, unless its time is its own.
    """
    line, train = block.request.line, block.request.train
    tally, count, sent = context.tally, 0, context.now()
    name = f"{sent:%Y%m%dT%H%M%SZ}"
    facts = {**block_facts(block), "ra_deg": block.ra_deg, "dec_deg": block.dec_deg}
    context.log(BlockStarted(**facts, mount=mount.name, block=name))
    begun = tally.trains.setdefault(line.plan, train)
    tally.busy[mount.name] = block.end
    before = tally.bearings.get(mount.name, Bearings())
    _points(context, mount, block, sent)
    waited, work, ended = context.record().waits_until(line.plan, line.key), job(context, block, name), True
    camera = context.rules.instruments[train].train.camera
    try:
        async with aclosing(context.ports.executors[mount.name].run(work)) as files:
            async for path in files:
                count += 1
                _points(context, mount, block, sent)
                began = context.now() - timedelta(seconds=line.goal.exposure + camera.download)
                what = (line.filter, line.goal.exposure, began, line.plan, line.key)
                capture = Capture(path, train, "light", *what, block=name)
                deliver(context, capture, gives_way=not block.fixed)
                waits = context.record().waits_until(line.plan, line.key)
                if tally.refused or (not block.fixed and waits not in (None, waited)) or context.gives_way(block):
                    ended = False
                    break
    finally:
        del tally.busy[mount.name]
        if count == 0:  # nobody knows how far it came; what was taken last is what was taken before
            focused = dict(context.ports.executors[mount.name].focused)
            tally.bearings[mount.name] = replace(before, rests=True, focused=focused)
        if count == 0 and begun == train and not tally.has_frames(line.plan):
            del tally.trains[line.plan]  # another train may have more luck
    context.log(BlockDone(**_of(block, mount), block=name, frames=count))
    if work.anew and ended and 0 < count < work.count:
        context.log(FramesMissed(**_of(block, mount), block=name, missed=work.count - count, count=work.count))
    if count == 0:
        raise DeviceError("the block ended without a single frame")


def job(context: NightContext, block: Block, name: str) -> Job:
    """A block as the executor takes it; `name` is its id."""
    line, train = block.request.line, block.request.train
    camera = context.rules.instruments[train].train.camera
    pointing = Pointing(block.ra_deg, block.dec_deg, block.ra_rate, block.dec_rate)
    exposure = Exposure(
        "light",
        line.goal.exposure,
        line.filter,
        camera.gain,
        camera.offset,
        camera.binning,
        line.object,
        context.asked(train, name, (line.plan, line.key)),
    )
    # After an hour the next choice is made anew, with the verdicts that have come meanwhile.
    each_s = Overheads.of(context.rules.instruments[train]).each_s(line)
    count = min(block.count, most_frames(line, block.leeway.each_s if block.leeway else each_s))
    dither = None if line.dither is None else DitherPace(int(line.dither.every), line.dither.by)
    held: dict[str, Any] = {"guiding": line.guiding, "dither": dither}
    held |= {"unfollowed": line.unfollowed, "stands": line.stands, "anew": line.aims_anew, "follows": line.follows}
    turned = context.rules.instruments[train].train
    if turned.rotator is not None and line.follows:
        held["angle_deg"] = turned.rotation if line.angle is None else line.angle
    if line.flies:  # it is there at its time alone
        held |= {"begin": block.start}
        block = replace(block, leeway=None)
    if (leeway := block.leeway) is None:
        end = block.end + timedelta(seconds=1)
        return Job(train, exposure.object, pointing, exposure, count, end, camera.temperature, **held)
    end, for_focus = leeway.until + timedelta(seconds=1), 0 if block.fixed else count // 2
    pace = leeway.each_s, leeway.focus_s, for_focus
    return Job(train, exposure.object, pointing, exposure, count, end, camera.temperature, *pace, **held)
