"""Bring the roof and the mounts to safety, then cap the telescopes."""

from obsy.engine.events.roof import CapFailed
from obsy.engine.night.context import NightContext
from obsy.engine.safety.asking import ask
from obsy.errors import DeviceError

CAPPED_WITHIN_S = 120.0
"""A cap that takes longer is stuck."""


async def run(context: NightContext) -> None:
    """Done when the switches prove the roof closed; it is tried without end."""
    context.closing = True
    await context.keeper.give_back()
    context.closing = False
    await _cap(context)


async def _cap(context: NightContext) -> None:
    """Cap the telescopes, at last: a cap that sticks must not keep a roof open."""
    for name, devices in context.ports.devices.items():
        try:
            if devices.panel is not None:
                await ask(f"the cap of '{name}'", devices.panel.dark, CAPPED_WITHIN_S)
        except DeviceError as error:
            context.log(CapFailed(train=name, reason=str(error)))
