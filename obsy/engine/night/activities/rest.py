"""The enclosure's night is over."""

from obsy.engine.night.context import NightContext


async def run(context: NightContext) -> None:
    """End the loop; with the last loop the night ends."""
    context.ended = True
