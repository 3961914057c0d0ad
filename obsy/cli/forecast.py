"""When each goal will be done, under weather that is drawn."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from obsy.cli.chart import DrawnFile, write
from obsy.cli.locate import as_night, at_site

if TYPE_CHECKING:
    from obsy.engine.declare.observatory import Observatory
    from obsy.engine.forecast.question import Change, ForecastQuestion, GoalForecast

MOST_NIGHTS, MOST_DRAWS = 366, 2000


@click.command()
@click.argument("plans", type=click.Path(path_type=Path), default="plans")
@at_site
@click.option("--nights", "count", type=click.IntRange(1, MOST_NIGHTS), default=30, show_default=True, help="How many.")
@click.option("--draws", type=click.IntRange(10, MOST_DRAWS), default=200, show_default=True, help="Of the weather.")
@click.option("--seed", type=click.IntRange(0, 2**32), default=1, show_default=True, help="Another is other weather.")
@click.option(
    "--with", "new", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A plan to add: whom it delays."
)
@click.option("--html", type=DrawnFile(".html"), help="Draw it as a page, in a file that ends in .html.")
@click.option("--check", is_flag=True, help="Of nights on record: what would have been forecast, beside what came.")
@click.option("--night", metavar="DATE", help="The first night, by its evening's date; tonight if left out.")
@click.option("--simulate", is_flag=True, help="Of the simulated observatory, with what its nights have done.")
@click.option("--json", "as_json", is_flag=True, help="Print it for a machine.")
def forecast(plans: Path, new: Path | None, as_json: bool, **how: Any) -> None:
    """Say by which night each goal is done, in 10, 50 and 90 of 100 draws of the weather, and what a plan delays.

    Clear nights are drawn by the share that the site declares ('clear: 40 %'), or that its nights on record had, or an
    assumption that is told. Each clear night is filled as the scheduler would. The same seed gives the same forecast.
    Nothing is changed; of tonight's, a sentence is kept in .obsy/ for 'obsy validate' to quote.
    """
    if how["check"] and (new is not None or how["html"] is not None):
        raise click.UsageError("--check looks back, and stands alone: leave --with and --html out")
    from obsy.cli.outlook import page
    from obsy.cli.quote import keep
    from obsy.engine.declare.folders import rooms
    from obsy.engine.declare.survey import declare
    from obsy.engine.forecast.forecast import forecasts
    from obsy.engine.forecast.question import Forecast, changes
    from obsy.engine.report.outlook import html
    from obsy.errors import UserError

    root, paths = rooms(plans)
    observatory = declare(root, *paths, *([new.absolute()] if new else []), site=how["site"])
    added = [] if new is None else [each.name for each in declare(root, new.absolute(), site=how["site"]).plans]
    if not observatory.plans:
        raise UserError(f"there is no plan at {observatory.site.name} to forecast: 'obsy up --plan' writes one")
    if new is not None and not added:
        raise UserError(f"{new} holds no plan: '--with' takes a file with one or more of 'kind: plan'")
    if how["check"]:
        _check(observatory, root, as_json, how)
        return
    asked, known = _question(observatory, root, added, how)
    told, without = forecasts(observatory, known, asked)
    changed = changes(told, without if added else [])
    if not added and how["night"] is None and not how["simulate"]:
        keep(root, observatory.site.name, Forecast(asked, tuple(told)))
    if how["html"] is not None:
        write(how["html"], html(observatory.site.name, asked, told, changed))
    loose = tuple(each.name for each in observatory.plans if each.choose is not None)
    shaped = {**_shape(told, changed, asked), "not_kept": loose}
    said = json.dumps(shaped, indent=2, default=str) if as_json else None
    click.echo(said or "\n".join(page(told, changed, asked, loose)))


def _check(observatory: "Observatory", root: Path, as_json: bool, how: dict[str, Any]) -> None:
    """Print how a forecast that was made before nights on record would have fared."""
    from obsy.cli.backtest import checked, page, shape
    from obsy.engine.frames.data_root import DataRoot

    data_root = DataRoot.of(root, observatory.site, how["simulate"])
    told = checked(observatory, data_root, as_night(how["night"]) if how["night"] else None, how)
    click.echo(json.dumps(shape(*told), indent=2, default=str) if as_json else "\n".join(page(*told)))


def _question(
    observatory: "Observatory", root: Path, added: list[str], how: dict[str, Any]
) -> tuple["ForecastQuestion", Any]:
    """Return what is asked, and what is done so far."""
    from obsy.cli.apply import which_night
    from obsy.engine.forecast.question import ForecastQuestion, nights_from
    from obsy.engine.frames.data_root import DataRoot
    from obsy.engine.runtime.ahead import known_climate
    from obsy.engine.runtime.planner import standing
    from obsy.engine.schedule.candidates import DoneSoFar

    day = which_night(how["night"], observatory, how["simulate"], dry_run=True)
    stands = standing(observatory, root, day, how["simulate"])
    first = day + timedelta(days=1) if stands.finished else day
    as_night(min(date.max, first + timedelta(days=how["count"])).isoformat())  # the sky is known to LAST, and no longer
    weather = known_climate(observatory, DataRoot.of(root, observatory.site, how["simulate"]))
    days, costs, night = nights_from(first, how["count"]), stands.planner.costs, stands.planner.night
    is_over = not stands.finished and stands.begin >= (night.dark[-1].end if night.dark else night.end)
    begin = night.start if is_over else stands.begin  # of a night that is over, what would have been from its dusk on
    asked = ForecastQuestion(days, begin, how["draws"], how["seed"], weather, tuple(added), costs)
    return asked, DoneSoFar(stands.known.progress, stands.known.trains)


def _shape(told: "Sequence[GoalForecast]", changed: "Sequence[Change]", asked: "ForecastQuestion") -> dict[str, Any]:
    from obsy.cli.outlook import DIGITS, shape

    return {
        "first": asked.days[0],
        "nights": len(asked.days),
        "draws": asked.draws,
        "seed": asked.seed,
        "clear": round(asked.clear, DIGITS),
        "climate": {key: _rounded(each, DIGITS) for key, each in asdict(asked.climate).items()},
        "goals": [shape(each) for each in told],
        "with": list(asked.without),
        "delays": [{"without": shape(old), "with": shape(new)} for old, new in changed],
    }


def _rounded(said: Any, digits: int) -> Any:
    if isinstance(said, tuple):
        return [_rounded(each, digits) for each in said]
    return round(said, digits) if isinstance(said, float) else said
