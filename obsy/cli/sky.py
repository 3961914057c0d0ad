"""When something in the sky rises, transits and sets, and when it may be had in the dark."""

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from obsy.cli.locate import as_night
from obsy.cli.named import here, plan_called, site_of, unknown
from obsy.engine.declare.known import known_by
from obsy.errors import UnfitFiles, UserError
from obsy.moments import night_of
from obsy.schemas.site import Site
from obsy.units import AltitudeDegrees

if TYPE_CHECKING:
    from obsy.cli.almanac import AlmanacPage
    from obsy.engine.declare.declared import Declared
    from obsy.engine.sky.body import Body
    from obsy.engine.sky.constraints import Limit
    from obsy.schemas.horizon import Horizon
    from obsy.schemas.model import Document


@click.command()
@click.argument("name", nargs=-1, required=True)
@click.option("--night", metavar="DATE", help="Which night, by its evening's date; tonight, if not said.")
@click.option("--site", metavar="NAME|FILE", help="Which site is meant, or the file of one; none else need be there.")
@click.option("--horizon", metavar="ALTITUDE", help="What counts as up, such as '30 deg'; unsaid, the horizon.")
@click.option("--json", "as_json", is_flag=True, help="Print it for a machine.")
def sky(name: tuple[str, ...], night: str | None, site: str | None, horizon: str | None, as_json: bool) -> None:
    """Tell when NAME rises, transits and sets in a night, the twilights, the Moon, and when it may be had in the dark.

    NAME is what a plan may name, 'RA, DEC' with their units, a planet, the moon, the sun, a plan of this
    observatory by its name, or the two lines of a satellite, each between quotes. Unless '--horizon' says
    otherwise, it rises and sets where its upper limb is seen through the air at a flat horizon (a true altitude of
    -34 arcmin; of the Sun's centre -50), as almanacs have it. Exits 1 if nothing bears the name.
    """
    from obsy.cli.almanac import AlmanacPage, page, shape
    from obsy.engine.sky.almanac import almanac

    declared = here()
    where, measured = _where(declared, site)
    day = as_night(night) if night else night_of(datetime.now(UTC), where.longitude)
    above_deg = None if horizon is None else _read(AltitudeDegrees, horizon, horizon)
    called, body, warning = _what(" ".join(name), declared, day)
    seen = almanac(body, day, where.location, _limits(above_deg, measured), above_deg)
    told = AlmanacPage(called, where, day, above_deg, seen, warning)
    if as_json:
        click.echo(json.dumps(shape(told), indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join([*page(told), *_chart(called, body, told, measured)]))


def _chart(called: str, body: "Body", told: "AlmanacPage", measured: "Horizon | None") -> list[str]:
    """Return rows that show how high it stands, hour by hour; none of what crosses the sky in minutes."""
    from obsy.engine.report.columns import chart
    from obsy.engine.report.curves import curves
    from obsy.engine.schedule.conditions import FLAT, skyline_of
    from obsy.schemas.target import Satellite

    if isinstance(body, Satellite) or told.is_of == "sun":
        return []
    drawn = {} if told.is_of else {called: body}
    skyline = FLAT if measured is None else skyline_of(measured)
    return ["", *chart(curves(drawn, told.seen.night, told.site.location, skyline), told.site.timezone)]


def _what(said: str, declared: "Declared", day: date) -> tuple[str, "Body", str | None]:
    """Return what is meant: its name, itself, and what is to be said of its elements."""
    from obsy.engine.schedule.conditions import body
    from obsy.engine.sky.body import Fixed, TheSun

    if said.strip().lower() == "sun":
        return "Sun", TheSun(), None
    if lines := re.fullmatch(r"([12] .{67})\s+([12] .{67})", said):
        from obsy.engine.declare.known import old_lines
        from obsy.schemas.target import Satellite

        satellite = _read(Satellite, {"tle": lines.groups()}, said)
        return f"satellite {lines[1][2:7].strip()}", satellite, old_lines(satellite, day)
    if "," in said:
        from obsy.schemas.target import Position

        ra, _, dec = said.partition(",")
        place = _read(Position, {"ra": ra.strip(), "dec": dec.strip()}, said)
        return said, Fixed(place.ra, place.dec), None
    if (found := known_by(said, declared)) is not None:
        return found.name, body(found.target), found.warning(day)
    return _of_plan(said, day)


def _of_plan(said: str, day: date) -> tuple[str, "Body", str | None]:
    """Return the same of a plan's target. Raise UserError if no plan bears that name."""
    from obsy.engine.declare.known import old_lines
    from obsy.engine.declare.names import resolve
    from obsy.engine.schedule.conditions import body
    from obsy.schemas.target import Satellite

    plan = plan_called(said)
    target = None if plan is None else resolve(plan)
    if target is None:
        raise UserError(unknown(said))
    return f"plan '{said}'", body(target), old_lines(target, day) if isinstance(target, Satellite) else None


def _read(shape: Any, value: object, said: str) -> Any:
    """Return a value as a document would have it. Raise UserError with its cure."""
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(shape).validate_python(value)
    except ValidationError as fault:
        told = fault.errors()[0].get("ctx", {})
        raise UserError(f"'{said}': expected {told.get('expected', 'less')}; {told.get('mend', '')}") from None


def _where(declared: "Declared", said: str | None) -> tuple[Site, "Horizon | None"]:
    """Return the site that is meant, and its measured horizon; from one file, if that is what was said."""
    if said is not None and Path(said).is_file():
        found = _documents(Path(said))
        sites = [each for each in found if isinstance(each, Site)]
        if len(sites) != 1:
            raise UserError(f"{said} holds {len(sites)} sites; name a file with one document of 'kind: site'")
        site = sites[0]
    else:
        found = [entry.document for entry in declared.entries]
        chosen = site_of(declared, said)
        if chosen is None:
            raise UserError("there is no observatory here: say where you stand, '--site site.yaml'")
        site = chosen
    horizons = (each for each in found if each.kind == "horizon" and each.name == site.horizon)
    return site, cast("Horizon | None", next(horizons, None))


def _documents(path: Path) -> "list[Document]":
    """Return what a file declares. Raise UnfitFiles with every complaint about it."""
    from obsy.engine.declare.check import check
    from obsy.engine.declare.read import Reader

    reader = Reader(path.absolute().parent)
    checked = [check(each, reader.silent) for each in reader.read([path])]
    told = [*reader.complaints, *(said for each in checked if isinstance(each, list) for said in each)]
    if told:
        raise UnfitFiles(sorted(set(told)))
    return [each for each in checked if not isinstance(each, list)]


def _limits(above_deg: float | None, measured: "Horizon | None") -> "list[Limit]":
    """Return what the windows keep beside the dark."""
    from obsy.engine.schedule.conditions import FLAT, skyline_of
    from obsy.schemas.constraints.altitude import Altitude

    above = [] if above_deg is None else [Altitude.model_construct(above=above_deg, below=None)]
    hidden = [FLAT if measured is None else skyline_of(measured)]
    return [*above, *(hidden if measured or not above else [])]
