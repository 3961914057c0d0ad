"""What the INDI servers of a site offer, held against what is declared."""

from collections.abc import Iterator, Mapping

from obsy.diagnostics import nearest
from obsy.engine.declare.observatory import Observatory
from obsy.engine.devices.indi.glance import Properties, glance
from obsy.engine.devices.indi.weather import PARAMETERS, untold
from obsy.engine.runtime.foreign import NamedDevice, named_devices, server_on, where
from obsy.errors import DeviceError
from obsy.schemas.server import DeviceServer
from obsy.schemas.weather import Source

NAME = "FILTER_NAME"
Offered = Mapping[str, Properties]


def lacks(observatory: Observatory, runner: str) -> Iterator[str]:
    """Yield what is declared and not there: a server, a device on one, a filter in a wheel; where, and its cure.

    Each server is asked once; nothing is connected or moved.
    """
    seen: dict[str, Offered | None] = {}
    for each in named_devices(observatory, runner):
        server = server_on(each, observatory)
        if server is None:
            continue
        if server.name not in seen:
            try:
                seen[server.name] = glance(*server.address)
            except DeviceError as silent:
                seen[server.name] = None
                place = observatory.mark("site", observatory.site.name).file
                yield f"{silent} (server '{server.name}', {place}): begin it there, or mend its address"
        if (offers := seen[server.name]) is not None:
            yield from _lacking(each, server, offers, where(each, observatory))


def _lacking(each: NamedDevice, server: DeviceServer, offers: Offered, place: str) -> Iterator[str]:
    """Yield what one server lacks of a device."""
    name = each.indi or ""
    if name not in offers:
        near, has = nearest(name, offers), ", ".join(f"'{one}'" for one in sorted(offers)) or "no device"
        mend = f"did you mean '{near}'?" if near else "begin its driver there, or name one of these"
        yield f"the INDI server '{server.name}' has no '{name}' ({place}), but {has}: {mend}"
    elif isinstance(each.device, Source) and (gone := untold(each.measures, each.device, offers[name])):
        has = ", ".join(offers[name][PARAMETERS])
        cure = "leave it out of 'measures' and of the policy's limits, or name an input that does"
        yield f"the weather input '{name}' ({place}) tells no {' and no '.join(gone)}, but {has}: {cure}"
    elif each.would_do == "Filter Simulator" and each.train is not None and NAME in offers[name]:
        labels = [label for label in offers[name][NAME].values() if label]
        for slot in each.train.slots:
            if labels and slot.label not in labels:
                near = nearest(slot.label, labels)
                mend = f"did you mean '{near}'?" if near else "write one of these as its 'label', or name it so there"
                lacking = f"no filter '{slot.label}' for {slot.role}, but {', '.join(labels)}"
                yield f"the wheel '{name}' ({place}) has {lacking}: {mend}"
