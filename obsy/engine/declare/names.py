"""Names people write in plans, resolved without a network: deep-sky objects, stars and their planets, moving bodies."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from math import atan2, cos, degrees, hypot, radians, sin, tan

from obsy.engine.declare.catalogue import SOURCES, TABLES, CatalogueObject, find, hits, lines, rows
from obsy.engine.declare.motion import at_j2000
from obsy.engine.declare.orbits import BODIES, MOONS, body, named, orbit
from obsy.engine.declare.spelling import fold, key
from obsy.engine.declare.target import Ephemeris, FixedTarget, Target
from obsy.schemas import target as schema
from obsy.schemas.plan import Plan
from obsy.schemas.recurring import Recurring
from obsy.schemas.target import Beside, NamedTarget, Position

MOST_GUESSES = 3
_QUOTES, _DIGITS = str.maketrans("", "", "“”„«»\"'"), str.maketrans("oli", "011")
"""Signs round a name, and letters that look like digits."""
SATELLITES = ("iss", "zarya", "tiangong", "css", "hst", "hubblespacetelescope")
"""Keys of those that people point at; none has a place of its own."""
SHORT = 16
"""A key is likened letter by letter up to so many."""


@cache
def lookup(name: str) -> CatalogueObject | None:
    """Return the fixed object of that name, or None if obsy does not know it."""
    return next(hits(name), None)


def planets(host: str) -> dict[str, Ephemeris]:
    """Return the transiting planets of a star by letter, as far as their ephemerides are good enough."""
    return _planets().get(key(host), {})


def resolve(plan: Plan) -> Target | None:
    """Return the plan's target; None if it is a name that obsy does not know."""
    return meant(plan.target)


def called(plan: Plan) -> str:
    """Return what a plan's target is called: as the plan says it, or the plan's own name where it says a place."""
    said = plan.target
    if isinstance(said, NamedTarget):
        return said.name
    return (isinstance(said, Recurring) and said.called) or plan.name


def meant(target: schema.Target) -> Target | None:
    """Return what is declared as a target in numbers that the sky can follow; None if it is an unknown name."""
    match target:
        case NamedTarget(name=name) as star:
            found = known(name)
            return found._replace(events={**found.events, **_events(star)}) if isinstance(found, FixedTarget) else found
        case Position() as place:
            return at_j2000(place)._replace(events=_events(place))
        case Beside(of=of, east=east, north=north):
            middle = known(of)
            if not isinstance(middle, FixedTarget):
                return None
            return FixedTarget(*beside(middle, east, north), motion_mas=middle.motion_mas)
        case elements:
            return elements


def beside(place: FixedTarget, east_deg: float, north_deg: float) -> tuple[float, float]:
    """Right ascension and declination, degrees, of a place beside another, on the plane that touches the sky there.

    Source: the inverse gnomonic projection, Calabretta & Greisen, A&A 395, 1077 (2002), section 5.1.3.
    """
    east, north, dec = tan(radians(east_deg)), tan(radians(north_deg)), radians(place.dec_deg)
    up = cos(dec) - north * sin(dec)
    turned = atan2(sin(dec) + north * cos(dec), hypot(east, up))
    return (place.ra_deg + degrees(atan2(east, up))) % 360.0, degrees(turned)


def _events(target: Recurring) -> dict[str, Ephemeris]:
    return {
        name: Ephemeris(
            each.epoch.jd, each.period, each.duration, each.epoch.scale, each.epoch_error, each.period_error
        )
        for name, each in target.recurring().items()
    }


@cache
def known(name: str) -> Target | None:
    """Return what obsy knows by that name; None if nothing.

    The first that there is of: a planet or a moon's planet, a place, the elements of an asteroid or a comet.
    """
    if planet := body(name):
        return planet
    if found := lookup(name):
        events = planets(name) if found.kind == "star" else {}
        return FixedTarget(found.ra_deg, found.dec_deg, events, found.motion_mas)
    orbiting = orbit(name)
    return orbiting.elements if orbiting else None


