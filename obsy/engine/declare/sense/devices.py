"""One driver moves one thing: two verdicts must never drive the same roof."""

from collections.abc import Iterator

from obsy.diagnostics import Diagnostic, Mark
from obsy.engine.declare.declared import Declared, Entry
from obsy.engine.declare.instrument import chosen, site_of, standing
from obsy.schemas.device import Device
from obsy.schemas.enclosure import Enclosure
from obsy.schemas.mount import Mount
from obsy.schemas.train import PARTS


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Complaints about a driver that two enclosures, two mounts, or two trains of one site name."""
    yield from _moved_twice(declared)
    yield from _taken_twice(declared)


def _taken_twice(declared: Declared) -> Iterator[Diagnostic]:
    """Complaints about a driver of which two trains have a part; a camera may turn its own wheel."""
    seen: dict[tuple[str, Device], tuple[str, Mark]] = {}
    for each in standing(declared):
        train = each.train.document
        for part, device in ((key, said.device) for key, said in train.parts.items()):
            if device is None:
                continue
            owner, first = seen.setdefault(
                (each.site.name, device), (train.name, each.train.written.at(part, "device"))
            )
            if owner != train.name:
                words = (
                    f"the {PARTS[part]} of '{train.name}' is moved by the driver of '{owner}'",
                    "a driver for each of them",
                    f"write its own, or remove the one at {first}",
                )
                yield each.train.complain("device-twice", words, part, "device")


def _moved_twice(declared: Declared) -> Iterator[Diagnostic]:
    roofs = [entry.document for entry in declared.of(Enclosure)]
    seen: dict[tuple[str, str | None, Device], Mark] = {}
    every: list[Entry[Enclosure] | Entry[Mount]] = [*declared.of(Enclosure), *declared.of(Mount)]
    for entry in every:
        thing = entry.document
        roof = thing if isinstance(thing, Enclosure) else chosen(thing.enclosure, roofs)
        site = site_of(roof, declared) if roof is not None else None
        if thing.device is None or site is None:
            continue
        first = seen.setdefault((thing.kind, site.name, thing.device), entry.written.at("device"))
        if first != entry.written.at("device"):
            words = (
                f"the {thing.kind} '{thing.name}' is moved by the driver of another one",
                "a driver for each of them",
                f"write its own, or remove the one at {first}",
            )
            yield entry.complain("device-twice", words, "device")
