"""What one device of an INDI server is, can do and is set by, as it tells whoever comes."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from math import isfinite
from typing import Any

from obsy.engine.devices.indi.camera_profiles import INFO, PROGRAM, Spot, element_of, profiles
from obsy.engine.devices.indi.connection import Vector
from obsy.engine.devices.indi.glance import Properties, glance
from obsy.engine.devices.indi.weather import PARAMETERS, untold
from obsy.schemas.weather import Source

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
FILTERS, CHIP = "FILTER_NAME", "CCD_INFO"


@dataclass(frozen=True, slots=True)
class IndiOffer:
    """A DeviceOffer of an INDI server."""

    name: str
    said: Properties

    @property
    def driver(self) -> str:
        """Return the program that drives it, as far as it says so."""
        return self.said.get(INFO, {}).get(PROGRAM, "")

    @property
    def is_connected(self) -> bool:
        """Return whether its driver has connected it."""
        return is_connected(self.said)

    @property
    def abilities(self) -> tuple[str, ...]:
        """Return what it can do."""
        return abilities(self.said)

    @property
    def filters(self) -> tuple[str, ...]:
        """Return what it calls its filters."""
        return tuple(label for label in self.said.get(FILTERS, {}).values() if label)

    @property
    def tells(self) -> tuple[str, ...]:
        """Return what it calls what it measures of the weather."""
        return tuple(self.said.get(PARAMETERS, {}))

    @property
    def facts(self) -> dict[str, str]:
        """Return what a declaration may need of it; most of it is told by a device that is connected alone."""
        found = dict(_settings(self.said)) if "camera" in self.abilities else {}
        with suppress(KeyError, ValueError):
            chip = {key: float(text) for key, text in self.said[CHIP].items()}
            if chip["CCD_MAX_X"] and all(map(isfinite, chip.values())):
                found["size"] = f"{chip['CCD_MAX_X']:.0f} x {chip['CCD_MAX_Y']:.0f} px"
                found["pixel"] = f"{chip['CCD_PIXEL_SIZE']:g} um"
        if self.filters:
            found["filters"] = ", ".join(self.filters)
        if self.tells:
            found["tells"] = ", ".join(self.tells)
        return found

    def untold(self, measures: Iterable[str], source: Source | None) -> list[str]:
        """Return what it does not tell of what it is declared to measure."""
        return untold(measures, source, self.said)

    def as_json(self) -> dict[str, Any]:
        """Return all of it for a machine."""
        properties = {name: list(elements) for name, elements in self.said.items()}
        known = {"name": self.name, "driver": self.driver, "connected": self.is_connected}
        return {**known, "abilities": list(self.abilities), **self.facts, "properties": properties}


def indi_offers(host: str, port: int) -> dict[str, IndiOffer]:
    """Return the devices of a server, in the order of their names. Raise DeviceError if it does not answer."""
    return offered(glance(host, port))


def offered(seen: Mapping[str, Properties]) -> dict[str, IndiOffer]:
    """Return the devices that were seen, in the order of their names."""
    return {name: IndiOffer(name, seen[name]) for name in sorted(seen)}


def abilities(said: Properties) -> tuple[str, ...]:
    """Return what a device can do; nothing of one that does not say."""
    with suppress(KeyError, ValueError):
        does = int(said[INFO]["DRIVER_INTERFACE"])
        return tuple(part for part, bit in INTERFACES.items() if does & bit)
    return ()


def is_connected(said: Properties) -> bool:
    """Return whether its driver has connected it."""
    return said.get("CONNECTION", {}).get("CONNECT") == "On"


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
