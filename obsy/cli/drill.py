"""Play drills, and say what became of the roof."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from obsy.cli.drill_list import say_drills
from obsy.cli.locate import as_night, at_site
from obsy.errors import UserError

if TYPE_CHECKING:
    from obsy.engine.drills.drill import Drilled

AT_A_TIME = 2
WIDTH = 28
"""Of the column of names; a longer one pushes its own row aside."""


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME|all]...")
@at_site
@click.option("--night", metavar="DATE", help="The evening's date; the site's longest night if left out.")
@click.option("--list", "only_list", is_flag=True, help="Print the drills that there are; play none.")
@click.option("--real", is_flag=True, help="Drill the real roof, by day: it opens and closes. Somebody must stand by.")
@click.option("--yes", metavar="ROOF", help="The name of the roof, for a script that nobody asks for it.")
@click.option("--json", "as_json", is_flag=True, help="Print the result for a machine.")
def drill(  # noqa: PLR0913, PLR0917  one argument an option
    names: tuple[str, ...],
    site: str | None,
    night: str | None,
    only_list: bool,
    real: bool,
    yes: str | None,
    as_json: bool,
) -> None:
    """Rehearse what may befall the observatory: for an hour of a simulated night each, a few seconds.

    NAME is a drill that ships, or a scenario of the site. Judged is what the simulated hardware did; exit code 1 if one
    failed. Nothing of the site's own data is touched.

    With --real, a true roof is opened by day, which `safety.drills` must allow, and has to close in time.
    """
    _check_usage(names, real, {"--night": night, "--yes": yes, "--list": only_list})
    if real:
        from obsy.cli.drill_real import drill_real

        drill_real(names, site, yes, only_list=only_list, as_json=as_json)
        return
    _rehearse(names, site, night, only_list=only_list, as_json=as_json)


def _check_usage(names: tuple[str, ...], real: bool, said: dict[str, object]) -> None:
    """Raise UsageError for what would be in vain. said: options, by their names."""
    if said["--yes"] is not None and not real:
        raise click.UsageError("'--yes' names a real roof: add '--real' to drill it, or leave it out")
    if said["--night"] is not None and real:
        raise click.UsageError("a real roof is drilled now, by day: leave '--night' out, or '--real'")
    vain = [*names, *(each for each in ("--night", "--yes") if said[each] is not None)]
    if said["--list"] and vain:
        raise click.UsageError(f"'--list' plays nothing: leave it out, or '{vain[0]}'")


def _rehearse(names: tuple[str, ...], site: str | None, night: str | None, *, only_list: bool, as_json: bool) -> None:
    from obsy.engine.declare.folders import rooms
    from obsy.engine.declare.survey import declare
    from obsy.engine.drills.drill import chosen, drills, longest_night
    from obsy.engine.drills.drill import drill as play
    from obsy.engine.drills.hour import hour

    root, _ = rooms(Path("plans"))
    observatory = declare(root, site=site)
    if only_list:
        say_drills(drills(observatory), WIDTH, as_json=as_json)
        return
    which = chosen(observatory, names)
    day = as_night(night) if night else longest_night(observatory, datetime.now(UTC).year)
    if not hour(observatory, day).dark:
        raise UserError(f"it does not get dark in the night of {day}: name another with --night")
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        played = []
        for each in pool.map(partial(play, observatory, day=day), which):
            played.append(each)
            if not as_json:
                click.echo("\n".join(_lines(each)))
    failed = [each.name for each in played if not each.passed]
    if as_json:
        click.echo(json.dumps([_facts(each) for each in played], indent=2, ensure_ascii=False))
    else:
        those = f"; these did not: {', '.join(failed)}" if failed else ""
        click.echo(f"{len(played) - len(failed)} of {len(played)} drills passed{those}")
    if failed:
        raise SystemExit(1)


def _lines(each: "Drilled") -> list[str]:
    """Return the rows of a drill: one for each roof, and one for each thing that was wrong."""
    found = []
    for deeds in each.roofs:
        closed = f"closed after {max(deeds.unsafe_s, deeds.excused_s):.0f} s"
        seen = closed if deeds.why else "never had to close late" if deeds.open_s else "never opened"
        alarms = f", {deeds.alarms} alarms" if deeds.alarms else ""
        alarms += ", over a mount as 'if_not_parked' says" if deeds.over_s else ""
        verdict = "passed" if each.passed else "FAILED"
        what = f"{deeds.roof}: open {deeds.open_s / 60:.0f} min, {seen}{alarms}"
        found.append(f"{verdict}  {each.name:<{WIDTH}}  {what}")
        found += [f"        {fault}" for fault in deeds.faults]
    return [*found, *([f"        {each.said}"] if each.said else [])]


def _facts(each: "Drilled") -> dict[str, Any]:
    roofs = [asdict(deeds) for deeds in each.roofs]
    return {"drill": each.name, "about": each.about, "passed": each.passed, "starts": each.starts, "roofs": roofs}
