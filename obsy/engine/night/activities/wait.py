"""Wait under a closed roof for whatever the table expects next."""

from obsy.engine.night.context import NightContext


async def run(context: NightContext) -> None:
    """Done after one safe dwell, so that the table may look again even if no event comes."""
    await context.ports.clock.sleep(context.rules.safety.dwell)
