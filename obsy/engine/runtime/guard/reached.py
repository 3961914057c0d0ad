"""A roof that is reached, and how it comes to be kept."""

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from obsy.engine.declare.equipment import SafetyEquipment
from obsy.engine.devices.ports import Clock, EnclosurePort, MountPort, Roof, WeatherPort
from obsy.engine.safety.keeper import Keeper
from obsy.engine.safety.monitor import WeatherMonitor
from obsy.engine.safety.shelter import Shelter, ShelteredMount
from obsy.errors import DeviceError
from obsy.schemas.address import ServerAddress


@dataclass(frozen=True, slots=True)
class Reached:
    """A roof that is reached, the mounts under it and its weather inputs."""

    clock: Clock
    enclosure: EnclosurePort
    mounts: Mapping[str, MountPort]
    weather: Mapping[str, WeatherPort]
    server: ServerAddress | None = None
    """The INDI server that reaches them, if one does."""
    ends: datetime | None = None
    """When a rehearsal gives up closing a roof; None where it is real."""


class RoofReach(Protocol):
    """A runner, as far as keeping its roofs needs it."""

    def reach(self, equipment: SafetyEquipment, folder: Path) -> AbstractAsyncContextManager[Mapping[str, Reached]]:
        """Reach the roofs, by name, starting what it takes; one that nothing can have moved may be left out."""
        ...


def kept_roof(equipment: SafetyEquipment, name: str, reached: Reached) -> Keeper:
    """Return the keeper of a roof that is reached."""
    enclosure = next(each for each in equipment.enclosures if each.name == name)
    mounts = tuple(ShelteredMount(each, reached.mounts[each.name]) for each in equipment.mounts_of(name))
    parts = (reached.clock, equipment.site.location, enclosure, reached.enclosure, mounts, equipment.safety)
    inputs, overrides = equipment.inputs_of(name), equipment.overrides_of(name)
    monitor = WeatherMonitor(reached.clock, equipment.safety, inputs, reached.weather, overrides)
    return Keeper(Shelter(*parts, ends=reached.ends), monitor)


async def all_at_work(keeping: Iterable["asyncio.Future[None]"], within_s: float) -> None:
    """Return after so long. Raise what ended one of those that never end, as soon as it has."""
    for ended in (await asyncio.wait(keeping, timeout=within_s, return_when=asyncio.FIRST_COMPLETED))[0]:
        ended.result()
        raise DeviceError("a keeper has ended")


async def found_now(keeper: Keeper) -> str:
    """Return how the roof stands by now: open only if it may stay so, and not as it was found weeks ago."""
    await keeper.found()
    if keeper.meant in (Roof.OPEN, Roof.CLOSED):
        return str(keeper.meant)
    seen = (await keeper.look()).roof
    return str(seen if seen is not Roof.OPEN else Roof.UNKNOWN)


async def looked_at(keeper: Keeper) -> dict[str, Any]:
    """Return how it all stands, as JSON has it."""
    return asdict(await keeper.look())


def standing(keepers: Mapping[str, Keeper]) -> tuple[str, bool]:
    """Return how the roofs stand, in words, and whether none is being made safe; no words if rounds are overdue."""
    if not all(keeper.rounds.are_current for keeper in keepers.values()):
        return "", False
    said = {name: "safe" if each.verdict.safe else each.verdict.reason for name, each in keepers.items()}
    words = "; ".join(f"{name} is meant {keepers[name].meant}: {verdict}" for name, verdict in said.items())
    return words, bool(said) and all(each.meant is not Roof.UNKNOWN for each in keepers.values())
