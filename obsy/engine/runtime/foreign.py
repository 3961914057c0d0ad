"""Declared devices that obsy cannot begin, and which of INDI's simulators would do."""

from collections.abc import Iterator

from obsy.engine.declare.observatory import Observatory
from obsy.engine.devices.indi.simulators import SIMULATORS
from obsy.schemas.device import Device
from obsy.schemas.train import Train

MOUNT, PARKS = "Telescope Simulator", (90.0, 0.0)
"""INDI's mount, and where it parks (azimuth and altitude, deg): over another place no roof closes."""
Named = tuple[str, str, Device | None, str]
"""Kind and name of a document, a driver that it names, and the simulator that would do."""


def unknown(observatory: Observatory, runner: str) -> Iterator[str]:
    """Yield what to write for each device that obsy cannot begin, and where."""
    for kind, name, device, would_do in _named(observatory, runner):
        indi = device.indi if device is not None else None
        if indi not in SIMULATORS:
            said = f"for '{indi}'" if indi is not None else "as the INDI device that is missing"
            yield f"'{would_do}' {said} ({kind} '{name}', {observatory.marks[kind, name].file})"


def elsewhere(observatory: Observatory) -> Iterator[str]:
    """Yield what to write for a park position that is not the simulator's."""
    for mount in observatory.mounts:
        simulated = mount.device is not None and mount.device.indi == MOUNT
        if simulated and (mount.park.azimuth, mount.park.altitude) != PARKS:
            file = observatory.marks[mount.kind, mount.name].file
            yield f"'park: {{azimuth: 90 deg, altitude: 0 deg}}', where '{MOUNT}' parks (mount '{mount.name}', {file})"


def _named(observatory: Observatory, runner: str) -> Iterator[Named]:
    for roof in observatory.enclosures:
        yield roof.kind, roof.name, roof.device, "Dome Simulator"
    for mount in observatory.mounts:
        yield mount.kind, mount.name, mount.device, MOUNT
    for each in observatory.weather:
        if each.device is None or each.device.way in {"indi", "alpaca"}:
            yield each.kind, each.name, each.device, "Weather Simulator"
    for instrument in observatory.instruments:
        yield from _parts(instrument.train, runner)


def _parts(train: Train, runner: str) -> Iterator[Named]:
    panel = train.panel if runner == "indi" else None  # KStars is asked for none
    parts = {"Filter Simulator": train.filters, "Focuser Simulator": train.focuser, "Light Panel Simulator": panel}
    yield train.kind, train.name, train.camera.device, "CCD Simulator"
    for would_do, part in parts.items():
        if part is not None:
            yield train.kind, train.name, part.device, would_do
