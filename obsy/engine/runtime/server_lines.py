"""The servers of a site, INDI's and Alpaca's, as a night or a guard reaches its devices: one line to each."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import ExitStack, asynccontextmanager, closing, suppress
from dataclasses import dataclass, field

from obsy.engine.declare.servers import server_of
from obsy.engine.devices.alpaca import device as alpaca
from obsy.engine.devices.alpaca.device import AlpacaDevice
from obsy.engine.devices.alpaca.line import AlpacaLine
from obsy.engine.devices.indi.client import IndiConnection
from obsy.engine.devices.indi.connection import GLANCE_S
from obsy.engine.devices.indi.device import IndiDevice
from obsy.engine.devices.indi.drivers import program_of
from obsy.engine.devices.indi.simulators import SIMULATORS
from obsy.engine.devices.indi.watched import watch
from obsy.engine.devices.ports import Clock
from obsy.errors import UserError
from obsy.schemas.address import ServerAddress
from obsy.schemas.device import Device
from obsy.schemas.site import Site

LOOKS_S = {"indi": GLANCE_S, "alpaca": alpaca.GLANCE_S}
"""Between two looks: what a device has sent costs nothing to look at, and one that is asked has to answer."""


@dataclass(frozen=True)
class Lines:
    """Where the devices of a site are, and the lines that lead there."""

    clock: Clock
    site: Site
    own: ServerAddress | None
    """The server that the guard keeps, if it keeps one."""
    held: ExitStack
    """Closes the lines."""
    _lines: dict[ServerAddress, IndiConnection] = field(default_factory=dict)
    _asked: dict[str, AlpacaLine] = field(default_factory=dict)

    @property
    def address(self) -> ServerAddress | None:
        """Return the INDI server that the guard keeps, else the first of the site: what KStars is given."""
        others = (each.address for each in self.site.servers if each.indi is not None)
        return self.own or next(others, None)

    def anew(self) -> "Lines":
        """Return the same servers with lines of its own: while a large file comes, nobody else's words wait for it."""
        return Lines(self.clock, self.site, self.own, self.held)

    def device(
        self, declared: Device | None, what: str, whose: str, timeout_s: float, looks_s: Mapping[str, float] = LOOKS_S
    ) -> IndiDevice | AlpacaDevice:
        """Return a device on its server. Raise UserError if it has none, or a driver that obsy cannot begin.

        looks_s: between two looks, by the way it is reached.
        """
        declared = driven(declared, what, whose, self.site)
        glance_s = looks_s[declared.way]
        if declared.alpaca is not None:
            return AlpacaDevice(self.clock, self.asked(declared), declared.alpaca, timeout_s, glance_s)
        return IndiDevice(self.clock, self.line(declared), declared.called, timeout_s, glance_s)

    def line(self, declared: Device) -> IndiConnection:
        """Return the line to the server of an INDI device, which is dialled when something is asked."""
        server = server_of(declared, self.site)
        address = self.own if server is None else server.address
        if address is None:
            raise UserError(f"no INDI server is begun for '{declared.indi}'")
        return self.to(address)

    def asked(self, declared: Device) -> AlpacaLine:
        """Return the line to the server of an Alpaca device. Raise UserError if the site has none."""
        server = server_of(declared, self.site)
        address = server.alpaca if server is not None else None
        if address is None:
            raise UserError(f"no Alpaca server has '{declared.alpaca}'")
        return self._asked.setdefault(address, AlpacaLine(address))

    def to(self, address: ServerAddress) -> IndiConnection:
        """Return the line to a server."""
        if address not in self._lines:
            self._lines[address] = self.held.enter_context(closing(IndiConnection(self.clock, *address)))
        return self._lines[address]


def programs(devices: Iterable[Device], site: Site) -> dict[str, str]:
    """Return the drivers that obsy begins, by the devices that they are for."""
    found = {}
    for each in devices:
        try:
            server, program = server_of(each, site), program_of(each)
        except UserError:  # told where the device is asked for
            continue
        if server is None and program is not None and each.indi is not None:
            found[each.indi] = program
    return found


@asynccontextmanager
async def watching(lines: Lines, moving: Iterable[Device]) -> AsyncIterator[None]:
    """Watch the servers of somebody else on which these devices hang, for as long as the block runs."""
    hang: dict[str, set[str]] = defaultdict(set)
    servers = {each.name: each for each in lines.site.servers}
    for each in moving:
        with suppress(UserError):
            server = server_of(each, lines.site)
            if server is not None and each.indi is not None:
                hang[server.name].add(each.indi)
    tasks = [
        asyncio.create_task(watch(lines.to(servers[name].address), devices, name)) for name, devices in hang.items()
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()


def driven(device: Device | None, what: str, whose: str, site: Site) -> Device:
    """Return a declared device. Raise UserError if no server has it, and nobody is known to begin its driver."""
    if device is None or not device.called:
        raise UserError(
            f"the {what} '{whose}' has no device: write 'device: {{indi: …}}' or '{{alpaca: …}}' in its document"
        )
    if server_of(device, site) is None and program_of(device) is None:
        raise UserError(
            f"the {what} '{whose}' is '{device.indi}', whose driver nobody names: add 'driver: …' to its 'device', "
            f"or the INDI server that has it to the site's 'servers'; without, obsy begins {', '.join(SIMULATORS)}"
        )
    return device


def indi_device(device: Device | None, what: str, whose: str, site: Site) -> Device:
    """Return a device of INDI's. Raise UserError if it is none, or nobody is known to begin its driver."""
    if device is None or device.indi is None:
        raise UserError(f"the {what} '{whose}' has no INDI device: write 'device: {{indi: …}}' in its document")
    return driven(device, what, whose, site)
