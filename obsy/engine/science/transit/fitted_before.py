"""The middles of transits that were fitted before, from the files that `obsy transit --out` wrote."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

from obsy.engine.declare.spelling import key
from obsy.engine.science.transit.fit import NumberWithError
from obsy.errors import UserError

ENDING = "-transit.json"


@dataclass(frozen=True, slots=True)
class FittedBefore:
    """What a folder has of a planet."""

    middles: Mapping[Path, NumberWithError]
    """By file, BJD_TDB, of those that may be reported."""
    left_out: Mapping[Path, str]
    """Why others do not count."""


def fitted_before(folder: Path, planet: str) -> FittedBefore:
    """Return the middles of a planet's transits in a folder. Raises UserError if it cannot be read, or has none."""
    try:
        paths = sorted(each for each in folder.iterdir() if each.name.endswith(ENDING))
    except OSError as fault:
        raise UserError(f"{folder}: {fault.strerror or fault}: name the folder of '--out'") from None
    middles: dict[Path, NumberWithError] = {}
    left: dict[Path, str] = {}
    others: dict[str, None] = {}
    for path in paths:
        told = _read(path)
        name = told.get("planet") if isinstance(told, dict) else None
        if not isinstance(told, dict) or not isinstance(name, str):
            left[path] = "it is none that 'obsy transit --out' wrote"
        elif key(name) != key(planet):
            others[name] = None
        elif told.get("refused"):
            left[path] = str(told["refused"])
        elif (middle := _middle(told.get("middle_bjd_tdb"))) is None:
            left[path] = "it says no middle with its error"
        else:
            middles[path] = middle
    if not middles:
        there = f"; it has {', '.join(others)}" if others else ""
        why = "".join(f"; {path.name}: {each}" for path, each in left.items())
        raise UserError(f"{folder} has no fitted transit of {planet}{there}{why}: fit some with 'obsy transit --out'")
    return FittedBefore(middles, left)


def _read(path: Path) -> object:
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return None


def _middle(said: object) -> NumberWithError | None:
    value, error = (said.get(part) for part in ("value", "error")) if isinstance(said, dict) else (None, None)
    if not isinstance(value, float) or not isinstance(error, float) or not (isfinite(value) and 0 < error < 1):
        return None
    return NumberWithError(value, error)
