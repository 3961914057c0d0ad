"""The devices of an observatory: those that nobody is known to drive, and where obsy finds each."""

from collections.abc import Iterator
from shutil import which
from typing import NamedTuple

from obsy.engine.declare.observatory import Observatory
from obsy.engine.declare.servers import alpaca_type, server_of
from obsy.engine.devices.indi.drivers import program_of
from obsy.engine.devices.indi.simulators import SIMULATORS
from obsy.errors import UserError
from obsy.schemas.device import Device
from obsy.schemas.server import DeviceServer
from obsy.schemas.train import Train

KSTARS = ("mount", "train")
"""What KStars moves, and by INDI alone."""
MOUNT, PARKS = "Telescope Simulator", (90.0, 0.0)
"""INDI's mount, and where it parks (azimuth and altitude, deg): over another place no roof closes."""
WOULD_DO = {
    "camera": "CCD Simulator",
    "filters": "Filter Simulator",
    "focuser": "Focuser Simulator",
    "panel": "Light Panel Simulator",
    "rotator": "Rotator Simulator",
}
"""INDI's simulator in the place of each part of a train, by its key there."""


class NamedDevice(NamedTuple):
    """A device that a document names, and the simulator of INDI that would do in its stead."""

    kind: str
    name: str
    """Of the document."""
    device: Device | None
    would_do: str
    train: Train | None = None
    """Whose part it is."""
    measures: tuple[str, ...] = ()
    """What a weather input is to tell."""
    key: str = ""
    """Which part of the train it is."""

    @property
    def indi(self) -> str | None:
        """Return its name on the INDI server."""
        return self.device.indi if self.device is not None else None

    @property
    def alpaca(self) -> str:
        """Return the type that it has on an Alpaca server."""
        return alpaca_type(self.key or self.kind, self.measures)


def unknown(observatory: Observatory, runner: str) -> Iterator[str]:
    """Yield each device of which nobody says what drives it, where it is declared, and the simulator that would do."""
    for each in named_devices(observatory, runner):
        try:
            server = server_on(each, observatory)
        except UserError as fault:
            yield f"{fault} ({where(each, observatory)})"
            continue
        if each.device is None and runner == "alpaca":
            yield f"'device: {{alpaca: {each.alpaca}/0}}' where none is ({where(each, observatory)})"
        elif each.device is None or (each.indi is None and runner == "ekos" and each.kind in KSTARS):
            yield f"'{each.would_do}' as the INDI device that is missing ({where(each, observatory)})"
        elif server is None and program_of(each.device) is None:
            yield f"'{each.would_do}' for '{each.indi}' ({where(each, observatory)})"


def uninstalled(observatory: Observatory, runner: str) -> Iterator[str]:
    """Yield each driver that obsy is to begin and this machine has not, where it is declared, and its cure."""
    told = set[str]()
    for each in named_devices(observatory, runner):
        program = None if each.device is None or each.indi is None else program_of(each.device)
        if program is None or server_on(each, observatory) is not None or program in told or which(program):
            continue
        told.add(program)
        cure = "install it, with INDI's drivers of its maker, or mend 'driver'"
        if program in SIMULATORS.values():
            cure = "sudo apt-get install indi-bin"
        yield f"the driver '{program}' of '{each.indi}' is not on this machine ({where(each, observatory)}): {cure}"


def elsewhere(observatory: Observatory) -> Iterator[str]:
    """Yield what to write for a park position that is not the simulator's."""
    for mount in observatory.mounts:
        begun = mount.device is not None and mount.device.indi == MOUNT and not observatory.site.servers
        if begun and (mount.park.azimuth, mount.park.altitude) != PARKS:
            file = observatory.marks[mount.kind, mount.name].file
            yield f"'park: {{azimuth: 90 deg, altitude: 0 deg}}', where '{MOUNT}' parks (mount '{mount.name}', {file})"


def server_on(each: NamedDevice, observatory: Observatory) -> DeviceServer | None:
    """Return the server that has a device; None if obsy begins its driver. Raise UserError if that is not said."""
    return server_of(each.device, observatory.site) if each.device is not None and each.device.called else None


def where(each: NamedDevice, observatory: Observatory) -> str:
    """Return where a device is declared, in words."""
    return f"{each.kind} '{each.name}', {observatory.marks[each.kind, each.name].file}"


def named_devices(observatory: Observatory, runner: str) -> Iterator[NamedDevice]:
    """Yield the devices that a night needs, those that a runner does not move left out."""
    for roof in observatory.enclosures:
        would_do = "RollOff Simulator" if roof.type == "roll-off" else "Dome Simulator"
        yield NamedDevice(roof.kind, roof.name, roof.device, would_do)
    for mount in observatory.mounts:
        yield NamedDevice(mount.kind, mount.name, mount.device, MOUNT)
    for each in observatory.weather:
        if each.device is None or each.device.way in {"indi", "alpaca"}:
            yield NamedDevice(each.kind, each.name, each.device, "Weather Simulator", measures=each.measures)
    for instrument in observatory.instruments:
        train = instrument.train
        for key, part in train.parts.items():
            if key not in ("panel", "rotator") or runner != "ekos":  # KStars is asked for neither
                yield NamedDevice(train.kind, train.name, part.device, WOULD_DO[key], train, key=key)
