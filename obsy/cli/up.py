"""What is best tonight from here, and why."""

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import click

from obsy.cli.locate import as_night, at_site
from obsy.cli.which_train import tell_choice, trains_of
from obsy.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from obsy.engine.choice.light_of_train import LightOfTrain
    from obsy.engine.choice.ranking import Ranked, Sky
    from obsy.engine.choice.sights import Sight
    from obsy.engine.declare.observatory import Observatory
    from obsy.schemas.train import Train

SHOWN = 10


@click.command()
@click.option(
    "--night",
    metavar="DATE",
    help="Which night, by its evening's date, all of it; what is left of tonight, if not said.",
)
@click.option(
    "--catalogue",
    metavar="NAME|FILE",
    default="messier",
    show_default=True,
    help="messier, caldwell, ngc, variables, exoplanets, planets, asteroids, comets, or a file as 'obsy import' reads.",
)
@click.option(
    "--for",
    "train",
    metavar="TRAIN",
    help="For whose field and filters; the train whose best is worth most, if not said.",
)
@at_site
@click.option("--plan", is_flag=True, help="Write the plan of the best one, and nothing else.")
@click.option("--json", "as_json", is_flag=True, help="Print all of them for a machine.")
def up(catalogue: str, train: str | None, plan: bool, as_json: bool, **when: str | None) -> None:
    """Show what is best tonight: what is up in the dark, far from the Moon, and fills the field.

    Exits 0 where there is nothing to show too: a night without dark is an answer. With '--plan' it is none:
    exits 1.
    """
    from obsy.engine.choice.offer import few, offer
    from obsy.engine.choice.ranking import coming, sky_of
    from obsy.engine.declare.folders import rooms
    from obsy.engine.declare.survey import declare

    root, _ = rooms()
    observatory = declare(root, site=when["site"])
    trains, now = trains_of(observatory, train), datetime.now(UTC)
    offered, said = offer(catalogue, root), as_night(when["night"]) if when["night"] else None

    def sky_for(one: "Train") -> "tuple[date, Sky | None]":
        return (said, sky_of(observatory, one, said)) if said else coming(observatory, one, now)

    chosen, day, sky, found = _best(trains, offered.sights, sky_for)
    if as_json:
        about = {"night": day.isoformat(), "site": observatory.site.name, "train": chosen.name, "left": offered.left}
        click.echo(json.dumps(about | _shape(found, sky, root if plan else None), indent=2, ensure_ascii=False))
        return
    for each in few(offered):
        click.echo(f"not offered: {each}", err=True)
    if sky is None or not found:
        why_not = _nothing(observatory, day, catalogue, sky, all(each.transit for each in offered.sights))
        if plan:
            raise UserError(why_not)  # what is printed would become a file
        click.echo(why_not)
    elif plan:
        click.echo(_plan(found[0], sky, root), nl=False)
    else:
        click.echo(_page(found, sky, catalogue))


def _best(
    trains: "Sequence[Train]", sights: "Sequence[Sight]", sky_for: "Callable[[Train], tuple[date, Sky | None]]"
) -> "tuple[Train, date, Sky | None, list[Ranked]]":
    """Return the train whose best sight is worth most, the first of equals, with the night and what is up for it."""
    from obsy.engine.choice.ranking import ranked

    found = []
    for train in trains:
        day, sky = sky_for(train)
        found.append((train, day, sky, ranked(sights, sky) if sky else []))
    chosen = max(found, key=lambda each: each[3][0].score if each[3] else -1.0)
    tell_choice(chosen[0], trains, "whose best is worth most" if chosen[3] else "the first")
    return chosen


def _nothing(observatory: "Observatory", day: date, catalogue: str, sky: "Sky | None", transits: bool) -> str:
    """Return why nothing is up; transits: whether it is these that were looked for."""
    from obsy.engine.choice.ranking import ABOVE_DEG

    where = f"at {observatory.site.name} in the night of {day}"
    if sky is None:
        return f"There is no dark {where}: the Sun stays above -18 deg. Choose another with '--night'."
    if not sky.dark.any():
        return f"All of the dark is downtime {where}. Choose another with '--night'."
    if transits:
        seen = f"whole in the dark, above {ABOVE_DEG:.0f} deg, out of the Moon's glare and well over its noise"
        return f"No transit of '{catalogue}' is {seen} {where}. 'obsy transits' tells those of the nights to come."
    return f"Nothing of '{catalogue}' stands above {ABOVE_DEG:.0f} deg in the dark {where}. Try another '--catalogue'."


