"""Simulated roofs at the start of a rehearsal: what a night left open is closed, unless another answers for it."""

import asyncio
import importlib
import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractAsyncContextManager, ExitStack, contextmanager
from pathlib import Path

from obsy.engine.declare.equipment import SafetyEquipment, known_equipment
from obsy.engine.devices.simulated.clock import VirtualLoop
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.runtime.guard.guard import Guard
from obsy.engine.runtime.guard.reached import Reached, RoofReach
from obsy.engine.runtime.guard.start import Start
from obsy.engine.runtime.signals import first_signal_only, only_answer
from obsy.engine.safety.lock import held_if_possible
from obsy.errors import NightRunning


class Simulated:
    """Reaches the simulated roofs, which takes libraries that making a real one safe does not need."""

    def reach(self, equipment: SafetyEquipment, folder: Path) -> AbstractAsyncContextManager[Mapping[str, Reached]]:
        """Reach the roofs as they were left; see `RoofReach`."""
        found: AbstractAsyncContextManager[Mapping[str, Reached]]
        found = importlib.import_module("obsy.engine.runtime.simulated").reach(equipment, folder)
        return found


@contextmanager
def rehearsal_first(root: Path, site: str | None, runner: RoofReach | None = None) -> Iterator[Start]:
    """Close the simulated roofs that were left open, as the block ends, unless a night was relieved of them.

    Raise NightRunning if another process rehearses.
    """
    known, relieved = known_equipment(root, site, "simulated"), threading.Event()
    with first_signal_only(), ExitStack() as all_of_them:
        for each in known:
            data_root = DataRoot.of(root, each.site, simulated=True)
            try:
                all_of_them.enter_context(held_if_possible(data_root.lock))
            except NightRunning:
                if len(known) == 1:
                    raise
                continue
            all_of_them.callback(_close, each, data_root.folder, runner or Simulated(), relieved)
        yield Start(relieved.set)


def _close(equipment: SafetyEquipment, folder: Path, runner: RoofReach, relieved: threading.Event) -> None:
    """Close the roofs that no night answers for, on virtual time."""
    only_answer()
    if not relieved.is_set():
        guard = Guard(equipment, folder, runner, setting_up=True)
        guard.ending.ordered = True
        with asyncio.Runner(loop_factory=VirtualLoop) as loop:
            loop.run(guard.run())
