"""Carries out a night on the runner that was asked for; a finished night without new work is left alone."""

import asyncio
import importlib
from datetime import UTC, datetime, timedelta
from typing import Any

from obsy.engine.declare.equipment import check_nothing_is_lost
from obsy.engine.declare.observatory import Observatory
from obsy.engine.fold import fold
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.journal import Observer, read
from obsy.engine.night_record import NightRecord
from obsy.engine.runtime.hearing import with_alerts
from obsy.engine.runtime.planner import preview
from obsy.engine.runtime.setup import ApplyOptions, set_up
from obsy.engine.safety.lock import only_one
from obsy.errors import UserError
from obsy.moments import noon

__all__ = ["RUNNERS", "ApplyOptions", "apply"]

SIMULATED = "obsy.engine.runtime.simulated"
DIRECT = "obsy.engine.runtime.direct"
RUNNERS = {"ekos": "obsy.engine.runtime.ekos", "indi": DIRECT, "alpaca": DIRECT}
"""What can move the real devices, by the name that `--runner` takes: each a module with `run(setup)`."""
ATTACHED = "obsy.engine.runtime.ekos_attached"
WRONG_BY = timedelta(seconds=5)
OPTIONAL = {"PyIndi": "pyindi-client", "jeepney": "jeepney"}
"""What only some runners stand on, by the module's name."""


def apply(observatory: Observatory, asked: ApplyOptions, tell: Observer) -> bool:
    """Run the night; return False if it was finished before and nothing new is to be observed: then nothing is done.

    Raise NightRunning if another process runs it.
    """
    data_root = DataRoot.of(asked.root, observatory.site, simulated=asked.scenario is not None)
    with only_one(data_root.lock):
        before = fold(read(data_root.journal(asked.day)), data_root.incoming)
        begins = before.last or noon(asked.day, observatory.site.longitude)
        observatory = with_alerts(observatory, data_root, begins if asked.scenario is not None else datetime.now(UTC))
        if before.finished and not before.owed and not _new_work(observatory, asked):
            return False
        if asked.scenario is None:
            check_nothing_is_lost(asked.root, observatory.site, observatory.enclosures, observatory.mounts)
            _check_the_clock(before)
        with set_up(observatory, asked, data_root, before, tell) as setup:
            try:
                _runner(_module(asked)).run(setup)
            except asyncio.CancelledError:  # by a signal
                raise KeyboardInterrupt from None
    return True


def _module(asked: ApplyOptions) -> str:
    if asked.scenario is not None:
        return SIMULATED
    return ATTACHED if asked.attach is not None else RUNNERS[asked.runner]


def _check_the_clock(before: NightRecord) -> None:
    """Raise UserError if this night's journal is from the future: by a clock that is wrong no roof may open."""
    now = datetime.now(UTC)
    if before.last is not None and now < before.last - WRONG_BY:
        raise UserError(
            f"the computer's clock says {now:%Y-%m-%d %H:%M:%S} UTC, but this night's journal goes on until "
            f"{before.last:%H:%M:%S}: set the clock, and give the command again"
        )


def _new_work(observatory: Observatory, asked: ApplyOptions) -> bool:
    """Return whether plans that were added or changed find a place in what is left of a finished night."""
    return bool(preview(observatory, asked.root, asked.day, asked.scenario is not None, asked.runner).blocks)


def _runner(name: str) -> Any:
    """The runner's module. Raises UserError if what it stands on is not installed."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as missing:
        if missing.name not in OPTIONAL:
            raise
        raise UserError(f"this runner needs {OPTIONAL[missing.name]}: run scripts/install.sh") from None
