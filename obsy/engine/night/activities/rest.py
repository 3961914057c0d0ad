"""The night is over."""

from obsy.engine.night.duty import Duty


async def run(duty: Duty) -> None:
    """Note the end; the loop ends with it."""
    duty.log("night-finished")
