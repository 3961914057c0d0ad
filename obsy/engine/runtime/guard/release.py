"""Asks the guard to let roofs open again that it keeps closed for the night."""

import asyncio
from pathlib import Path

from obsy.engine.declare.equipment import equipment_to_keep
from obsy.engine.runtime.guard.wire import Wire, dial, guard_of
from obsy.errors import DeviceError, UserError

ANSWERS_S = 60.0
"""So long the guard may take to ask its devices."""


def release(root: Path, site: str | None) -> dict[str, str]:
    """Return what had kept each roof closed, by its name; empty where nothing had.

    Raise UserError if no guard keeps the site, or if it refuses: a roof must be seen closed over parked mounts.
    """
    kept = equipment_to_keep(root, site).site.name
    try:
        return asyncio.run(_released(guard_of(root, kept)))
    except (OSError, TimeoutError):
        raise UserError("no guard answers; a night that keeps its roof itself is begun again instead") from None
    except DeviceError as refusal:
        raise UserError(str(refusal)) from None


async def _released(guard: str) -> dict[str, str]:
    async with asyncio.timeout(ANSWERS_S):
        wire = await dial(guard)
        try:
            greeting = await wire.read() or {}
            return {roof: await _asked(wire, number, roof) for number, roof in enumerate(greeting.get("roofs") or ())}
        finally:
            wire.close()


async def _asked(wire: Wire, number: int, roof: str) -> str:
    """Return what had kept a roof closed. Raise DeviceError for what the guard refuses."""
    wire.send({"id": number, "roof": roof, "ask": "release"})
    while (said := await wire.read()) is not None:
        if said.get("id") == number and "refused" in said:
            raise DeviceError(f"the roof '{roof}' is not released: {said['refused']}")
        if said.get("id") == number:
            return str(said.get("answer") or "")
    raise DeviceError("the guard has gone")
