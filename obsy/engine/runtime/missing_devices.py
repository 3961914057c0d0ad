"""What the servers of a site offer, held against what is declared."""

from collections.abc import Iterator

from obsy.diagnostics import nearest
from obsy.engine.declare.observatory import Observatory
from obsy.engine.devices.offer import Offers
from obsy.engine.devices.offers import offers_of
from obsy.engine.runtime.named_devices import NamedDevice, named_devices, server_on, where
from obsy.errors import DeviceError
from obsy.schemas.server import DeviceServer
from obsy.schemas.weather import Source


def lacks(observatory: Observatory, runner: str) -> Iterator[str]:
    """Yield what is declared and not there: a server, a device on one, a filter in a wheel; where, and its cure.

    Each server is asked once; nothing is connected or moved.
    """
    seen: dict[str, Offers | None] = {}
    for each in named_devices(observatory, runner):
        server = server_on(each, observatory)
        if server is None:
            continue
        if server.name not in seen:
            try:
                seen[server.name] = offers_of(server)
            except DeviceError as silent:
                seen[server.name] = None
                place = observatory.mark("site", observatory.site.name).file
                yield f"{silent} (server '{server.name}', {place}): begin it there, or mend its address"
        if (offers := seen[server.name]) is not None:
            yield from _lacking(each, server, offers, where(each, observatory))


def _lacking(each: NamedDevice, server: DeviceServer, offers: Offers, place: str) -> Iterator[str]:
    """Yield what one server lacks of a device."""
    name = each.device.called if each.device is not None else ""
    if name not in offers:
        near, has = nearest(name, offers), ", ".join(f"'{one}'" for one in sorted(offers)) or "no device"
        mend = f"did you mean '{near}'?" if near else "begin its driver there, or name one of these"
        yield f"the {server.kind} server '{server.name}' has no '{name}' ({place}), but {has}: {mend}"
    elif isinstance(each.device, Source) and (gone := offers[name].untold(each.measures, each.device)):
        has = ", ".join(offers[name].tells)
        cure = "leave it out of 'measures' and of the policy's limits, or name an input that does"
        yield f"the weather input '{name}' ({place}) tells no {' and no '.join(gone)}, but {has}: {cure}"
    elif each.key == "filters" and each.train is not None:
        labels = offers[name].filters
        for slot in each.train.slots:
            if labels and slot.label not in labels:
                near = nearest(slot.label, labels)
                mend = f"did you mean '{near}'?" if near else "write one of these as its 'label', or name it so there"
                lacking = f"no filter '{slot.label}' for {slot.role}, but {', '.join(labels)}"
                yield f"the wheel '{name}' ({place}) has {lacking}: {mend}"
