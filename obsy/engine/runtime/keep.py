"""Runs the guard of a site until every roof is proven closed by order."""

import asyncio
import signal
from pathlib import Path

from obsy.engine.declare.equipment import SafetyEquipment, equipment_to_keep, saved_at
from obsy.engine.devices.ekos.profile import SIMULATORS
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.journal import Aside, tell_stderr
from obsy.engine.runtime.guard import Guard, socket_of
from obsy.engine.runtime.reached import RoofReach
from obsy.engine.runtime.signals import TOLD_BY
from obsy.engine.safety.lock import only_keeper
from obsy.engine.telling.line import telling
from obsy.schemas.enclosure import Enclosure
from obsy.schemas.mount import Mount

STILL_CLOSING = "obsy: the guard ends when every roof is proven closed"


def run_guard(root: Path, site: str | None, *, while_needed: bool, runner: RoofReach | None = None) -> None:
    """Keep the roofs of a site until they are closed by order. Raise GuardRunning if another process does."""
    equipment = equipment_to_keep(root, site)
    Aside().do(lambda: _save(root, equipment))
    with only_keeper(hardware(equipment, root)), telling(root, equipment.site.name, "guard"):
        at = socket_of(root, equipment.site.name)
        guard = Guard(equipment, DataRoot.of(root, equipment.site, simulated=False).folder, runner or _reach(), at)
        asyncio.run(_until_closed(guard, while_needed=while_needed))


def hardware(equipment: SafetyEquipment, root: Path) -> set[str]:
    """Return all that the keeper of a site's roofs has for itself: the roofs, and each of their devices.

    What each keeper starts for itself bears its folder's name.
    """
    here = f"of the site '{equipment.site.name}' in {root.resolve()}"
    things: list[Enclosure | Mount] = [*equipment.enclosures, *equipment.mounts]
    named = {each.device.indi for each in things if each.device is not None and each.device.indi is not None}
    return {f"the guard {here}"} | {
        f"the device '{name}'" + (f" {here}" if name in SIMULATORS else "") for name in named
    }


def _reach() -> RoofReach:
    from obsy.engine.runtime import reach  # noqa: PLC0415 - it stands on pyindi-client

    return reach


def _save(root: Path, equipment: SafetyEquipment) -> None:
    try:
        equipment.save(saved_at(root, "real", equipment.site.name))
    except OSError as trouble:
        tell_stderr(f"obsy: the equipment was not written down: {trouble}")


async def _until_closed(guard: Guard, *, while_needed: bool) -> None:
    """Run the guard; every signal is answered, and ends it only over closed roofs."""
    loop = asyncio.get_running_loop()

    def told() -> None:
        guard.told_to_end = True
        tell_stderr(STILL_CLOSING)

    for number in TOLD_BY:
        if signal.getsignal(number) is not signal.SIG_IGN:
            loop.add_signal_handler(number, told)
    await guard.run(while_needed=while_needed)
