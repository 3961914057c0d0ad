"""The devices that only one process may drive: whoever else names them is refused, however they spell the server."""

import socket
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from typing import Any

from obsy.engine.declare.equipment import SafetyEquipment
from obsy.engine.declare.servers import server_of
from obsy.errors import UserError
from obsy.schemas.device import Device
from obsy.schemas.enclosure import Enclosure
from obsy.schemas.mount import Mount
from obsy.schemas.server import INDI_PORT

SIMULATED = " Simulator"
HERE = "this computer"
FOUND_WITHIN_S = 5.0
"""So long the address of a server is looked for; a roof waits for no name server."""


def devices(equipment: SafetyEquipment, root: Path) -> set[str]:
    """Return the devices that only one process may drive; INDI's simulators are each server's own."""
    things: list[Enclosure | Mount] = [*equipment.enclosures, *equipment.mounts]
    found = [thing.device for thing in things if thing.device is not None and thing.device.called]
    return {f"the device '{each.called}'{at}" for each in found for at in _places(each, equipment, root)}


def _places(device: Device, equipment: SafetyEquipment, root: Path) -> set[str]:
    """Where a device is, in words: a driver of obsy's own may have what a usual server of this computer has too."""
    common = device.called.endswith(SIMULATED) or device.alpaca is not None  # each server has one of that name
    with suppress(UserError):
        if (server := server_of(device, equipment.site)) is not None:
            host, port = server.address
            unknown = f" at {host.lower()}:{port}" if common else ""
            return {f" at {each}:{port}" for each in addresses(host)} or {unknown}
    if device.alpaca is not None:
        return set()  # no server of the site has it
    if common:
        return {f" of the site '{equipment.site.name}' in {root.resolve()}"}
    return {"", f" at {HERE}:{INDI_PORT}"}


def addresses(host: str) -> set[str]:
    """Return all addresses of a host, those of this computer in one word; none if it is not found in time."""
    found = list[set[str]]()

    def look() -> None:
        with suppress(OSError, UnicodeError):
            known = socket.getaddrinfo(host, 0, type=socket.SOCK_STREAM)
            found.append({_in_words(family, address) for family, *_, address in known})

    asks = Thread(target=look, daemon=True)
    with suppress(RuntimeError):  # no thread can be had
        asks.start()
        asks.join(FOUND_WITHIN_S)
    return found[0] if found else set()


def _in_words(family: int, address: tuple[Any, ...]) -> str:
    """An address is this computer's if one can listen there."""
    with suppress(OSError), socket.socket(family) as own:
        own.bind(address)
        return HERE
    return HERE if ip_address(str(address[0]).partition("%")[0]).is_loopback else str(address[0])
