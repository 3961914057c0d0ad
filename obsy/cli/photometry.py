"""A target's magnitudes in a night: against which stars, how well, and the report that the AAVSO takes."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from obsy.cli.locate import at_site
from obsy.errors import UserError

if TYPE_CHECKING:
    from obsy.engine.declare.observatory import Observatory
    from obsy.engine.science.night_magnitudes import FilterNight, NightMagnitudes
    from obsy.engine.science.others_points import OthersPoints
    from obsy.schemas.plan import Plan

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@click.argument("name", metavar="PLAN")
@click.option("--night", "day", metavar="DATE", help="The evening's date; the newest that has star tables if left out.")
@click.option("--report", "form", type=click.Choice(["aavso", "baa"]), help="Write what this society takes.")
@click.option("--filter", "filters", metavar="OURS=AAVSO", multiple=True, help="What the AAVSO calls a filter: R=TR.")
@click.option("--comparison", metavar="NAME", help="Which comparison stars, if the target has several.")
@click.option("--observer", metavar="CODE", help="Whose report it is there; the person's code if left out.")
@click.option("--bin", "binned", metavar="FRAMES|TIME", help="Several frames as one point each: 5, or '5 min'.")
@click.option("--others", type=FILE, help="A download of the AAVSO's: what others saw is drawn beside the own points.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="The folder of the files; the reports'.")
@click.option("--plans", type=click.Path(path_type=Path), default="plans", show_default=True, help="Their folder.")
@at_site
@click.option("--simulated/--real", default=None, help="Which nights; those that were written last if left out.")
@click.option("--json", "as_json", is_flag=True, help="Print it for a machine.")
def photometry(name: str, as_json: bool, **said: Any) -> None:
    """Work out the magnitudes of PLAN's target in a night, against the comparison stars that are declared.

    Told are the mean with its error, what the check star says, and which stars and frames were left out, and why. A
    table and a picture of each filter are written where the page has them; with '--report' also the file that the
    AAVSO or the BAA takes, unless the check star deviates. Exits 1 if nothing may be reported.
    """
    from obsy.cli.locate import as_night
    from obsy.cli.measured_plan import measured_plan, named_filters
    from obsy.engine.runtime.magnitude_files import write_magnitudes
    from obsy.engine.runtime.photometry import magnitudes, night_tables
    from obsy.engine.science.as_json import filter_shape
    from obsy.engine.science.binned import in_points, point_of
    from obsy.engine.store.store import Store

    day = as_night(said["day"]) if said["day"] else None
    by = point_of(said["binned"]) if said["binned"] else None
    asked, named = measured_plan(name, said), named_filters(said["filters"])
    plan, data_root = asked.plan, asked.data_root
    form = said["form"] or "aavso"
    code = _observer(asked.observatory, plan, said["observer"], form) if said["form"] else None
    others = _others(said["others"], asked.stars.of) if said["others"] else None
    with Store(data_root.known_store()) as store:
        night = night_tables(store, data_root, plan.name, day)
    _is_taken(named, {*night.tables, *night.left_out}, plan.name)
    found = magnitudes(asked.observatory, plan, night, asked.stars, named)
    found = in_points(found, by) if by else found
    stem = (said["out"] or data_root.magnitudes) / f"{night.night}-{plan.name}"
    made = write_magnitudes(stem, found, code, form, others)
    if not found.filters:
        raise UserError("; ".join([*found.faults, *made.words()]))
    for fault in found.faults:
        click.echo(fault, err=True)
    if as_json:
        told: dict[str, Any] = {"plan": plan.name, "night": str(night.night), "comparison": asked.stars.name}
        told |= {"files": [*map(str, made.written)], "withdrawn": [*map(str, (*made.withdrawn, *made.replaced))]}
        click.echo(
            json.dumps(
                {**told, "filters": [filter_shape(each) for each in found.filters]}, indent=2, ensure_ascii=False
            )
        )
    else:
        head = f"{plan.name} in the {data_root.folder.name} night of {night.night}: {asked.stars.of}"
        click.echo(f"{head}, by comparison '{asked.stars.name}', chart {asked.stars.chart}")
        lines = (line for each in found.filters for line in _page(each))
        theirs = [] if others is None else [_told(others, found)]
        click.echo("\n".join([*lines, *theirs, *made.words()]))
    if any(each.refusal for each in found.filters):
        raise SystemExit(1)


def _is_taken(named: dict[str, str], roles: set[str], plan: str) -> None:
    """Raise UserError if a filter that is named took no frame of the plan in the night."""
    from obsy.diagnostics import did_you_mean

    for role, theirs in named.items():
        if role not in roles:
            mend = did_you_mean(role, sorted(roles), f"it has {', '.join(sorted(roles))}")
            raise UserError(f"--filter {role}={theirs}: '{plan}' has no frame in '{role}' that night: {mend}")


def _observer(observatory: "Observatory", plan: "Plan", said: str | None, society: str) -> str:
    from obsy.engine.runtime.observer_code import observer_code

    code = observer_code(said, observatory.people, plan.owner, society)
    if code is None:
        codes = f"codes: {{{society}: …}}"
        raise UserError(f"nobody signs the report: write '{codes}' of the plan's owner, or say --observer CODE")
    return code


def _others(path: Path, star: str) -> "OthersPoints":
    """Return what others saw. Raises UserError if it is of another star by its name."""
    from obsy.engine.declare.spelling import key
    from obsy.engine.science.others_points import others_points

    found = others_points(path)
    if found.star and key(found.star) != key(star):
        raise UserError(f"'{path}' has observations of {found.star}, and the plan points at {star}: give those of that")
    return found


def _told(others: "OthersPoints", night: "NightMagnitudes") -> str:
    """Say how many of others' points are drawn."""
    from obsy.engine.report.light_curve import beside

    many = sum(len(beside(others, each.filter, each.found.curve.jd_utc)[0]) for each in night.filters)
    return (
        f"Of others: {many} of {len(others.jd)} points lie near in time and filter; drawn in grey, not reckoned with."
    )


def _page(one: "FilterNight") -> Iterator[str]:
    """Yield what a filter says, in words."""
    from obsy.engine.report.magnitudes import facts, headline

    yield headline(one)
    yield from (f"    {about:<12} {words}" for about, words in facts(one))
    if one.refusal:
        yield f"    nothing is reported: {one.refusal}"
