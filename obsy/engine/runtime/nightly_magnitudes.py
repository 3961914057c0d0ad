"""A plan's magnitudes over all its nights in one filter: store, files and declarations together."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from obsy.diagnostics import did_you_mean
from obsy.engine.declare.observatory import Observatory
from obsy.engine.runtime.photometry import magnitudes, tables_of
from obsy.engine.science.light_curve import LightCurve
from obsy.engine.science.night_magnitudes import FilterNight
from obsy.engine.science.period.series import MagnitudeSeries
from obsy.engine.store.store import Store
from obsy.errors import UserError
from obsy.schemas.comparison import ComparisonTable
from obsy.schemas.plan import Plan


@dataclass(frozen=True, slots=True)
class NightlyMagnitudes:
    """What all nights say in one filter."""

    filter: str
    parts: dict[date, MagnitudeSeries]
    left_out: dict[date, str]
    """Why a night says nothing."""


def nightly_magnitudes(
    observatory: Observatory,
    plan: Plan,
    stars: ComparisonTable,
    store: Store,
    role: str | None = None,
) -> NightlyMagnitudes:
    """Return what the nights of a plan say in the filter of a name, as `obsy photometry` tells it: 'V', or 'V by west'.

    Raises UserError if no night has a magnitude, or if there are several filters and none is said.
    """
    found: dict[str, dict[date, FilterNight]] = {}
    left: dict[date, str] = {}
    for night in sorted({each.night for each in store.frames(kind="light") if each.plan == plan.name}):
        tables = tables_of(store, plan.name, night)
        if tables is None:
            left[night] = "no light has a table of stars"
            continue
        said = magnitudes(observatory, plan, tables, stars)
        for each in said.filters:
            found.setdefault(each.name, {})[night] = each
        if said.faults:
            left[night] = "; ".join(said.faults)
    name = _chosen(found, left, plan.name, role)
    refused = {night: each.refusal for night, each in found[name].items() if each.refusal}
    parts = {night: _points(each) for night, each in found[name].items() if not each.refusal}
    return NightlyMagnitudes(name, parts, {**{n: why for n, why in left.items() if n not in found[name]}, **refused})


def _chosen(found: Mapping[str, object], left: Mapping[date, str], plan: str, role: str | None) -> str:
    names = sorted(found)
    if not names:
        why = "; ".join(f"{night}: {said}" for night, said in left.items()) or "no light of it is in the archive"
        raise UserError(f"'{plan}' has no night with magnitudes: {why}")
    if role is None and len(names) > 1:
        raise UserError(f"'{plan}' has magnitudes in {', '.join(names)}: choose one, --filter '{names[0]}'")
    if role is not None and role not in names:
        mend = did_you_mean(role, names, f"it has {', '.join(names)}")
        raise UserError(f"'{plan}' has no magnitudes in '{role}': {mend}")
    return role or names[0]


def _points(night: FilterNight) -> MagnitudeSeries:
    """Return the points of a night where the star was seen, with their own errors: the catalogue's moves all alike."""
    curve: LightCurve = night.found.curve.only(~night.found.curve.is_limit)
    own = np.sqrt(np.maximum(curve.error**2 - night.found.common_error**2, 0.0))
    return MagnitudeSeries(curve.bjd_tdb, curve.magnitude, own)
