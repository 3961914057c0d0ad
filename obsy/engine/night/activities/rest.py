"""The night is over."""

from obsy.engine.night.duty import Duty


async def run(duty: Duty) -> None:
    """Note the end; the loop ends with it. A night that still owes verdicts has not finished: the next run pays."""
    if duty.refused or duty.faults:
        duty.log("night-ended-early", reason=duty.refused or repr(duty.faults[0]))
    else:
        duty.log("night-finished")
