"""What obsy knows by a name, where from, and how it stands tonight."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime
from math import inf
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from obsy.cli.chart import DrawnFile, check, draw
from obsy.cli.locate import as_night, at_site
from obsy.cli.named import here, site_of, unknown
from obsy.engine.choice.disc_goal import PIPELINE, disc_goal
from obsy.engine.declare.catalogue import CatalogueObject, Variability
from obsy.engine.declare.instrument import in_use, standing
from obsy.engine.declare.known import Known, known_by
from obsy.engine.declare.known import declared as of_entry
from obsy.errors import UserError
from obsy.moments import night_of
from obsy.schemas.horizon import Horizon
from obsy.schemas.model import plain_name
from obsy.schemas.site import Site
from obsy.schemas.target import Asteroid, Comet, OverGround, Planet, Satellite
from obsy.units import duration

if TYPE_CHECKING:
    from obsy.engine.declare.declared import Declared
    from obsy.engine.schedule.appearance import Appearance

MOST_ALIASES = 12
ABOVE_DEG = 30.0
"""Above it a season is worth its nights, as in the plan that is shown to begin with."""
HORIZON_DEG = -34 / 60
MOON_S = 1.0
"""Of a moon beside its planet, which is fainter."""
OF_MAGNITUDE_0_S = 0.0004
"""In so long a star of V = 0 fills half a pixel behind 200 mm, at an arcsecond a pixel."""


@click.command()
@click.argument("name", nargs=-1, required=True)
@at_site
@click.option("--night", metavar="DATE", help="Which night, by its evening's date; tonight, if not said.")
@click.option("--online", is_flag=True, help="Ask JPL or SIMBAD, and keep the answer in library/looked-up.yaml.")
@click.option("--season", type=DrawnFile(), help="Draw the hours of a year to FILE.svg, or in plain text to '-'.")
@click.option("--json", "as_json", is_flag=True, help="Print it for a machine.")
def target(  # noqa: PLR0913, PLR0917  one argument an option
    name: tuple[str, ...], site: str | None, night: str | None, online: bool, season: str | None, as_json: bool
) -> None:
    """Show what obsy knows of the target NAME: where it is, what it is, who says so, and how it stands tonight.

    No network is asked, unless `--online` says so: then JPL's Small-Body Database is asked for what looks like an
    asteroid or a comet, and SIMBAD for all else. Exits 1 if nothing bears the name.
    """
    check(season, as_json)
    said = " ".join(name)
    declared = here()
    found = _asked(said, declared) if online else known_by(said, declared)
    if found is None:
        raise UserError(unknown(said))
    where = site_of(declared, site)
    seen = _appearance(found, where, as_night(night) if night else None) if where else None
    if as_json:
        click.echo(json.dumps(_shape(said, found, seen, declared), indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(_page(said, found, seen, where, declared)))
    if season is not None:
        _draw_season(found, where, as_night(night) if night else None, season, declared)


def _draw_season(found: Known, site: Site | None, day: date | None, chart: str, here: "Declared") -> None:
    """Draw the year from a night on."""
    from obsy.engine.report.season import Clear, season, svg, text
    from obsy.engine.schedule.conditions import body, skyline_of
    from obsy.engine.sky.body import Fixed
    from obsy.engine.sky.orbit import Orbit

    if site is None:
        raise UserError("a season is that of a place: run it from within an observatory")
    followed = body(found.target)
    if not isinstance(followed, Fixed | Orbit | Planet):
        raise UserError(f"{found.name} has no season: it crosses the sky every few hours")
    first = day or night_of(datetime.now(UTC), site.longitude)
    measured = (each.document for each in here.of(Horizon) if each.document.name == site.horizon)
    clear = Clear(ABOVE_DEG, next(map(skyline_of, measured), None))
    nights = season(followed, site.location, clear, first)
    draw(chart, lambda: svg(found.name, nights, clear, site.name), lambda: text(nights, clear))


def _asked(said: str, here: "Declared") -> Known | None:
    """Ask the network, and keep what it answers where there is an observatory."""
    from obsy.engine.declare.online import ask, keep

    entry = ask(said, datetime.now(UTC).date())
    if entry is not None and here.of(Site):
        click.echo(f"Kept in {keep(here, said, entry)}: commit it, and plans may name it.", err=True)
    return of_entry(said, entry) if entry else None


def _appearance(found: Known, site: Site, day: date | None) -> "Appearance | None":
    if isinstance(found.target, OverGround | Satellite):
        return None
    from obsy.engine.schedule.appearance import appearance

    return appearance(found.target, site, day or night_of(datetime.now(UTC), site.longitude))


def _page(said: str, found: Known, seen: "Appearance | None", site: Site | None, here: "Declared") -> Iterator[str]:
    yield f"{found.name}: {found.kind}{_brightness(found)}, from {found.source}"
    yield from (f"    {line}" for line in _facts(found))
    if seen is not None and site is not None:
        yield from (f"    {line}" for line in _tonight(seen, site))
    elif site is None:
        yield "    There is no observatory here: from below its folder this tells how it stands tonight."
    if warning := found.warning(seen.night if seen else datetime.now(UTC).date()):
        yield f"    take care: {warning}; 'obsy target {said} --online' asks for newer ones"
    yield ""
    yield _plan(said, found, here)


def _brightness(found: Known) -> str:
    if found.fixed and found.fixed.mag is not None:
        return f" of magnitude {found.fixed.mag:g}"
    return f", absolute magnitude {found.orbiting.magnitude[0]:g}" if found.orbiting else ""


def _facts(found: Known) -> Iterator[str]:
    if found.fixed:
        yield from _place(found.fixed)
    if found.aliases:
        more = len(found.aliases) - MOST_ALIASES
        yield "also " + ", ".join(found.aliases[:MOST_ALIASES]) + (f" and {more} more names" if more > 0 else "")
    if found.varies:
        yield _varies(found.varies)
    if found.planets:
        yield f"transiting planets: {', '.join(found.planets)}"
    if found.orbiting:
        yield f"elements of {found.orbiting.epoch} TT"
    if found.moon_within_arcmin is not None:
        yield f"never farther than {found.moon_within_arcmin:g} arcmin from its planet, which is pointed at"
    for other in found.homonyms:
        yield f"not to be taken for {other.name}, {other.kind}, at {other.ra_deg:.3f} deg {other.dec_deg:+.3f} deg"


def _place(thing: CatalogueObject) -> Iterator[str]:
    yield f"{_right_ascension(thing.ra_deg, 2)} {_declination(thing.dec_deg, 1)} (ICRS, J2000.0)"
    if thing.major_arcmin:
        yield f"{thing.major_arcmin:g}{f' x {thing.minor_arcmin:g}' if thing.minor_arcmin else ''} arcmin"
    if thing.motion_mas:
        east, north, parallax = (each / 1000 for each in thing.motion_mas)
        yield f"moves {east:+.2f} arcsec/y to the east and {north:+.2f} to the north; parallax {parallax:.2f} arcsec"


def _varies(varies: Variability) -> str:
    bounds = " to ".join(f"{each:g}" for each in (varies.brightest_mag, varies.faintest_mag) if each is not None)
    since = f" from JD {varies.epoch_jd:.4f}" if varies.epoch_jd else ""
    period = f", every {varies.period_d:.7g} d{since}" if varies.period_d else ""
    return f"varies: {varies.type or 'type unknown'}, {bounds}{period} (GCVS)"


def _tonight(seen: "Appearance", site: Site) -> Iterator[str]:
    zone = ZoneInfo(site.timezone)

    def clock(when: datetime | None) -> str:
        return f"{when.astimezone(zone):%H:%M}" if when else "-"

    yield f"on {seen.night} at {site.name} ({site.timezone}): {_course(seen, clock)}"
    if seen.best_deg is None:
        yield "there is no dark that night"
    else:
        high = f"highest {seen.best_deg:.0f} deg at {clock(seen.best)}, {seen.moon_deg:.0f} deg from the Moon"
        yield f"in the dark ({clock(seen.dusk)} to {clock(seen.dawn)}) {high if seen.best_deg > 0 else 'never up'}"
    yield f"then at {_right_ascension(seen.ra_deg, 1)} {_declination(seen.dec_deg, 0)}"


def _course(seen: "Appearance", clock: Callable[[datetime | None], str]) -> str:
    if seen.highest_deg <= HORIZON_DEG:
        return "it does not rise"
    times = f"rises {clock(seen.rise)}, sets {clock(seen.set)}" if seen.rise or seen.set else "it does not set"
    return f"{times}, transits {clock(seen.transit)} at {seen.highest_deg:.0f} deg"


def _right_ascension(ra_deg: float, digits: int) -> str:
    """Return it as a plan may write it: 05h28m59.50s."""
    from astropy.coordinates import Angle

    return str(Angle(ra_deg, "deg").to_string("hourangle", precision=digits, pad=True))


def _declination(dec_deg: float, digits: int) -> str:
    """Return it as a plan may write it: -03d33m52.9s."""
    from astropy.coordinates import Angle

    return str(Angle(dec_deg, "deg").to_string("deg", precision=digits, pad=True, alwayssign=True))


LIKELY = {"L": ("L", "OSC", "C", "R"), "V": ("V", "G", "OSC", "C", "L"), "R": ("R", "Rc", "L", "C", "OSC")}
"""For the filter that one would take, what will do."""


def _filter(wanted: str, here: "Declared") -> str:
    """Return the filter of a train here that will do best; the wanted one where there is no train."""
    roles = [role for train in in_use(here) for role in train.document.roles]
    return next((role for role in (*LIKELY[wanted], *roles) if role in roles), wanted)


def _plan(said: str, found: Known, here: "Declared") -> str:
    """Return a plan to begin with."""
    name = plain_name(said) or "my-target"
    stellar, moves = found.kind in {"star", "quasar"}, isinstance(found.target, Asteroid | Comet)
    wanted, amount = "L", "exposure: 180 s, total: 2 h"
    if stellar or found.planets:
        wanted, amount = "V", f"exposure: {_unsaturated(said)}, count: 10, every: 1 d"
    if moves:
        wanted, amount = "R", "exposure: 60 s, count: 8, every: 1 d"
    role, pipeline = _filter(wanted, here), "photometry" if stellar or moves else "deep-sky"
    if isinstance(found.target, Planet):
        train = next((each.train.document for each in standing(here)), None)
        role, exposure_s, count = disc_goal(found.target.body, train)
        is_disc = found.moon_within_arcmin is None
        pipeline, amount = PIPELINE, f"exposure: {duration(exposure_s if is_disc else MOON_S)}, count: {count}"
    want = f"{{filter: {role}, {amount}}}"
    lines = ["kind: plan", f"name: {name}", f"target: {_quoted(said)}", f"want: [{want}]"]
    return "\n".join([*lines, "when: {altitude: above 30 deg}", f"pipeline: {pipeline}"])


def _unsaturated(said: str) -> str:
    """Return an exposure in which a star of that name, if it is one, fills no pixel of a usual telescope."""
    from obsy.engine.declare.sense.brightness import star

    found = star(said)
    longest_s = inf if found is None else OF_MAGNITUDE_0_S * 10 ** (0.4 * found[1])
    return duration(min(60.0, float(f"{longest_s:.1g}")))


def _quoted(said: str) -> str:
    """Return a name as YAML reads it."""
    return json.dumps(said) if re.search(r"[:#{}\[\],&*!|>'\"%@`]|^[-?]|^\d+$", said) else said


def _shape(said: str, found: Known, seen: "Appearance | None", here: "Declared") -> dict[str, Any]:
    elements = found.target.said() if isinstance(found.target, Asteroid | Comet) else None
    return {
        "name": found.name,
        "kind": found.kind,
        "source": found.source,
        "is_own": found.is_own,
        "place": found.fixed._asdict() | {"varies": None} if found.fixed else None,
        "elements": elements,
        "epoch": found.orbiting.epoch if found.orbiting else None,
        "aliases": list(found.aliases),
        "varies": found.varies._asdict() if found.varies else None,
        "planets": list(found.planets),
        "homonyms": [{"name": each.name, "ra_deg": each.ra_deg, "dec_deg": each.dec_deg} for each in found.homonyms],
        "warning": found.warning(seen.night if seen else datetime.now(UTC).date()),
        "appearance": {key: _plain(value) for key, value in asdict(seen).items()} if seen else None,
        "plan": _plan(said, found, here),
    }


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
