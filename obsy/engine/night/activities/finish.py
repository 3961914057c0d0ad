"""The roof being closed: wait for the last verdicts, combine the stacks, warm the camera."""

import asyncio
from datetime import timedelta

from obsy.engine.events.frames import StackBuilt
from obsy.engine.night.context import NightContext
from obsy.engine.night.together import together

STACKED_AFTER_S = 600.0
"""On the night's own clock, the final stacks count this long after they were asked for."""


async def run(context: NightContext) -> None:
    """Done when the night's stacks are combined."""
    while context.errands:
        await asyncio.wait(set(context.errands))
    due = context.now() + timedelta(seconds=STACKED_AFTER_S)
    for stack in await context.ports.clock.settle(context.processing.finish(context.night.date), due):
        if stack.sha256 not in context.tally.stacked:  # another enclosure's night may have ended before
            context.tally.stacked.add(stack.sha256)
            said = {name: stack.about[name] for name in ("filter", "frames")}
            context.log(StackBuilt(picture=stack.picture, **said, train=stack.train))
    await together(*(devices.camera.warm() for devices in context.ports.devices.values()))
