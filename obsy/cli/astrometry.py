"""Where a plan's asteroid or comet was in a night, against its ephemeris, and the report that the MPC takes."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from obsy.cli.locate import at_site

if TYPE_CHECKING:
    from obsy.engine.science.astrometry.along_ephemeris import MovingTarget


@click.command()
@click.argument("name", metavar="PLAN")
@click.option("--night", "day", metavar="DATE", help="The evening's date; the newest that has star tables if left out.")
@click.option("--within", "within_arcsec", type=click.FloatRange(1, 600), default=20.0, show_default=True,
              help="How far from its computed place it is looked for, arcsec.")  # fmt: skip
@click.option("--report", "form", type=click.Choice(["ades"]), help="Write what the Minor Planet Center takes.")
@click.option("--object", "called", metavar="NAME", help="What the body is called there: 1, 161P, '2014 AA'.")
@click.option("--observer", metavar="PERSON", help="Who signs it, by the name of a 'kind: person'.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="The folder of the files; the reports'.")
@click.option("--plans", type=click.Path(path_type=Path), default="plans", show_default=True, help="Their folder.")
@at_site
@click.option("--simulated/--real", default=None, help="Which nights; those that were written last if left out.")
@click.option("--json", "as_json", is_flag=True, help="Print it for a machine.")
def astrometry(name: str, plans: Path, site: str | None, as_json: bool, **said: Any) -> None:
    """Measure where PLAN's asteroid or comet was in each frame of a night, and hold it against its ephemeris.

    It is looked for where its orbit has it in the middle of each exposure, seen from the site, and has to move as it
    says: a star or a hot pixel does not. A table and a picture are written beside the night's report, and with
    '--report ades' what the Minor Planet Center takes, as PSV and XML. Exits 1 if nothing may be reported.
    """
    from obsy.cli.locate import as_night, data_root_of
    from obsy.cli.measured_plan import plan_of
    from obsy.engine.declare.folders import rooms
    from obsy.engine.declare.survey import declare
    from obsy.engine.runtime.ades_report import ades_report
    from obsy.engine.runtime.astrometry import catalogue_name, moving_target, old_elements
    from obsy.engine.runtime.astrometry_files import write_positions
    from obsy.engine.runtime.photometry import night_tables
    from obsy.engine.science.astrometry.position_table import moving_shape
    from obsy.engine.store.store import Store

    day = as_night(said["day"]) if said["day"] else None
    root, paths = rooms(plans)
    observatory = declare(root, *paths, site=site)
    data_root, plan = data_root_of(root, observatory.site, said["simulated"]), plan_of(observatory, name)
    with Store(data_root.known_store()) as store:
        night = night_tables(store, data_root, plan.name, day)
    found = moving_target(observatory, plan, night, said["within_arcsec"])
    about = {"target": catalogue_name(plan) or plan.name, "plan": plan.name, "night": str(night.night)}
    stem = (said["out"] or data_root.report(night.night).parent) / f"{night.night}-{plan.name}"
    reports: dict[str, str] = {}
    if said["form"] and not found.refusal:
        reports = ades_report(
            observatory,
            plan,
            found,
            called=said["called"],
            observer=said["observer"],
            is_rehearsal=data_root.folder.name == "simulated",
        )
    made = write_positions(stem, found, about, reports)
    if as_json:
        told = about | moving_shape(found)
        told |= {"files": [*map(str, made.written)], "withdrawn": [*map(str, made.withdrawn)]}
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        click.echo(f"{plan.name} in the {data_root.folder.name} night of {night.night}: {about['target']}")
        aged = old_elements(observatory, plan, night.night)
        click.echo("\n".join([*_page(found), *([f"    doubt        {aged}"] if aged else [])]))
        for word, files in (("Written", made.written), ("Withdrawn, since this does not bear it", made.withdrawn)):
            for each in files:
                click.echo(f"{word}: {each}")
    if found.refusal:
        raise SystemExit(1)


def _page(found: "MovingTarget") -> Iterator[str]:
    """Yield what was found, in words."""
    from obsy.engine.report.moving_words import facts

    yield f"{len(found.positions)} frames show it"
    yield from (f"    {about:<12} {words}" for about, words in facts(found))
    if found.refusal:
        yield f"    nothing is reported: {found.refusal}"
