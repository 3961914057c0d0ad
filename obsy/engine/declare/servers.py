"""Which server has a device, and which devices obsy begins the drivers of."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from obsy.errors import UserError
from obsy.schemas.device import Device
from obsy.schemas.server import DeviceServer
from obsy.schemas.site import Site

TYPES = {
    "enclosure": "dome",
    "mount": "telescope",
    "weather": "observingconditions",
    "camera": "camera",
    "filters": "filterwheel",
    "focuser": "focuser",
    "panel": "covercalibrator",
    "rotator": "rotator",
}
"""Alpaca's type of each kind, and of each part of a train by its key there."""
MONITOR = "safetymonitor"
GAUGES = (TYPES["weather"], MONITOR)
"""The types that tell of the weather."""


def alpaca_type(of: str, measures: Collection[str] = ()) -> str:
    """Return the type that something has on an Alpaca server.

    of: its kind, or its key in a train. measures: what a weather input is to tell.
    """
    return MONITOR if "monitor" in measures else TYPES[of]


def server_of(device: Device, site: Site) -> DeviceServer | None:
    """Return the server of somebody else that has a device; None if obsy begins its driver itself, as only INDI's.

    Raise UserError if the site has no such server, or several of which none is named.
    """
    servers = [each for each in site.servers if each.way == device.way]
    begun = device.driver is not None or (not servers and device.server is None)
    if begun and device.indi is not None:
        return None
    named = [each for each in servers if device.server in (None, each.name)]
    if len(named) != 1:
        known = " or ".join(f"'server: {each.name}'" for each in servers)
        declared = "servers to the site"
        if device.alpaca is not None:
            declared = "'servers: [{name: …, alpaca: http://…}]' to the site"
        raise UserError(f"which server has the device '{device.called}' is not said: add {known or declared}")
    return named[0]


def written_devices(said: object) -> Iterator[dict[str, str]]:
    """Yield each INDI device in a document as it was written, whatever else is wrong with it."""
    if isinstance(said, Mapping):
        if isinstance(said.get("indi"), str):
            keys = ("indi", "server", "driver", "label")
            yield {key: said[key].strip() for key in keys if isinstance(said.get(key), str)}
        for each in said.values():
            yield from written_devices(each)
    elif isinstance(said, list):
        for each in said:
            yield from written_devices(each)


def only_devices(train: Mapping[str, Any]) -> dict[str, Any]:
    """Return of a train what the guard needs: the drivers that it begins for the night. It may be given its answer."""
    kept = {key: train[key] for key in ("kind", "name", "mount") if key in train}
    return {**kept, "devices": list(written_devices(train))}