def _page(found: "list[Ranked]", sky: "Sky", catalogue: str) -> str:
    from obsy.engine.choice.ranking import ABOVE_DEG, LEAST_H
    from obsy.engine.choice.reason import clock, why
    from obsy.engine.choice.season_ahead import NIGHTS, season_ends
    from obsy.units import duration

    site, train, dark, least_s = sky.observatory.site, sky.train, sky.tonight.dark, LEAST_H * 3600
    width, height = (60 * edge for edge in train.field)
    spans = " and ".join(f"{clock(each.start, sky)} to {clock(each.end, sky)}" for each in dark)
    since = f"from {clock(sky.grid.start, sky)} on, " if sky.is_begun else ""
    lines = [
        f"The best of {catalogue} from {site.name} in the night of {sky.tonight.date}, dark {spans} ({site.timezone}),",
        f"for {train.name}: a field of {width:.0f} x {height:.0f} arcmin, filters {', '.join(train.roles)}.",
        f"Hours count {since}in the dark, above {ABOVE_DEG:.0f} deg, and out of the Moon's glare.",
        f"Its season ends with the last of {NIGHTS} nights that has {duration(least_s)} of it, whatever the Moon.",
        *_limits(sky, catalogue),
        "",
    ]
    for number, (each, end) in enumerate(zip(found[:SHOWN], season_ends(found[:SHOWN], sky), strict=True), 1):
        ends = f" Its season ends on {end}." if end is not None else ""
        lines += [f"{number:2}  {each.sight.called}, {each.sight.kind}", f"    {why(each, sky)}{ends}"]
    lines += ["", *_chart(found[:SHOWN], sky)]
    more = f"{len(found) - SHOWN} more are up; " if len(found) > SHOWN else ""
    then = "'obsy up --plan' writes the plan of the first, 'obsy target NAME' tells more."
    return "\n".join([*lines, "", more + then])


def _limits(sky: "Sky", catalogue: str) -> list[str]:
    """Say how faint a star may be, where it is stars that are offered."""
    from obsy.engine.choice.ranking import SHORT_S, STAR_ROLES, first

    faintest = sky.faintest_mag
    if faintest is None or catalogue not in ("variables", "exoplanets", "asteroids", "comets"):
        return []
    role = first(sky.train.roles, *STAR_ROLES)
    return [f"{SHORT_S:.0f} s in {role} show stars down to magnitude {faintest:.1f} or so; fainter ones are left out."]


def _chart(found: "list[Ranked]", sky: "Sky") -> "Iterator[str]":
    from obsy.engine.report.columns import chart
    from obsy.engine.report.curves import curves
    from obsy.engine.schedule.conditions import skyline
    from obsy.engine.sky.body import Fixed

    bodies = {
        f"{number} {each.sight.name}": Fixed(each.sight.ra_deg, each.sight.dec_deg)
        for number, each in enumerate(found, 1)
    }
    site = sky.observatory.site
    return chart(curves(bodies, sky.tonight, site.location, skyline(sky.observatory)), site.timezone)


def _plan(each: "Ranked", sky: "Sky", root: "Path") -> str:
    from obsy.engine.choice.reason import why
    from obsy.engine.choice.wishes import visited, wish
    from obsy.engine.declare.survey import survey
    from obsy.engine.importing.home import home_of
    from obsy.engine.importing.writing import named, plan_of

    light = _light(sky, root) if each.sight.swing_mag is not None else {}
    asked = wish(each, sky.train, light)
    home = home_of(survey(root), root / "plans")
    about = f"By 'obsy up' for {sky.tonight.date}: {why(each, sky)}{visited(each.sight, sky.train, light)}"
    return plan_of(asked, named(asked), home, about)[0]


def _light(sky: "Sky", root: "Path") -> "dict[str, LightOfTrain]":
    """Return what the newest frames of the train show, by filter; nothing where there are none, or no store."""
    from contextlib import suppress

    from obsy.cli.locate import data_root_of
    from obsy.engine.runtime.saturating import lights
    from obsy.engine.store.store import Store, StoreError
    from obsy.errors import UserError

    data_root = data_root_of(root, sky.observatory.site, None)
    with suppress(StoreError, UserError), Store(data_root.known_store()) as store:
        return {role: each for (train, role), each in lights(store).items() if train == sky.train.name}
    return {}


def _shape(found: "list[Ranked]", sky: "Sky | None", root: "Path | None") -> dict[str, Any]:
    from obsy.engine.choice.ranking import WEIGHTS
    from obsy.engine.choice.reason import why
    from obsy.engine.choice.season_ahead import season_ends

    if sky is None:
        empty = dict.fromkeys(("from", "moon_lit_percent", "faintest_mag", "plan"))
        return {"dark": [], "weights": WEIGHTS, "ranked": [], **empty}

    return {
        "dark": [[each.start.isoformat(), each.end.isoformat()] for each in sky.tonight.dark],
        "from": sky.grid.start.isoformat(),
        "moon_lit_percent": round(sky.lit_percent, 1),
        "faintest_mag": None if (faintest := sky.faintest_mag) is None else round(faintest, 2),
        "weights": WEIGHTS,
        "ranked": [
            {key: getattr(each.sight, key) for key in ("name", "kind", "ra_deg", "dec_deg", "mag")}
            | {key: round(getattr(each, key), 3) for key in ("score", "hours", "altitude_deg", "moon_deg")}
            | {"best": each.best.isoformat(), "why": why(each, sky), "season_ends": end and end.isoformat()}
            for each, end in zip(found, season_ends(found, sky), strict=True)
        ],
        "plan": _plan(found[0], sky, root) if found and root else None,
    }
