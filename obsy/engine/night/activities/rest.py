"""The night is over."""

from obsy.engine.events.night import NightEndedEarly, NightFinished
from obsy.engine.night.context import NightContext


async def run(context: NightContext) -> None:
    """Note the end; the loop ends with it. A night that still owes verdicts has not finished: the next run pays."""
    if context.refused or context.faults:
        context.log(NightEndedEarly(reason=context.refused or repr(context.faults[0])))
    else:
        context.log(NightFinished())
    context.ended = True
