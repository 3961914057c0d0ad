"""A plan's magnitudes over all its nights in one filter: store, files and declarations together."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from obsy.diagnostics import did_you_mean
from obsy.engine.declare.observatory import Observatory
from obsy.engine.runtime.photometry import magnitudes, tables_of
from obsy.engine.science.light_curve import LightCurve
from obsy.engine.science.night_magnitudes import FilterNight
from obsy.engine.science.period.series import MagnitudeSeries, NightPoints
from obsy.engine.store.store import Store
from obsy.errors import UserError
from obsy.schemas.comparison import ComparisonTable
from obsy.schemas.plan import Plan


@dataclass(frozen=True, slots=True)
class NightlyMagnitudes:
    """What all nights say in one filter."""

    filter: str
    parts: dict[date, NightPoints]
    left_out: dict[date, str]
    """Why a night says nothing."""


def nightly_magnitudes(
    observatory: Observatory, plan: Plan, stars: ComparisonTable, store: Store, said: str | None = None
) -> NightlyMagnitudes:
    """Return what the nights of a plan say in a filter of one train; each night is in it or left out with the reason.

    said: a filter's role, 'V', where several trains took it 'V by west', or with what the AAVSO calls it, 'R=TR'.
    Raises UserError if no night has a magnitude, or if there are several filters and none is said.
    """
    chosen, _, theirs = (said or "").partition("=")
    named = {chosen: theirs} if theirs else {}
    found: dict[tuple[str, str], dict[date, FilterNight]] = {}
    left: dict[date, str] = {}
    for night in store.nights_of("light", plan=plan.name):
        tables = tables_of(store, plan.name, night)
        told = None if tables is None else magnitudes(observatory, plan, tables, stars, named)
        left[night] = "no light has a table of stars" if told is None else "; ".join(told.faults)
        for each in told.filters if told else ():
            found.setdefault((each.role, each.train), {})[night] = each
    filters = {_name(key, found): nights for key, nights in found.items()}
    name = _chosen(filters, left, plan.name, chosen or None)
    nights = filters[name]
    refused = {night: each.refusal for night, each in nights.items() if each.refusal}
    missing = {night: why or f"not taken in {name}" for night, why in left.items() if night not in nights}
    parts = {night: _points(each) for night, each in nights.items() if not each.refusal}
    return NightlyMagnitudes(name, parts, dict(sorted((missing | refused).items())))


def _name(key: tuple[str, str], among: Collection[tuple[str, str]]) -> str:
    """Return what a filter of a train is called: by its role alone where no other train has it in any night."""
    role, train = key
    return role if sum(each == role for each, _ in among) == 1 else f"{role} by {train}"


def _chosen(found: Mapping[str, object], left: Mapping[date, str], plan: str, said: str | None) -> str:
    names = sorted(found)
    if not names:
        why = "; ".join(f"{night}: {said}" for night, said in left.items()) or "no light of it is in the archive"
        raise UserError(f"'{plan}' has no night with magnitudes: {why}")
    if said is None and len(names) > 1:
        raise UserError(f"'{plan}' has magnitudes in {', '.join(names)}: choose one, --filter '{names[0]}'")
    if said is not None and said not in names:
        mend = did_you_mean(said, names, f"it has {', '.join(names)}")
        raise UserError(f"'{plan}' has no magnitudes in '{said}': {mend}")
    return said or names[0]


def _points(night: FilterNight) -> NightPoints:
    """Return the points of a night where the star was seen, with their own errors: the catalogue's moves all alike."""
    curve: LightCurve = night.found.curve.only(~night.found.curve.is_limit)
    own = np.sqrt(np.maximum(curve.error**2 - night.found.common_error**2, 0.0))
    return NightPoints(MagnitudeSeries(curve.bjd_tdb, curve.magnitude, own), curve.transformation)
