"""The middles of transits that were fitted before, from the files that `obsy transit --out` wrote."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from obsy.engine.declare.spelling import key
from obsy.engine.declare.target import Ephemeris
from obsy.engine.science.aavso_rules import EARLIEST_JD, LATEST_JD
from obsy.engine.science.transit.fit import NumberWithError
from obsy.errors import UserError

ENDING = "-transit.json"
LEAST_ERROR_D = 1e-3 / 86_400
"""No camera's clock tells a middle to better than a millisecond."""
SURE = 3.0
"""A transit comes within so many errors of the ephemeris that is declared, or within its duration."""


@dataclass(frozen=True, slots=True)
class FittedBefore:
    """What a folder has of a planet."""

    middles: Mapping[Path, NumberWithError]
    """By file, BJD_TDB, of those that may be reported."""
    left_out: Mapping[Path, str]
    """Why others do not count."""


def fitted_before(folder: Path, planet: str, declared: Ephemeris) -> FittedBefore:
    """Return the middles of a planet's transits in a folder. Raises UserError if it cannot be read, or has none.

    declared: its epoch in BJD_TDB. What lies far from all of its transits is none, and of copies one counts.
    """
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
        elif isinstance(found := _judged(told, declared, middles), str):
            left[path] = found
        else:
            middles[path] = found
    if not middles:
        there = f"; it has {', '.join(others)}" if others else ""
        why = "".join(f"; {path.name}: {each}" for path, each in left.items())
        raise UserError(f"{folder} has no fitted transit of {planet}{there}{why}: fit some with 'obsy transit --out'")
    return FittedBefore(middles, left)


def _judged(
    told: Mapping[str, object], declared: Ephemeris, middles: Mapping[Path, NumberWithError]
) -> NumberWithError | str:
    """Return the middle that a file tells, or why it does not count beside those before it."""
    if told.get("refused"):
        return str(told["refused"])
    if (middle := _middle(told.get("middle_bjd_tdb"))) is None:
        return "it says no middle in BJD_TDB with an error between a millisecond and a day"
    return _far(middle, declared) or _copied(middle, middles) or middle


def _far(middle: NumberWithError, declared: Ephemeris) -> str:
    """Return why a middle is of no transit by the declared ephemeris; '' if it is of one."""
    turns = (middle.value - declared.epoch_jd) / declared.period_d
    late_d, error_d = (turns - round(turns)) * declared.period_d, declared.error_d(middle.value)
    if abs(late_d) <= max(declared.duration_h / 24, SURE * error_d):
        return ""
    return f"{late_d * 24:+.1f} h from the nearest transit that is declared, which lasts {declared.duration_h:.1f} h"


def _copied(middle: NumberWithError, middles: Mapping[Path, NumberWithError]) -> str:
    """Return that a middle counts already; two fits never find one to the last digit."""
    same = next((path.name for path, each in middles.items() if each.value == middle.value), None)
    return "" if same is None else f"a copy of {same}, for it has the same middle: that counts once"


def _read(path: Path) -> object:
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return None


def _middle(said: object) -> NumberWithError | None:
    value, error = (said.get(part) for part in ("value", "error")) if isinstance(said, dict) else (None, None)
    if not isinstance(value, float) or not isinstance(error, float):
        return None
    is_sound = EARLIEST_JD <= value < LATEST_JD and LEAST_ERROR_D <= error < 1
    return NumberWithError(value, error) if is_sound else None