def cure(name: str, otherwise: str) -> str:
    """Return what to do about a name that obsy does not know; `otherwise` where none is spelt like it."""
    if key(name) in SATELLITES:
        return "a satellite goes by its elements of today: write 'target: {tle: [first line, second line]}'"
    if key(name) == "sun":
        return "choose another: obsy points at no Sun"
    alike = " or ".join(f"'{each}'" for each in near(name))
    return f"did you mean {alike}?" if alike else otherwise


def near(name: str) -> tuple[str, ...]:
    """Return at most three names spelt much like this one, the likeliest first, one for each object.

    Those that differ by signs alone are all; else those come first that differ by one letter, then words that look
    alike. Another number is another object.
    """
    from difflib import SequenceMatcher, get_close_matches  # noqa: PLC0415 - only a misspelt name needs it

    sought = key(name.translate(_QUOTES))
    number = re.fullmatch(r"([a-z]+?)((?=.*\d)[\doli]+)", sought)
    meant = [sought, *([number[1] + number[2].translate(_DIGITS)] if number else [])]
    exact = [each for each in meant if _spelt(each)[0]]
    has_word = len(sought) <= SHORT and not re.fullmatch(r"[a-z]?\d*", sought)
    likened = sorted(
        (each for each in set(_edited(sought)) if _spelt(each)[0]) if has_word and not exact else (),
        key=lambda each: (-SequenceMatcher(None, sought, each).ratio(), each),
    )
    spelt: dict[str, str] = {}
    for match in exact or (*likened, *get_close_matches(sought, _words(), n=2 * MOST_GUESSES, cutoff=0.7)):
        said, thing = _spelt(match)
        if exact or _numbers(match) == _numbers(sought):
            spelt.setdefault(thing, said)
    return tuple(spelt.values())[:MOST_GUESSES]


def beginning(said: str, most: int = 50) -> list[str]:
    """Return at most so many names that begin like this one, one spelling for each key; variable stars are left out."""
    keys, sought = _sorted(), key(said)
    first = bisect_left(keys, sought)
    found = (each for each in keys[first : first + most] if each.startswith(sought))
    return [_spellings()[each][0] for each in found]


def _numbers(sought: str) -> list[str]:
    return re.findall(r"\d+", sought)


@cache
def _sorted() -> list[str]:
    return sorted(_spellings())


def _edited(sought: str) -> Iterator[str]:
    """Yield every key that differs by one letter or digit, or by two that are exchanged."""
    parts = [(sought[:at], sought[at:]) for at in range(len(sought) + 1)]
    for before, after in parts:
        yield before + after[1:]
        yield before + after[1:2] + after[:1] + after[2:]
        for letter in "abcdefghijklmnopqrstuvwxyz0123456789":
            yield before + letter + after[1:]
            yield before + letter + after


def _spelt(sought: str) -> tuple[str, str]:
    """Return how a key is spelt, and a mark of the object that it means; nothing if it means none."""
    line = None if sought in _spellings() else find(sought, "variables")
    return (line.partition(",")[0], sought) if line else _spellings().get(sought, ("", ""))


@cache
def _words() -> list[str]:
    """Return the keys that have no digit."""
    return [each for each in _spellings() if not any(sign.isdigit() for sign in each)]


@cache
def _spellings() -> dict[str, tuple[str, str]]:
    """Return how each key is spelt, and a mark of the object that it means; variable stars are too many for this."""
    found = {name: (name.title(), name) for name in (*BODIES, *MOONS)}
    for line in (line for source in SOURCES if source != "variables" for line in lines(source)):
        said, _, master = line.partition("=") if "=" in line else (line.partition(",")[0], "", "")
        found.setdefault(fold(said), (said, fold(master or said)))
    return named() | found


@cache
def _planets() -> dict[str, dict[str, Ephemeris]]:
    found: dict[str, dict[str, Ephemeris]] = {}
    for row in sorted(rows(TABLES / "planets.csv"), key=lambda row: row[1]):
        epoch, epoch_error, period, period_error, duration = map(float, row[4:9])
        ephemeris = Ephemeris(epoch, period, duration, "BJD_TDB", epoch_error, period_error)
        found.setdefault(key(row[0]), {})[row[1]] = ephemeris
    return found
