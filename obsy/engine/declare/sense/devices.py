"""One driver moves one thing: two verdicts must never drive the same roof."""

from collections.abc import Iterator

from obsy.diagnostics import Diagnostic, Mark
from obsy.engine.declare.declared import Declared, Entry
from obsy.engine.declare.instrument import chosen, site_of
from obsy.schemas.device import Device
from obsy.schemas.enclosure import Enclosure
from obsy.schemas.mount import Mount


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Complaints about a driver that two enclosures, or two mounts, of one site name."""
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
