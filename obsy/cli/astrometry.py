"""Where a plan's asteroid or comet was in a night, against its ephemeris, and the report that the MPC takes."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from obsy.cli.locate import at_site

if TYPE_CHECKING:
    from obsy.engine.declare.observatory import Observatory
    from obsy.engine.frames.data_root import DataRoot
    from obsy.engine.runtime.photometry import NightTables
    from obsy.engine.science.astrometry.along_ephemeris import MovingTarget
    from obsy.schemas.plan import Plan


@click.command()
@click.argument("name", metavar="PLAN")
@click.option("--night", "day", metavar="DATE", help="The evening's date; the newest that has star tables if left out.")
@click.option("--within", "within_arcsec", type=click.FloatRange(1, 600), default=20.0, show_default=True,
              help="How far from its computed place it is looked for, arcsec.")  # fmt: skip
@click.option("--report", "form", type=click.Choice(["ades"]), help="Write what the Minor Planet Center takes.")
@click.option("--object", "called", metavar="NAME", help="What the body is called there: 1, 161P, '2014 AA'.")
@click.option("--observer", metavar="PERSON", help="Who signs it, by the name of a 'kind: person'.")
@click.option("--unknown", is_flag=True, help="Look for whatever else moves straight through the frames.")
@click.option("--fastest", type=click.FloatRange(0.01, 60), default=5.0, show_default=True,
              help="How fast that may move, arcsec a minute.")  # fmt: skip
@click.option("--orbits", type=click.Path(path_type=Path, dir_okay=False, exists=True), multiple=True,
              help="Orbits to hold it against, as MPCORB.DAT; library/MPCORB.DAT too, if there.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="The folder of the files; the reports'.")
@click.option("--plans", type=click.Path(path_type=Path), default="plans", show_default=True, help="Their folder.")
@at_site
@click.option("--simulated/--real", default=None, help="Which nights; those that were written last if left out.")
@click.option("--json", "as_json", is_flag=True, help="Print it for a machine.")
def astrometry(name: str, plans: Path, site: str | None, as_json: bool, **said: Any) -> None:
    """Measure where PLAN's asteroid or comet was in each frame of a night, and hold it against its ephemeris.

    It is looked for where its orbit has it in the middle of each exposure, seen from the site, and has to move as it
    says: a star or a hot pixel does not. A table and a picture are written beside the night's report, and with
    '--report ades' what the Minor Planet Center takes, as PSV and XML. Exits 1 if nothing may be
    reported. With '--unknown' whatever else moves straight through three frames or more is told, with the chance that
    it is none, and held against known orbits; then the plan may be of anything.
    """
    from obsy.cli.locate import as_night, data_root_of
    from obsy.cli.measured_plan import plan_of
    from obsy.engine.declare.folders import rooms
    from obsy.engine.declare.survey import declare
    from obsy.engine.runtime.astrometry import moves
    from obsy.engine.runtime.photometry import night_tables
    from obsy.engine.store.store import Store

    if said["orbits"] and not said["unknown"]:
        raise click.UsageError("'--orbits' is held against what else moves: add '--unknown'")
    day = as_night(said["day"]) if said["day"] else None
    root, paths = rooms(plans)
    observatory = declare(root, *paths, site=site)
    data_root, plan = data_root_of(root, observatory.site, said["simulated"]), plan_of(observatory, name)
    with Store(data_root.known_store()) as store:
        night = night_tables(store, data_root, plan.name, day)
    asked = _MovingNight(observatory, plan, night, data_root, root, said)
    told: dict[str, Any] = {"plan": plan.name, "night": str(night.night)}
    lines = [f"{plan.name} in the {data_root.folder.name} night of {night.night}"]
    if said["unknown"]:
        _unknown(asked, told, lines)
    refusal = _target(asked, told, lines) if moves(observatory, plan) or not said["unknown"] else ""
    click.echo(json.dumps(told, indent=2, ensure_ascii=False) if as_json else "\n".join(lines))
    if refusal:
        raise SystemExit(1)


class _MovingNight(NamedTuple):
    """What a call is about."""

    observatory: "Observatory"
    plan: "Plan"
    night: "NightTables"
    data_root: "DataRoot"
    root: Path
    said: dict[str, Any]


def _target(asked: _MovingNight, told: dict[str, Any], lines: list[str]) -> str:
    """Measure the plan's target, write its files and tell it; return why nothing may be reported."""
    from obsy.engine.runtime.ades_report import ades_report
    from obsy.engine.runtime.astrometry import catalogue_name, moving_target, old_elements
    from obsy.engine.runtime.astrometry_files import write_positions
    from obsy.engine.science.astrometry.position_table import moving_shape

    observatory, plan, night, data_root, _, said = asked
    found = moving_target(observatory, plan, night, said["within_arcsec"])
    about = {"target": catalogue_name(plan) or plan.name, "plan": plan.name, "night": str(night.night)}
    stem = (said["out"] or data_root.report(night.night).parent) / f"{night.night}-{plan.name}"
    reports: dict[str, str] = {}
    if said["form"] and not found.refusal:
        signed = {"called": said["called"], "observer": said["observer"]}
        rehearsed = data_root.folder.name == "simulated"
        reports = ades_report(observatory, plan, found, **signed, is_rehearsal=rehearsed)
    made = write_positions(stem, found, about, reports)
    told |= about | moving_shape(found)
    told |= {"files": [*map(str, made.written)], "withdrawn": [*map(str, made.withdrawn)]}
    aged = old_elements(observatory, plan, night.night)
    lines += [f"{about['target']}: {len(found.positions)} frames show it", *_page(found)]
    lines += [f"    doubt        {aged}"] if aged else []
    lines += made.words()
    return found.refusal


def _unknown(asked: _MovingNight, told: dict[str, Any], lines: list[str]) -> None:
    """Look for what else moves, and tell it."""
    from obsy.engine.report.moving_words import mover_words
    from obsy.engine.runtime.known_movers import INSTALLED, known_orbits
    from obsy.engine.runtime.unknown_movers import unknown_movers

    installed = asked.root / INSTALLED
    files = (*asked.said["orbits"], *([installed] if installed.exists() else []))
    orbits = known_orbits(asked.observatory, files)
    site, fastest = asked.observatory.site.location, asked.said["fastest"]
    found, hindered = unknown_movers(asked.night, orbits, site, fastest)
    told |= {"movers": [each.shape() for each in found], "held_against": list(orbits.sources), "hindered": hindered}
    many = f"{len(found)} bod{'y moves' if len(found) == 1 else 'ies move'}"
    lines.append(f"{many} straight through the frames, held against {', '.join(orbits.sources)}")
    lines += [line for number, each in enumerate(found, 1) for line in mover_words(number, each.track, each.known)]
    lines += [f"    left out     {each}" for each in hindered]


def _page(found: "MovingTarget") -> Iterator[str]:
    """Yield what was found, in words."""
    from obsy.engine.report.moving_words import facts

    yield from (f"    {about:<12} {words}" for about, words in facts(found))
    if found.refusal:
        yield f"    nothing is reported: {found.refusal}"
