"""What may be chosen from: a catalogue that comes with obsy, or a file that can be imported."""

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from obsy.engine.choice.pointing import planned, wished
from obsy.engine.choice.sights import Sight, seen, sights
from obsy.engine.declare.names import lookup
from obsy.engine.declare.orbits import orbit
from obsy.engine.declare.survey import survey
from obsy.engine.declare.target import FixedTarget
from obsy.engine.importing.formats import reader_of
from obsy.engine.importing.given import given
from obsy.engine.importing.placing import all_told
from obsy.engine.importing.wish import Leftover, Wish
from obsy.engine.importing.writing import FAR_DEG
from obsy.engine.separation import separation_deg
from obsy.errors import UserError
from obsy.schemas.target import Asteroid, Comet, Planet

SHOWN = 10


class Offer(NamedTuple):
    """What a catalogue or a file offers."""

    sights: list[Sight]
    left: list[str]
    """What else a file names, with its line, and why it is not offered."""


def offer(catalogue: str, root: Path) -> Offer:
    """Return what a catalogue, or a file, offers to the observatory at `root`.

    Raise UserError if there is none of that name, or nothing in it.
    """
    path = Path(catalogue)
    if not path.exists():
        return Offer(sights(catalogue), [])
    source = given(path)
    if source.refused:
        raise UserError(source.refused)
    wishes = list(all_told(reader_of(source, None), source))
    plans = {each.name: each.line for each in wishes if isinstance(each, Wish) and each.written}
    here = survey(root, drafts=[path] if plans else ())
    found: list[Sight] = []
    left = [(each.line, f"{each.found}: {each.mend}") for each in wishes if isinstance(each, Leftover) and each.mend]
    for line, name, target in (*wished(wishes, here), *planned(plans, here, path)):
        if isinstance(target, FixedTarget):
            found.append(_sight(name, target))
        elif isinstance(target, Asteroid | Comet):
            known = orbit(name)
            own = known.magnitude if known is not None and known.elements == target else None
            kind = type(target).__name__.lower()
            found.append(Sight(name, 0.0, 0.0, kind, elements=target, absolute=own))
        elif isinstance(target, Planet) and target.body != "moon":
            found.append(Sight(name, 0.0, 0.0, "planet", body=target.body))
        else:
            why = "obsy knows nothing by that name" if target is None else "it moves too fast among the stars"
            left.append((line, f"'{name}': {why}"))
    offered = Offer(found, [f"line {line}: {said}" for line, said in sorted(left)])
    if not found:
        raise UserError("; ".join([f"'{catalogue}' names no target that can be offered", *few(offered)]))
    return offered


def few(offer: Offer) -> list[str]:
    """Return the first of what is not offered, and how much more there is."""
    more = len(offer.left) - SHOWN
    return offer.left[:SHOWN] + ([f"and {more} more"] if more > 0 else [])


def _sight(name: str, place: FixedTarget) -> Sight:
    """Return a place with what the tables say of its name, unless that is elsewhere."""
    found = lookup(name)
    if found and separation_deg((found.ra_deg, found.dec_deg), (place.ra_deg, place.dec_deg)) <= FAR_DEG:
        return replace(seen(found, name), ra_deg=place.ra_deg, dec_deg=place.dec_deg, also="")
    return Sight(name, place.ra_deg, place.dec_deg)
