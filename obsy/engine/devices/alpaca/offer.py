"""What one device of an Alpaca server is and can do, as its server lists it and as it tells while it is connected."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from obsy.engine.devices.alpaca.answer import NOT_IMPLEMENTED, AlpacaRefusal, value_of
from obsy.engine.devices.alpaca.device import AlpacaDevice
from obsy.engine.devices.alpaca.line import AlpacaLine, AlpacaSilence
from obsy.engine.devices.alpaca.weather import SENSORS
from obsy.engine.devices.clock import WallClock
from obsy.errors import DeviceError
from obsy.schemas.weather import Source

DOES = {
    "telescope": ("mount",),
    "camera": ("camera",),
    "focuser": ("focuser",),
    "filterwheel": ("wheel",),
    "dome": ("roof",),
    "observingconditions": ("weather",),
    "safetymonitor": ("monitor",),
    "covercalibrator": ("cap", "panel"),
    "rotator": ("rotator",),
}
"""What a device of each type can do."""
LISTED = "configureddevices"
USUAL = 4
"""So many devices of each type are asked for at a server that does not list its own."""


@dataclass(frozen=True, slots=True)
class AlpacaOffer:
    """A DeviceOffer of an Alpaca server."""

    name: str
    driver: str
    is_connected: bool
    facts: Mapping[str, str] = field(default_factory=dict)
    filters: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()

    @property
    def abilities(self) -> tuple[str, ...]:
        """Return what it can do."""
        return DOES.get(self.name.partition("/")[0], ())

    def untold(self, measures: Iterable[str], source: Source | None) -> list[str]:
        """Return what it does not tell of what it is declared to measure."""
        return [each for each in measures if self.tells and each not in self.tells]

    def as_json(self) -> dict[str, Any]:
        """Return all of it for a machine."""
        known = {"name": self.name, "driver": self.driver, "connected": self.is_connected}
        return {**known, "abilities": list(self.abilities), **self.facts}


def alpaca_offers(address: str) -> dict[str, AlpacaOffer]:
    """Return the devices of a server, in the order of their names.

    Raise DeviceError if it does not answer, or what answers does not speak Alpaca.
    """
    try:
        return asyncio.run(_offers(AlpacaLine(address)))
    except AlpacaSilence as silence:  # whoever asks knows the cure
        raise DeviceError(silence.words) from None


async def _offers(line: AlpacaLine) -> dict[str, AlpacaOffer]:
    try:
        page = await line.get(f"/management/v1/{LISTED}", {})
    except AlpacaSilence:
        raise
    except DeviceError as refusal:  # it lists nothing, as some do
        if not (found := await _tried(line)):
            raise refusal
        return found
    try:
        listed = {
            f"{str(each['DeviceType']).lower()}/{int(each['DeviceNumber'])}": str(each.get("DeviceName") or "")
            for each in value_of(page.content, line.address, LISTED, page.number)
        }
    except (TypeError, KeyError, ValueError, AttributeError):
        raise DeviceError(f"what answers at {line.address} does not list its devices as Alpaca does") from None
    except AlpacaRefusal:
        raise
    except DeviceError:
        raise DeviceError(f"what answers at {line.address} does not speak Alpaca") from None
    return {name: await _offer(line, name, listed[name]) for name in sorted(listed)}


async def _tried(line: AlpacaLine) -> dict[str, AlpacaOffer]:
    """The devices that answer to the usual names."""
    found = {}
    for name in (f"{kind}/{number}" for kind in sorted(DOES) for number in range(USUAL)):
        try:
            driver = str(await AlpacaDevice(WallClock(), line, name, 0.0).ask("name"))
        except AlpacaSilence:
            raise
        except DeviceError:
            continue
        found[name] = await _offer(line, name, driver)
    return found


async def _offer(line: AlpacaLine, name: str, driver: str) -> AlpacaOffer:
    """One device; what it tells only while it is connected is asked then alone."""
    device = AlpacaDevice(WallClock(), line, name, 0.0)
    try:
        if not await device.flag("connected"):
            return AlpacaOffer(name, driver, False)
        kind = name.partition("/")[0]
        if kind == "camera":
            return AlpacaOffer(name, driver, True, await _camera(device))
        filters = await _filters(device) if kind == "filterwheel" else ()
        tells = await _tells(device) if kind == "observingconditions" else ()
    except AlpacaSilence:
        raise
    except DeviceError:
        return AlpacaOffer(name, driver, False)
    told = {"filters": ", ".join(filters), "tells": ", ".join(tells)}
    return AlpacaOffer(name, driver, True, {key: said for key, said in told.items() if said}, filters, tells)


async def _camera(device: AlpacaDevice) -> dict[str, str]:
    columns, rows = await device.number("cameraxsize"), await device.number("cameraysize")
    return {"size": f"{columns:.0f} x {rows:.0f} px", "pixel": f"{await device.number('pixelsizex'):g} um"}


async def _filters(device: AlpacaDevice) -> tuple[str, ...]:
    said = await device.has("names")
    return tuple(str(each) for each in said if each) if isinstance(said, list) else ()


async def _tells(device: AlpacaDevice) -> tuple[str, ...]:
    """The quantities that it has a sensor for, whether or not it knows them now."""
    found = []
    for quantity, (sensors, _) in SENSORS.items():
        try:
            await device.ask(sensors[0])
        except AlpacaRefusal as refusal:
            if refusal.number == NOT_IMPLEMENTED:
                continue
        found.append(quantity)
    return tuple(found)
