"""Everything that the store and its frames say otherwise than what is declared."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from obsy.diagnostics import Mark
from obsy.engine.declare.declared import Declared
from obsy.engine.declare.observatory import Observatory
from obsy.engine.disk import within
from obsy.engine.drift import headers, settings
from obsy.engine.drift.finding import Drift
from obsy.engine.frames.cards import Cards
from obsy.engine.frames.fits import glance
from obsy.engine.schedule.claims import Claims
from obsy.engine.schedule.forgotten import forgotten
from obsy.engine.store.record import ACCEPTED, TakenAlike
from obsy.engine.store.store import Store
from obsy.schemas.mount import Mount
from obsy.schemas.site import Site
from obsy.schemas.train import Train

MOST = 40
"""Lights of a train's newest night whose calibrated frames are read."""


def drift(observatory: Observatory, declared: Declared, store: Store) -> list[Drift]:
    """Return what is not in step, by place.

    declared: the documents of the observatory, with their places.
    """
    own = {each.name: each.mount.name for each in observatory.instruments}
    trains = [entry for entry in declared.of(Train) if entry.document.name in own]
    site = next(entry for entry in declared.of(Site) if entry.document.name == observatory.site.name)
    taken, found = store.taken(), [*_orphans(observatory, store)]
    found += settings.strangers(taken, declared.of(Train))
    for entry in trains:
        recent = settings.newest(taken, entry.document.name)
        found += settings.settings(entry, recent)
        found += headers.scale(entry, _solved(store, recent))
        for mount in declared.of(Mount):
            found += settings.limits(mount, recent if mount.document.name == own[entry.document.name] else ())
        if recent and (cards := _cards(store.folder / recent[-1].path)):
            found += headers.optics(entry, cards, recent[-1].path)
            found += headers.place(site, cards, recent[-1].path)
    return sorted(found)


def _orphans(observatory: Observatory, store: Store) -> Iterator[Drift]:
    """Yield the accepted lights that no plan claims: those that one might, and those of plans that are not there."""
    claims = Claims.of(observatory)
    accepted = [(light, sum(1 for each in alike if each[ACCEPTED])) for light, alike in store.lights()]
    told = list(forgotten(claims, accepted, observatory.all_plans))
    for each in told:
        words = f"{each.frames} accepted lights {each.why}"
        yield Drift(observatory.mark("plan", each.heir), "orphan", words, "", each.cure)
    known = {line.plan for line in claims.lines} | {old for line in claims.lines for old, _ in line.formerly}
    lost: Counter[str] = Counter()
    for light, frames in accepted if observatory.all_plans else ():
        lost[light.plan or ""] += frames
    for plan, frames in lost.items():
        if frames and plan not in known and not any(each.why.endswith(f"of '{plan}'") for each in told):
            words = f"{frames} accepted lights were taken for '{plan}', which is no plan here"
            cure = f"take the plan back from git ('git log -- plans/'), or write 'formerly: {plan}' in another"
            yield Drift(Mark(str(observatory.root / "plans")), "orphan", words, "", cure)


def _solved(store: Store, recent: list[TakenAlike]) -> list[headers.SolvedScale]:
    """Return the scales of a train's newest lights, those that were refused for their scale too."""
    if not recent:
        return []
    train, night = recent[0].train, date.fromisoformat(recent[0].night)
    lights = [each for each in store.frames(night=night, kind="light") if each.train == train]
    made = [each for light in lights[-MOST:] for each in store.products_of(light.sha256)]
    files = [(each.path, _short(each.path, store)) for each in made if each.kind == "calibrated"]
    read = [headers.solved(cards, name) for path, name in files if (cards := _cards(path))]
    read += [headers.refused(each.reason, _short(each.path, store)) for each in lights]
    return [each for each in read if each is not None]


def _cards(path: Path) -> Cards | None:
    """Return the cards of a frame; None if it cannot be read."""
    try:
        return glance(path)
    except OSError:
        return None


def _short(path: Path, store: Store) -> str:
    return within(path, store.folder).as_posix()
