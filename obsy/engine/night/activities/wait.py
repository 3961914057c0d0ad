"""Wait under a closed roof for whatever the table expects next."""

from obsy.engine.night.duty import Duty


async def run(duty: Duty) -> None:
    """Done after one safe dwell, so that the table may look again even if no event comes."""
    await duty.ports.clock.sleep(duty.rules.safety.dwell)
