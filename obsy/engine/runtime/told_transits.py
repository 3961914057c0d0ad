"""The transits that a night covered, fitted and filed. What is wrong is told on its page: no night fails for that."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from obsy.engine.declare.observatory import Observatory
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.report.fitted_transits import FittedTransitStory
from obsy.engine.store.store import Store
from obsy.errors import UserError
from obsy.schemas.plan import Plan

if TYPE_CHECKING:
    from obsy.engine.science.transit.curve import MeasuredCurve
    from obsy.engine.science.transit.observation import TransitObservation
    from obsy.engine.science.transit.planet import KnownPlanet

UNSIGNED = "it says no {}: {}, or 'obsy transit {} {} --out DIR'"
_CURES = {
    "observer": ("write 'codes: {aavso: …}' of the plan's owner", "--observer CODE"),
    "filter": ("nobody says which of its filters it is", "--filter NAME"),
}
_FILTER = "#FILTER="


def told_transits(
    observatory: Observatory, store: Store, data_root: DataRoot, night: date, filed_in: Path | None
) -> tuple[FittedTransitStory, ...]:
    """Return the fit of each plan that covers a transit and has star tables of the night.

    filed_in: where its files are written, each whole; what stands there of an earlier fit is replaced. None for a
    night that still runs, of which nothing is to be sent.
    """
    covering = [plan for plan in observatory.plans if any(goal.cover is not None for goal in plan.want)]
    told = (_told(plan, observatory, store, data_root, night, filed_in) for plan in covering)
    return tuple(each for each in told if each is not None)


def _told(  # noqa: PLR0913, PLR0917  what a night is
    plan: Plan, observatory: Observatory, store: Store, data_root: DataRoot, night: date, filed_in: Path | None
) -> FittedTransitStory | None:
    name = plan.name
    try:
        from obsy.engine.runtime import photometry, transit  # noqa: PLC0415  few nights have transits; they need scipy

        name = transit.covered(plan)[0].name
        if not photometry.has_tables(store, plan.name, night):
            return None
        known, taken = transit.transit_curve(store, data_root, plan, night)
        return _fitted(plan, observatory, known, taken, filed_in)
    except UserError as fault:
        why = str(fault)
    except Exception as fault:  # noqa: BLE001  one plan's tables must keep no night from its page
        why = f"a fault of obsy: {fault!r}; 'obsy transit {plan.name} --night {night}' shows where"
    return FittedTransitStory(plan.name, name, faults=(why,))


def _fitted(
    plan: Plan, observatory: Observatory, known: "KnownPlanet", taken: "MeasuredCurve", filed_in: Path | None
) -> FittedTransitStory | None:
    """Return the story of a light curve; None if no transit fell into it. Raises UserError if none can be fitted."""
    from obsy.engine.report import fitted_transits, transit_fit  # noqa: PLC0415  likewise
    from obsy.engine.runtime import transit_files  # noqa: PLC0415  likewise
    from obsy.engine.science.transit.as_json import shape  # noqa: PLC0415  likewise
    from obsy.engine.science.transit.coverage import result  # noqa: PLC0415  likewise
    from obsy.engine.science.transit.fit import fit, predicted  # noqa: PLC0415  likewise

    curve = taken.curve.ordered()
    if not len(curve) or _is_beside(curve.bjd_tdb[0], predicted(known, curve)[0], curve.bjd_tdb[-1], known):
        return None
    stem = None if filed_in is None else filed_in / transit_files.transit_stem(taken, known.name)
    try:
        found = fit(taken.curve, known)
    except UserError:
        if stem is not None:
            transit_files.withdraw_transit(stem)
        raise
    told = result(found, taken.sides_s)
    told = replace(told, doubts=(*taken.doubts, *told.doubts))
    about = _about(plan, observatory, known, taken, stem)
    made = None if stem is None else transit_files.write_transit(stem, found, told, about)
    return FittedTransitStory(
        plan=plan.name,
        planet=known.name,
        short=fitted_transits.short(found, told),
        headline=fitted_transits.headline(found),
        facts=tuple(fitted_transits.facts(found, told)),
        doubts=told.doubts,
        refusal=told.refusal,
        shape=shape(found, told, about),
        chart=transit_fit.chart(found, told),
        files=made.written if made else (),
        unsigned="" if told.refusal else "; ".join(_unsigned(plan, about)),
    )


def _is_beside(first: float, middle: float, last: float, known: "KnownPlanet") -> bool:
    """Return whether a predicted transit lies outside of a light curve, by more than it lasts and may be wrong."""
    reach = known.ephemeris.duration_h / 24 + known.ephemeris.error_d(middle)
    return not first - reach < middle < last + reach


def _about(
    plan: Plan, observatory: Observatory, known: "KnownPlanet", taken: "MeasuredCurve", stem: Path | None
) -> "TransitObservation":
    """Return what reports say beside the fit; who signed the file that stands signs the one that replaces it."""
    import obsy  # noqa: PLC0415  of all that the page needs, the version alone
    from obsy.engine.runtime.observer_code import observer_code, signed_by  # noqa: PLC0415  likewise
    from obsy.engine.science.report_filter import transit_filter  # noqa: PLC0415  likewise
    from obsy.engine.science.transit.observation import TransitObservation  # noqa: PLC0415  likewise

    roles = {each.name: each.train.roles for each in observatory.every_instrument}
    was = None if stem is None else stem.with_name(f"{stem.name}-aavso.txt")
    code = observer_code(None, observatory.people, plan.owner) or (signed_by(was) if was else None)
    theirs = transit_filter(taken.role, roles.get(taken.train, ()))
    return TransitObservation(
        known.name.rpartition(" ")[0],
        known.name,
        code or "na",
        _filter_of(was) if theirs == "na" and was else theirs,
        software=f"obsy {obsy.__version__}",
        comparison_stars=taken.comparison_stars,
        apertures=taken.apertures,
    )


def _filter_of(report: Path) -> str:
    """Return the filter in the report that stands; 'na' where there is none."""
    try:
        lines = report.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return "na"
    return next((line.removeprefix(_FILTER) for line in lines if line.startswith(_FILTER)), "na")


def _unsigned(plan: Plan, about: "TransitObservation") -> Iterator[str]:
    """Yield what the AAVSO would miss in its file."""
    for part, (cure, option) in _CURES.items():
        if getattr(about, part) == "na":
            yield UNSIGNED.format(part, cure, plan.name, option)
