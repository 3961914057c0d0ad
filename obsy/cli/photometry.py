"""A target's magnitudes in a night: against which stars, how well, and the report that the AAVSO takes."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from obsy.cli.locate import at_site
from obsy.errors import UnfitFiles, UserError

if TYPE_CHECKING:
    from obsy.engine.declare.declared import Declared
    from obsy.engine.runtime.photometry import NightTables
    from obsy.engine.science.ensemble import EnsembleResult
    from obsy.schemas.comparison import ComparisonTable
    from obsy.schemas.plan import Plan


@dataclass(frozen=True)
class FilterNight:
    """What a night says in one filter."""

    role: str
    filter: str
    """The AAVSO's name of it."""
    frames: int
    """That have a table of stars."""
    found: "EnsembleResult"
    left_out: tuple[str, ...]
    is_refused: str


@click.command()
@click.argument("name", metavar="PLAN")
@click.option("--night", "day", metavar="DATE", help="The evening's date; the newest that has star tables if left out.")
@click.option("--report", "form", type=click.Choice(["aavso"]), help="Write what this society takes.")
@click.option("--filter", "filters", metavar="OURS=AAVSO", multiple=True, help="What the AAVSO calls a filter: R=TR.")
@click.option("--comparison", metavar="NAME", help="Which comparison stars, if the target has several.")
@click.option("--observer", metavar="CODE", help="Whose report it is at the AAVSO; the person's code if left out.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="The folder of the files; the reports'.")
@click.option("--plans", type=click.Path(path_type=Path), default="plans", show_default=True, help="Their folder.")
@at_site
@click.option("--simulated/--real", default=None, help="Which nights; those that were written last if left out.")
@click.option("--json", "as_json", is_flag=True, help="Print it for a machine.")
def photometry(name: str, plans: Path, site: str | None, as_json: bool, **said: Any) -> None:
    """Work out the magnitudes of PLAN's target in a night, against the comparison stars that are declared.

    Told are the mean with its error, what the check star says, and which stars and frames were left out, and why. A
    table and a picture of each filter are written beside the night's report; with '--report aavso' also the file that
    the AAVSO takes, unless the check star deviates. Exits 1 if nothing may be reported.
    """
    from obsy.cli.locate import as_night, data_root_of
    from obsy.engine.declare.folders import rooms
    from obsy.engine.declare.join import site_named
    from obsy.engine.declare.survey import survey
    from obsy.engine.runtime.photometry import compared_with, night_tables
    from obsy.engine.store.store import Store
    from obsy.schemas.site import Site

    root, paths = rooms(plans)
    seen = survey(root, *paths)
    if seen.complaints:
        raise UnfitFiles(seen.complaints)
    declared = seen.declared
    if not declared.of(Site):
        raise UserError(f"no observatory beside the plans in '{plans}': go to one, or name its plans by '--plans'")
    data_root = data_root_of(root, site_named(declared, site), said["simulated"])
    plan = _plan(declared, name)
    declared_stars = compared_with(declared, plan, said["comparison"])
    with Store(data_root.known_store()) as store:
        night = night_tables(store, data_root, plan.name, as_night(said["day"]) if said["day"] else None)
    results = _measured(declared, night, declared_stars, dict(_pair(each) for each in said["filters"]))
    stem = (said["out"] or data_root.report(night.night).parent) / f"{night.night}-{plan.name}"
    code = _observer(declared, plan, said["observer"]) if said["form"] else None
    files = _write(stem, results, declared_stars, code)
    if as_json:
        told = {"plan": plan.name, "night": str(night.night), "comparison": declared_stars.name, "files": files}
        click.echo(json.dumps({**told, "filters": [_shape(each) for each in results]}, indent=2, ensure_ascii=False))
    else:
        head = f"{plan.name} in the {data_root.folder.name} night of {night.night}: {declared_stars.of}"
        click.echo(f"{head}, by comparison '{declared_stars.name}', chart {declared_stars.chart}")
        click.echo("\n".join([*(line for each in results for line in _page(each)), *(f"Written: {x}" for x in files)]))
    if any(each.is_refused for each in results):
        raise SystemExit(1)


def _plan(declared: "Declared", name: str) -> "Plan":
    from obsy.diagnostics import did_you_mean
    from obsy.schemas.plan import Plan

    every = {entry.document.name: entry.document for entry in declared.of(Plan)}
    if name not in every:
        mend = did_you_mean(name, list(every), f"there are {', '.join(sorted(every)) or 'none'}")
        raise UserError(f"no plan is named '{name}': {mend}")
    return every[name]


def _pair(said: str) -> tuple[str, str]:
    ours, sign, theirs = said.partition("=")
    if not sign:
        raise click.BadParameter(f"'{said}' names one filter; write 'R=TR'", param_hint="--filter")
    return ours, theirs


def _observer(declared: "Declared", plan: "Plan", said: str | None) -> str:
    from obsy.engine.runtime.photometry import observer_of

    code = said or observer_of(declared, plan)
    if code is None:
        raise UserError(
            "nobody signs the report: write 'codes: {aavso: …}' of the plan's owner, or say --observer CODE"
        )
    return code.upper()


def _measured(
    declared: "Declared", night: "NightTables", stars: "ComparisonTable", named: dict[str, str]
) -> list[FilterNight]:
    """Return what each filter says. Raises UserError if one of them says nothing at all and it is the only one."""
    from obsy.engine.runtime.photometry import known_variables, place_of
    from obsy.engine.science.ensemble import ensemble
    from obsy.engine.science.report_filter import aavso_filter, catalogue_band
    from obsy.schemas.train import Train

    roles = {train.name: train.roles for train in (entry.document for entry in declared.of(Train))}
    variables = known_variables(stars)
    results, failed = [], []
    for role, tables in sorted(night.tables.items()):
        train = tables[0].observation.train or ""
        try:
            theirs = aavso_filter(role, roles.get(train, ()), named.get(role))
            found = ensemble(tables, stars, catalogue_band(theirs), place_of(tables), variables)
        except UserError as fault:
            failed.append(f"{role}: {fault}")
            continue
        why = found.check.refusal if len(found.curve) else "no frame shows the target"
        results.append(FilterNight(role, theirs, len(tables), found, night.left_out.get(role, ()), why))
    if not results:
        raise UserError("; ".join(failed) or "every frame of the night was rejected: see 'obsy report'")
    for each in failed:
        click.echo(each, err=True)
    return results


def _page(one: FilterNight) -> Iterator[str]:
    """Yield what a filter says, in words."""
    found, curve, check = one.found, one.found.curve, one.found.check
    (mean, error), limits = found.mean, int(curve.is_limit.sum())
    magnitude = f"{mean:.3f} +- {error:.3f} mag" if mean == mean else "not seen"  # noqa: PLR0124 - NaN
    yield f"{one.role} ({one.filter} at the AAVSO): {magnitude}, {len(curve)} of {one.frames} frames used"
    if found.scatter == found.scatter:  # noqa: PLR0124 - NaN
        yield f"    scatter      {found.scatter:.3f} mag; of each error {found.common_error:.3f} mag is the catalogue's"
    if limits:
        yield f"    not seen     in {limits} frames: fainter than {curve.magnitude[curve.is_limit].max():.2f} mag"
    within = f"{check.measured:.3f} +- {check.error:.3f} mag, its catalogue says {check.known:.3f}"
    if check.measured == check.measured:  # noqa: PLR0124 - NaN
        yield f"    check star   {check.name}: {within} ({check.deviation:+.3f})"
    yield f"    compared     with {', '.join(found.compared)}"
    yield from (f"    left out     {each}" for each in (*one.left_out, *found.left_out))
    yield from (f"    doubt        {each}" for each in found.doubts)
    if one.is_refused:
        yield f"    nothing is reported: {one.is_refused}"


def _shape(one: FilterNight) -> dict[str, Any]:
    found, curve = one.found, one.found.curve
    mean, error = found.mean
    return {
        "filter": one.role,
        "aavso_filter": one.filter,
        "frames": one.frames,
        "points": len(curve),
        "limits": int(curve.is_limit.sum()),
        "magnitude": _number(mean),
        "error": _number(error),
        "scatter": _number(found.scatter),
        "common_error": _number(found.common_error),
        "check": {key: _number(each) for key, each in asdict(found.check).items()}
        | {"deviation": _number(found.check.deviation)},
        "compared_with": list(found.compared),
        "left_out": [*one.left_out, *found.left_out],
        "doubts": list(found.doubts),
        "refused": one.is_refused,
    }


def _number(value: Any) -> Any:
    return None if value != value else value  # noqa: PLR0124 - JSON knows no NaN


def _write(stem: Path, results: list[FilterNight], stars: "ComparisonTable", code: str | None) -> list[str]:
    """Write the files of each filter, each whole or not at all, and return their paths; code: of a report."""
    import obsy
    from obsy.engine.disk import write_whole
    from obsy.engine.report.light_curve import svg
    from obsy.engine.science.aavso_extended import ReportAbout, aavso_extended
    from obsy.engine.science.aavso_rules import faults
    from obsy.engine.science.magnitude_table import magnitude_table
    from obsy.engine.science.report_filter import catalogue_band

    texts: dict[Path, str] = {}
    for one in (each for each in results if len(each.found.curve)):
        path, band = stem.with_name(f"{stem.name}-{one.role}"), catalogue_band(one.filter)
        texts[path.with_name(f"{path.name}.ecsv")] = magnitude_table(one.found, stars, band)
        texts[path.with_name(f"{path.name}.svg")] = svg(one.found, stars.of, one.filter)
        if code is not None and not one.is_refused:
            report = path.with_name(f"{path.name}-aavso.txt")
            about = ReportAbout(code, one.filter, band, f"obsy {obsy.__version__}")
            texts[report] = aavso_extended(one.found, stars, about)
            if wrong := faults(texts[report], report.name):
                raise UserError("the AAVSO would refuse the report: " + "; ".join(map(str, wrong)))
    try:
        for path, text in texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, text.encode())
    except OSError as fault:
        raise UserError(f"'{stem.parent}' cannot be written into: {fault.strerror or fault}") from None
    return [str(each) for each in texts]
