"""The planets that an observatory declares itself, in its catalogues and its plans, and which one a name means."""

from collections.abc import Iterator
from typing import NamedTuple

from obsy.engine.declare.declared import Declared
from obsy.engine.declare.known import Known, known_by
from obsy.engine.declare.names import called, lookup, meant, resolve
from obsy.engine.declare.spelling import key
from obsy.engine.declare.star_names import planet_name, star_and_letter, table_star
from obsy.engine.declare.target import FixedTarget
from obsy.schemas.catalogue import Catalogue
from obsy.schemas.plan import Plan
from obsy.schemas.recurring import Recurring
from obsy.schemas.target import Position


class DeclaredPlanet(NamedTuple):
    """A planet of a star that somebody declares."""

    host: str
    letter: str
    target: FixedTarget
    mag: float | None = None
    """Of its star in V, by obsy's tables."""
    is_place: bool = False
    """Whether a plan must write its place, for no name leads to it."""

    @property
    def name(self) -> str:
        """Return what it is called: its star, a blank, its letter."""
        return f"{self.host} {self.letter}"


def declared_planets(declared: Declared) -> Iterator[DeclaredPlanet]:
    """Yield them, those of catalogues before those of plans, as they are read: the first of a name counts."""
    for catalogue in (each.document for each in declared.of(Catalogue)):
        for name, each in catalogue.targets.items():
            target, star = meant(each.target), lookup(name)
            if isinstance(each.target, Recurring) and isinstance(target, FixedTarget):
                mag = star.mag if star and star.kind == "star" else None
                yield from (DeclaredPlanet(name, letter, target, mag) for letter in each.target.planets)
    for plan in (each.document for each in declared.of(Plan)):
        yield from planets_of_plan(plan)


def planets_of_plan(plan: Plan) -> Iterator[DeclaredPlanet]:
    """Yield the planets that a plan's target declares."""
    target = resolve(plan)
    if isinstance(plan.target, Recurring) and plan.target.planets and isinstance(target, FixedTarget):
        star, is_place = table_star(plan), isinstance(plan.target, Position) and called(plan) == plan.name
        for letter in plan.target.planets:
            host = planet_name(plan, letter).removesuffix(f" {letter}")
            yield DeclaredPlanet(host, letter, target, star and star.mag, is_place)


def planets_meant(said: str, declared: Declared) -> tuple[Known | None, list[DeclaredPlanet], str]:
    """Return what bears the name of a star or its planet, the star's planets, and the letter that was said or ''.

    What the observatory declares comes before obsy's tables. Nothing known and no planets: nobody knows the name.
    """
    star, letter = star_and_letter(said.strip())
    own = list(declared_planets(declared))
    for host, of_it in ((star, letter), (said.strip(), "")):
        known = known_by(host, declared)
        found = {each.letter: each for each in reversed(own) if key(each.host) == key(host)}
        if known is not None and isinstance(known.target, FixedTarget):
            for one in (one for one in known.target.events if len(one) == 1):
                found.setdefault(one, DeclaredPlanet(known.name, one, known.target))
        if known is not None or found:
            return known, [found[each] for each in sorted(found)], of_it
    return None, [], ""
