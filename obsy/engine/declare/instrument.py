"""What a block is placed on: a train with the mount, enclosure and site it stands on, and its calibration."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeVar

from obsy.engine.declare.declared import Declared, Entry
from obsy.schemas.calibration import Calibration
from obsy.schemas.enclosure import Enclosure
from obsy.schemas.model import Document
from obsy.schemas.mount import Mount
from obsy.schemas.plan import Plan
from obsy.schemas.site import Site
from obsy.schemas.train import Train
from obsy.schemas.weather import Weather

Kind = TypeVar("Kind", bound=Document)


@dataclass(frozen=True, repr=False)
class Instrument:
    """One train and all that it stands on; the only thing that scheduling, devices and reduction are handed."""

    train: Train
    mount: Mount
    enclosure: Enclosure
    site: Site
    calibration: Calibration

    @property
    def name(self) -> str:
        """Return the train's name."""
        return self.train.name

    def was_in_use_on(self, night: date) -> bool:
        """Return whether it was in use on a night that is over: the night of its day is the first without it."""
        return self.train.retired is None or night < self.train.retired


class Standing(NamedTuple):
    """A train where it stands, before it is known whether anything calibrates it."""

    train: Entry[Train]
    mount: Mount
    enclosure: Enclosure
    site: Site


def chosen(name: str | None, among: Iterable[Kind]) -> Kind | None:
    """Return the document of that name; unsaid, the only one there is. None where that leaves a choice, or nothing."""
    found = [each for each in among if name in (None, each.name)]
    return found[0] if len(found) == 1 else None


def site_of(thing: Enclosure | Weather, declared: Declared) -> Site | None:
    """Return the site an enclosure or a weather input stands on; None if it is not said and there is a choice."""
    sites = _documents(declared, Site)
    if isinstance(thing, Weather) and thing.enclosure is not None and thing.site is None:
        roof = chosen(thing.enclosure, _documents(declared, Enclosure))
        return site_of(roof, declared) if roof is not None else None
    return chosen(thing.site, sites)


def in_use(declared: Declared) -> list[Entry[Train]]:
    """Return the trains that are not retired."""
    return [each for each in declared.of(Train) if each.document.retired is None]


def standing(declared: Declared) -> Iterator[Standing]:
    """Yield every train in use whose mount, enclosure and site are known."""
    return (each for each in placed(declared) if each.train.document.retired is None)


def placed(declared: Declared) -> Iterator[Standing]:
    """Yield every train, one that is retired too, whose mount, enclosure and site are known."""
    for train in declared.of(Train):
        mount = chosen(train.document.mount, _documents(declared, Mount))
        enclosure = chosen(mount.enclosure, _documents(declared, Enclosure)) if mount is not None else None
        site = site_of(enclosure, declared) if enclosure is not None else None
        if mount is not None and enclosure is not None and site is not None:
            yield Standing(train, mount, enclosure, site)


def serving(plan: Plan, instruments: Iterable[Instrument], begun: str | None = None) -> tuple[Instrument, ...]:
    """Return every instrument that serves a plan; only the one that has begun it, if there is one."""
    served = tuple(each for each in instruments if plan.served_by(each.train))
    return tuple(each for each in served if each.name == begun) or served


def _documents(declared: Declared, model: type[Kind]) -> list[Kind]:
    return [entry.document for entry in declared.of(model)]
