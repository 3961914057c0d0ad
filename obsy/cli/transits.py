"""Which transits of known planets are worth taking from here in the coming nights, and why."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from obsy.cli.busy import busy
from obsy.cli.locate import as_night, at_site
from obsy.cli.transits_page import page, reasons
from obsy.cli.transits_shape import shape
from obsy.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from obsy.engine.choice.transits.coming import ComingTransits, TransitSearch
    from obsy.engine.importing.transiting_planet import PlanetTable

MOST_NIGHTS = 366


@click.command()
@click.option(
    "--nights", type=click.IntRange(1, MOST_NIGHTS), default=30, show_default=True, help="How many nights to look at."
)
@click.option("--night", metavar="DATE", help="The first of them, by its evening's date; tonight, if not said.")
@click.option("--for", "train", metavar="TRAIN", help="For whose optics; the largest aperture, if not said.")
@at_site
@click.option(
    "--catalogue",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A table of the NASA Exoplanet Archive, ExoClock or ExoFOP; obsy's planets and your own, if not said.",
)
@click.option("--plan", "planet", metavar="PLANET", help="Print the plan of this planet's best one, and nothing else.")
@click.option("--json", "as_json", is_flag=True, help="Print all of them for a machine.")
def transits(catalogue: Path | None, planet: str | None, as_json: bool, **which: Any) -> None:
    """List the transits that are worth taking from here in the coming nights, each with its reasons.

    Exits 0 where there is nothing to list too. With '--plan' exits 1 if none of the planet's can be had.
    """
    from obsy.engine.choice.transits.coming import coming_transits

    with busy("reading the files"):
        table, search = _table(catalogue), _search(which)
    if planet is not None:
        table = _only(planet, table)
    with busy(f"looking at {search.nights} nights"):
        found = coming_transits(table.planets, search)
    if planet is not None:
        click.echo(_plan(planet, found, search), nl=False)
    elif as_json:
        click.echo(json.dumps(shape(found, table, search), indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(page(found, table, search, _given())))


def _table(catalogue: Path | None) -> "PlanetTable":
    """Return the planets of a file; without one those that come with obsy, and those that the observatory declares."""
    from obsy.engine.choice.transits.declared import with_declared
    from obsy.engine.choice.transits.packaged import packaged
    from obsy.engine.declare.folders import rooms
    from obsy.engine.declare.survey import survey
    from obsy.engine.importing.planet_table import planets_of

    if catalogue is not None:
        return planets_of(catalogue)
    root, plans = rooms()
    return with_declared(packaged(), survey(root, *plans).declared)


def _given() -> "Iterator[str]":
    """Yield the options that were said, as a line has them."""
    context = click.get_current_context()
    for option in context.command.params:
        if context.get_parameter_source(str(option.name)) is click.core.ParameterSource.COMMANDLINE:
            yield from (option.opts[0], str(context.params[str(option.name)]))


def _search(which: dict[str, Any]) -> "TransitSearch":
    from obsy.cli.which_train import for_transits, trains_of
    from obsy.engine.choice.transits.coming import TransitSearch
    from obsy.engine.declare.folders import rooms
    from obsy.engine.declare.survey import declare
    from obsy.moments import night_of

    now = datetime.now(UTC)
    observatory = declare(rooms()[0], site=which["site"])
    instrument = observatory.instrument(for_transits(trains_of(observatory, which["train"])).name)
    first = as_night(which["night"]) if which["night"] else night_of(now, observatory.site.longitude)
    as_night((first + timedelta(days=which["nights"] - 1)).isoformat())
    begin = datetime.min.replace(tzinfo=UTC) if which["night"] else now
    return TransitSearch(observatory, instrument, first, which["nights"], begin)


def _only(said: str, table: "PlanetTable") -> "PlanetTable":
    """Return the planet that is meant: by its name, or by that of its star if that has one alone."""
    from obsy.diagnostics import did_you_mean
    from obsy.engine.declare.spelling import key
    from obsy.engine.importing.planet_row import LONGEST_NAME

    if len(said) > LONGEST_NAME:
        raise UserError(f"'--plan' names a planet, and this has {len(said)} signs: write it as 'HAT-P-32 b'")
    mine = [each for each in table.planets if key(each.name) == key(said)]
    mine = mine or [each for each in table.planets if key(each.host) == key(said)]
    if len(mine) > 1:
        several = ", ".join(each.name for each in mine)
        raise UserError(f"'{said}' has several planets: write one of {several}")
    if not mine:
        why = next((each for each in table.left if f"'{said}'" in each), "")
        names = [each.name for each in table.planets]
        mend = did_you_mean(said, names, "give a table that has it with '--catalogue'")
        raise UserError(f"no planet of the catalogue is named '{said}': {why or mend}")
    return table._replace(planets=mine)


def _plan(said: str, found: "ComingTransits", search: "TransitSearch") -> str:
    from obsy.engine.choice.transits.plan import comment, wish
    from obsy.engine.declare.survey import survey
    from obsy.engine.importing.home import home_of
    from obsy.engine.importing.writing import named, plan_of

    if not found.listed:
        why_not = "; ".join(reasons(found)) or "none falls into them; look at more with '--nights'"
        nights = f"{search.nights} nights from {search.first} on"
        raise UserError(f"no transit of '{said}' is worth taking in {nights}: {why_not}")
    each, root = found.listed[0], search.observatory.root
    home = home_of(survey(root), root / "plans")
    asked = wish(each)
    text, _ = plan_of(asked, f"{named(asked)}-{each.planet.letter}", home, "")
    return "\n".join([*comment(each, search.observatory.site), text.removeprefix("#").lstrip()])
