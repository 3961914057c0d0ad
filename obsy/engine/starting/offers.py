"""What one device of an INDI server is, can do and is set by, as it tells whoever comes."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from math import isfinite
from typing import Any

from obsy.engine.devices.indi.connection import Vector
from obsy.engine.devices.indi.glance import Properties
from obsy.engine.devices.indi.settings import INFO, PROGRAM, Spot, element_of, profiles
from obsy.engine.exchange.filters import role_of
from obsy.engine.render import scalar

INTERFACES = {
    "mount": 1,
    "camera": 2,
    "guider": 4,
    "focuser": 8,
    "wheel": 16,
    "roof": 32,
    "gps": 64,
    "weather": 128,
    "cap": 512,
    "panel": 1024,
    "rotator": 4096,
}
"""Bits of DRIVER_INTERFACE. Source: INDI's basedevice.h."""
FILTERS, CHIP, WEATHER = "FILTER_NAME", "CCD_INFO", "WEATHER_PARAMETERS"
PLACES = {
    "mount": "kind: mount\ndevice: {}",
    "roof": "kind: enclosure\ndevice: {}",
    "weather": "kind: weather\ndevice: {}",
    "camera": "kind: train\ncamera:\n  device: {}",
    "wheel": "kind: train\nfilters:\n  device: {}",
    "focuser": "kind: train\nfocuser:\n  device: {}",
    "cap": "kind: train\npanel:\n  device: {}",
    "panel": "kind: train\npanel:\n  device: {}",
}
"""Where a device of each ability is declared."""


@dataclass(frozen=True, slots=True)
class OfferedDevice:
    """One device."""

    name: str
    said: Properties

    @property
    def driver(self) -> str:
        """Return the program that drives it, as far as it says so."""
        return self.said.get(INFO, {}).get(PROGRAM, "")

    @property
    def abilities(self) -> tuple[str, ...]:
        """Return what it can do."""
        return abilities(self.said)

    @property
    def facts(self) -> dict[str, str]:
        """Return what a declaration may need of it; most of it is told by a device that is connected alone."""
        found = dict(_settings(self.said)) if "camera" in self.abilities else {}
        with suppress(KeyError, ValueError):
            chip = {key: float(text) for key, text in self.said[CHIP].items()}
            if chip["CCD_MAX_X"] and all(map(isfinite, chip.values())):
                found["size"] = f"{chip['CCD_MAX_X']:.0f} x {chip['CCD_MAX_Y']:.0f} px"
                found["pixel"] = f"{chip['CCD_PIXEL_SIZE']:g} um"
        if labels := [label for label in self.said.get(FILTERS, {}).values() if label]:
            found["filters"] = ", ".join(labels)
        if gauges := self.said.get(WEATHER, {}):
            found["tells"] = ", ".join(gauges)
        return found

    def as_json(self) -> dict[str, Any]:
        """Return all of it for a machine."""
        properties = {name: list(elements) for name, elements in self.said.items()}
        known = {"name": self.name, "driver": self.driver, "connected": is_connected(self.said)}
        return {**known, "abilities": list(self.abilities), **self.facts, "properties": properties}


def offered(seen: Mapping[str, Properties]) -> list[OfferedDevice]:
    """Return the devices of a server, in the order of their names."""
    return [OfferedDevice(name, seen[name]) for name in sorted(seen)]


def abilities(said: Properties) -> tuple[str, ...]:
    """Return what a device can do; nothing of one that does not say."""
    with suppress(KeyError, ValueError):
        does = int(said[INFO]["DRIVER_INTERFACE"])
        return tuple(part for part, bit in INTERFACES.items() if does & bit)
    return ()


def is_connected(said: Properties) -> bool:
    """Return whether its driver has connected it."""
    return said.get("CONNECTION", {}).get("CONNECT") == "On"


@dataclass(frozen=True, slots=True)
class OfferingServer:
    """A server as a site declares it or would, and whether it is one of several: then each device says which."""

    name: str
    host: str
    port: int
    among_several: bool = False


def declaration(devices: Iterable[OfferedDevice], server: OfferingServer) -> str:
    """Return the YAML that would declare a server and its devices, part by part, for a person to choose from."""
    name = scalar(server.name)
    parts = [f"kind: site\nservers: [{{name: {name}, indi: '{server.host}:{server.port}'}}]"]
    which = f", server: {name}" if server.among_several else ""
    for each in devices:
        device = f"{{indi: {scalar(each.name)}{which}}}"
        for ability in each.abilities:
            if ability in PLACES:
                parts.append(PLACES[ability].format(device) + "".join(_more(ability, each.said)))
    return "\n---\n".join(dict.fromkeys(parts)) + "\n"


def _more(ability: str, said: Properties) -> Iterator[str]:
    """Yield what else a device tells of its part."""
    if ability == "camera":
        facts = OfferedDevice("", said).facts
        yield from (f"\n  {key}: {facts[key]}" for key in ("size", "pixel") if key in facts)
    elif ability == "wheel" and (labels := [label for label in said.get(FILTERS, {}).values() if label]):
        yield "\n  slots:"
        for label in labels:
            yield f"\n    - {{role: {scalar(role_of(label))}, label: {scalar(label)}}}"


def _settings(said: Properties) -> Iterator[tuple[str, str]]:
    """Yield where gain and offset are set."""
    found = profiles(Vector("", said.get(INFO, {})))
    spots = [("gain", each.gain) for each in found]
    spots += [("offset", each.offset) for each in found if each.offset is not None]
    places = {setting: place for setting, spot in reversed(spots) if (place := _named(spot, said))}
    yield from sorted(places.items())


def _named(spot: Spot, said: Properties) -> str:
    name, element = spot
    if name not in said:
        return ""
    has = element_of(Vector("", said[name]), element, 0) if element else "ISO"
    return f"{name}.{has}" if has else ""
