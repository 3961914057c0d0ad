"""All that the tables have by a name, as `obsy target` tells it."""

from dataclasses import dataclass
from datetime import date

from obsy.engine.declare.catalogue import SOURCES, CatalogueObject, Variability, aliases, hits
from obsy.engine.declare.declared import Declared
from obsy.engine.declare.names import known, meant, planets
from obsy.engine.declare.orbits import BODIES, MOONS, TLE_DAYS, OrbitingBody, old, orbit
from obsy.engine.declare.orbits import SOURCES as ORBITS
from obsy.engine.declare.own_names import own_names
from obsy.engine.declare.spelling import key
from obsy.engine.declare.target import FixedTarget, Target
from obsy.engine.separation import separation_deg
from obsy.schemas.catalogue import CatalogueEntry
from obsy.schemas.target import Satellite


@dataclass(frozen=True)
class Known:
    """What obsy knows by a name."""

    name: str
    kind: str
    source: str
    """Which catalogue says so, in words."""
    target: Target
    fixed: CatalogueObject | None = None
    orbiting: OrbitingBody | None = None
    moon_within_arcmin: float | None = None
    """Of a planet's moon: it is never farther from the planet than that."""
    aliases: tuple[str, ...] = ()
    varies: Variability | None = None
    homonyms: tuple[CatalogueObject, ...] = ()
    """What else bears the name, and stands elsewhere."""
    planets: tuple[str, ...] = ()
    is_own: bool = False
    """Whether the observatory's own catalogue says so."""

    def warning(self, today: date) -> str | None:
        """Return what is to be said of elements that are old; None if they are not."""
        if isinstance(self.target, Satellite):
            return old_lines(self.target, today)
        if self.orbiting is None:
            return None
        days = abs((today - date.fromisoformat(self.orbiting.epoch)).days)
        return old(self.orbiting.epoch, days, self.orbiting.elements)


def old_lines(satellite: Satellite, today: date) -> str | None:
    """Return what is to be said of the lines of a satellite that are far from a day; None if they are near it."""
    days = (today - satellite.epoch).days
    if abs(days) <= TLE_DAYS:
        return None
    apart = f"{days} days before" if days > 0 else f"{-days} days after"
    return f"its two lines hold on {satellite.epoch}, {apart} that night: it may pass minutes early or late, or be down"


def find(name: str) -> Known | None:
    """Return what obsy knows by a name; None if nothing."""
    target, said = known(name), name.strip().lower()
    if target is None:
        return None
    if said in BODIES or said in MOONS:
        planet, within = MOONS.get(said, (said, None))
        kind = "planet" if within is None else f"moon of {planet.title()}"
        return Known(said.title(), "moon" if said == "moon" else kind, "JPL's DE440", target, moon_within_arcmin=within)
    found = list(hits(name))
    if found:
        return _fixed(name, found, target)
    orbiting = orbit(name)
    if orbiting is None:
        return None
    kind = "asteroid" if orbiting.source == "asteroids" else "comet"
    return Known(orbiting.name, kind, ORBITS[orbiting.source], target, orbiting=orbiting)


def known_by(said: str, here: Declared) -> Known | None:
    """Return what bears a name, in the observatory's own catalogues or in obsy's tables; None if nothing does."""
    entry = own_names(here).get(key(said))
    return declared(said, entry) if entry else find(said)


def declared(name: str, entry: CatalogueEntry) -> Known | None:
    """Return what an observatory's own catalogue says of a name; None if that is a name nobody knows."""
    target = meant(entry.target)
    fixed = CatalogueObject(name, target.ra_deg, target.dec_deg, "place") if isinstance(target, FixedTarget) else None
    kind = "place" if fixed else type(target).__name__.lower()
    return None if target is None else Known(name, kind, entry.source, target, fixed=fixed, is_own=True)


def _fixed(name: str, found: list[CatalogueObject], target: Target) -> Known:
    first, *others = found
    names = [first.name, *(aliases(first) if first.source == "stars" else [])]
    varying = (each for said in names for each in hits(said) if each.varies and _is_near(first, each))
    return Known(
        first.name,
        first.kind,
        SOURCES[first.source],
        target,
        fixed=first,
        aliases=tuple(aliases(first)),
        varies=next((each.varies for each in varying), None),
        homonyms=tuple(each for each in others if not _is_near(first, each)),
        planets=tuple(planets(name)),
    )


def _is_near(one: CatalogueObject, other: CatalogueObject) -> bool:
    """Return whether two places are one: within an arcminute."""
    return separation_deg((one.ra_deg, one.dec_deg), (other.ra_deg, other.dec_deg)) * 60 < 1
