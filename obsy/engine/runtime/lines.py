"""The INDI servers of a site as a night or a guard reaches its devices: one line to each."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import ExitStack, asynccontextmanager, closing, suppress
from dataclasses import dataclass, field

from obsy.engine.declare.servers import server_of
from obsy.engine.devices.indi.client import IndiConnection
from obsy.engine.devices.indi.connection import GLANCE_S
from obsy.engine.devices.indi.device import IndiDevice
from obsy.engine.devices.indi.drivers import program_of
from obsy.engine.devices.indi.simulators import SIMULATORS
from obsy.engine.devices.indi.watched import watch
from obsy.engine.devices.ports import Clock
from obsy.errors import UserError
from obsy.schemas.device import Device
from obsy.schemas.site import Site

Address = tuple[str, int]


@dataclass(frozen=True)
class IndiLines:
    """Where the devices of a site are, and the lines that lead there."""

    clock: Clock
    site: Site
    own: Address | None
    """The server that the guard keeps, if it keeps one."""
    held: ExitStack
    """Closes the lines."""
    _lines: dict[Address, IndiConnection] = field(default_factory=dict)

    @property
    def address(self) -> Address | None:
        """Return the server that the guard keeps, else the first of the site: what KStars is given."""
        others = (each.address for each in self.site.servers if each.indi is not None)
        return self.own or next(others, None)

    def anew(self) -> "IndiLines":
        """Return the same servers with lines of its own: while a large file comes, nobody else's words wait for it."""
        return IndiLines(self.clock, self.site, self.own, self.held)

    def device(
        self, declared: Device | None, what: str, whose: str, timeout_s: float, glance_s: float = GLANCE_S
    ) -> IndiDevice:
        """Return a device on its server. Raise UserError if it has none, or a driver that obsy cannot begin."""
        declared = indi_device(declared, what, whose, self.site)
        return IndiDevice(self.clock, self.line(declared), declared.indi or "", timeout_s, glance_s)

    def line(self, declared: Device) -> IndiConnection:
        """Return the line to the server of a device, which is dialled when something is asked."""
        server = server_of(declared, self.site)
        address = self.own if server is None else server.address
        if address is None:
            raise UserError(f"no INDI server is begun for '{declared.indi}'")
        return self.to(address)

    def to(self, address: Address) -> IndiConnection:
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
async def watching(lines: IndiLines, moving: Iterable[Device]) -> AsyncIterator[None]:
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


def indi_device(device: Device | None, what: str, whose: str, site: Site) -> Device:
    """Return a declared device. Raise UserError if it is none of INDI's, or nobody is known to begin its driver."""
    if device is None or device.indi is None:
        raise UserError(f"the {what} '{whose}' has no INDI device: write 'device: {{indi: …}}' in its document")
    if server_of(device, site) is None and program_of(device) is None:
        raise UserError(
            f"the {what} '{whose}' is '{device.indi}', whose driver nobody names: add 'driver: …' to its 'device', "
            f"or the INDI server that has it to the site's 'servers'; without, obsy begins {', '.join(SIMULATORS)}"
        )
    return device
