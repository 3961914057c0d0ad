"""Each device hangs on one server, which its site has."""

from collections.abc import Iterator
from typing import NamedTuple

from obsy.diagnostics import Diagnostic, Mark, did_you_mean
from obsy.engine.declare.declared import Declared, Entry
from obsy.engine.declare.instrument import chosen, site_of, standing
from obsy.engine.declare.servers import GAUGES, alpaca_type
from obsy.schemas.device import Device
from obsy.schemas.enclosure import Enclosure
from obsy.schemas.model import Document
from obsy.schemas.mount import Mount
from obsy.schemas.site import Site
from obsy.schemas.weather import Weather


class DeviceAt(NamedTuple):
    """A device, the document that has it, the site where it stands, and the way to it."""

    entry: Entry[Document]
    site: Site
    device: Device
    way: tuple[str, ...]


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Complain of servers by one name, of names that no server bears, and of devices that may be on several."""
    for site in declared.of(Site):
        seen: dict[str, Mark] = {}
        for number, each in enumerate(site.document.servers):
            at = ("servers", number, "name")
            if each.name in seen:
                words = (
                    f"another server named '{each.name}'",
                    "each name once",
                    f"rename it, or that at {seen[each.name]}",
                )
                yield site.complain("name-twice", words, *at)
            seen.setdefault(each.name, site.written.at(*at))
    for place in _devices(declared):
        yield from _misplaced(*place)


def _misplaced(entry: Entry[Document], site: Site, device: Device, way: tuple[str, ...]) -> Iterator[Diagnostic]:
    known = [each.name for each in site.servers if each.way == device.way]
    yield from _of_another_type(entry, device, way)
    if device.server is not None and device.server not in known:
        expected = f"a server of the site '{site.name}': {', '.join(known) or 'none is declared'}"
        mend = did_you_mean(device.server, known, f"add it to the 'servers' of the site '{site.name}'")
        words = (entry.written.said(*way, "server"), expected, mend)
        yield entry.complain("unknown-reference", words, *way, "server")
    elif device.server is None and device.driver is None and len(known) > 1:
        found = f"'{device.called}' may be on any of {len(known)} servers"
        words = (found, f"one of {', '.join(known)}", f"add 'server: {known[0]}'")
        yield entry.complain("which-one", words, *way, device.way)
    elif device.alpaca is not None and not known:
        expected = f"an Alpaca server of the site '{site.name}': none is declared"
        mend = "add 'servers: [{name: hut, alpaca: http://…}]' to the site, with its own address"
        yield entry.complain("unknown-reference", (entry.written.said(*way, "alpaca"), expected, mend), *way, "alpaca")


def _of_another_type(entry: Entry[Document], device: Device, way: tuple[str, ...]) -> Iterator[Diagnostic]:
    """Complain of an Alpaca device that is none of what it is declared to move or to read."""
    if device.alpaca is None:
        return
    part, document = way[:-1], entry.document
    measures = document.measures if isinstance(document, Weather) else ()
    wanted, (has, _, number) = alpaca_type((*part, document.kind)[0], measures), device.alpaca.partition("/")
    if has != wanted and not (measures and has in GAUGES):  # what a gauge does not tell is another complaint
        mend = f"write '{wanted}/{number}'"
        expected = (
            f"a device of the type '{wanted}' for {'weather' if measures else 'the ' + (*part, document.kind)[0]}"
        )
        words = (entry.written.said(*way, "alpaca"), expected, mend)
        yield entry.complain("another-type", words, *way, "alpaca")


def _devices(declared: Declared) -> Iterator[DeviceAt]:
    roofs = [entry.document for entry in declared.of(Enclosure)]
    for roof in declared.of(Enclosure):
        yield from _standing(roof, site_of(roof.document, declared), roof.document.device)
    for mount in declared.of(Mount):
        under = chosen(mount.document.enclosure, roofs)
        yield from _standing(mount, site_of(under, declared) if under is not None else None, mount.document.device)
    for gauge in declared.of(Weather):
        yield from _standing(gauge, site_of(gauge.document, declared), gauge.document.device)
    for each in standing(declared):
        for key, part in each.train.document.parts.items():
            yield from _standing(each.train, each.site, part.device, key)


def _standing(entry: Entry[Document], site: Site | None, device: Device | None, *part: str) -> Iterator[DeviceAt]:
    if site is not None and device is not None and device.called:
        yield DeviceAt(entry, site, device, (*part, "device"))
