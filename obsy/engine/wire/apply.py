"""Carries out a night on the runner that was asked for; a finished night is left alone."""

import importlib
from typing import Any

from obsy.engine.declare.observatory import Observatory
from obsy.engine.journal import read
from obsy.engine.night.lock import only_one
from obsy.engine.night.resume import past
from obsy.engine.wire.realm import Realm
from obsy.engine.wire.scene import Asked, scene
from obsy.engine.wire.told import Tell
from obsy.errors import UserError

__all__ = ["RUNNERS", "Asked", "apply"]

RUNNERS = {"ekos": "obsy.engine.wire.ekos"}
"""What can move the real devices, by the name that `--runner` takes: each a module with `run(scene)`."""
SIMULATED = "obsy.engine.wire.rehearsal"
OPTIONAL = {"PyIndi": "pyindi-client", "jeepney": "jeepney"}
"""What only some runners stand on, by the module's name."""


def apply(observatory: Observatory, asked: Asked, tell: Tell) -> bool:
    """Run the night; False if it was finished before, and nothing is done.

    Raises NightRunning if another process runs it.
    """
    realm = Realm.of(asked.root, observatory.site, simulated=asked.scenario is not None)
    with only_one(realm.lock):
        before = past(read(realm.journal(asked.day)), realm.incoming)
        if before.finished and not before.owed:
            return False
        with scene(observatory, asked, realm, before, tell) as played:
            _runner(SIMULATED if asked.scenario is not None else RUNNERS[asked.runner]).run(played)
    return True


def _runner(name: str) -> Any:
    """The runner's module. Raises UserError if what it stands on is not installed."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as missing:
        if missing.name not in OPTIONAL:
            raise
        raise UserError(f"this runner needs {OPTIONAL[missing.name]}: run scripts/real-parts.sh") from None
