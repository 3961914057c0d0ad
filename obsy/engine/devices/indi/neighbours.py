"""Whom a camera's driver listens to: it copies what they say (where the mount points, which filter) into its files."""

from collections.abc import Mapping

from obsy.engine.devices.indi.device import IndiDevice
from obsy.schemas.train import Train

ACTIVE = "ACTIVE_DEVICES"
"""As libindi's INDI::CCD defines it; drivers begin with the names of INDI's simulators."""


def neighbours(train: Train, mount: str | None) -> dict[str, str]:
    """Return the INDI names of the devices beside a camera, by the driver's word for each."""
    parts = train.parts
    beside = {"ACTIVE_FILTER": parts.get("filters"), "ACTIVE_FOCUSER": parts.get("focuser")}
    said = {word: part.device.indi if part and part.device else None for word, part in beside.items()}
    return {word: name for word, name in {"ACTIVE_TELESCOPE": mount, **said}.items() if name is not None}


def introduce(camera: IndiDevice, beside: Mapping[str, str]) -> None:
    """Name to a camera's driver those that it does not listen to yet; one that takes no such word is left alone.

    Nothing waits for its answer: a driver takes words in their order, so it has heard of them before it exposes.
    """
    now = camera.vector(ACTIVE)
    if now is None or not now.writable:
        return
    new = {word: name for word, name in beside.items() if now.values.get(word, name) != name}
    if new:
        camera.line.put(camera.name, ACTIVE, new)
