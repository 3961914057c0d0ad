"""The roof being closed: wait for the last verdicts, combine the stacks, warm the camera."""

import asyncio
from datetime import timedelta

from obsy.engine.night.duty import Duty

STACKED_AFTER_S = 600.0
"""On the night's own clock, the final stacks count this long after they were asked for."""


async def run(duty: Duty) -> None:
    """Done when the night's stacks are combined."""
    while duty.errands:
        await asyncio.wait(set(duty.errands))
    due = duty.now() + timedelta(seconds=STACKED_AFTER_S)
    for stack in await duty.ports.clock.settle(duty.darkroom.finish(duty.night.date), due):
        duty.log("stack-built", object=stack.object, filter=stack.filter, frames=stack.frames)
    if duty.ports.instrument is not None:
        await duty.ports.instrument.camera.warm()
