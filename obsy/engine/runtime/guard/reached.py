"""A roof that is reached, and how it comes to be kept."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from obsy.engine.declare.equipment import SafetyEquipment
from obsy.engine.devices.ports import Clock, EnclosurePort, MountPort, WeatherPort
from obsy.engine.safety.keeper import Keeper
from obsy.engine.safety.monitor import WeatherMonitor
from obsy.engine.safety.shelter import Shelter, ShelteredMount


@dataclass(frozen=True, slots=True)
class Reached:
    """A roof that is reached, the mounts under it and its weather inputs."""

    clock: Clock
    enclosure: EnclosurePort
    mounts: Mapping[str, MountPort]
    weather: Mapping[str, WeatherPort]
    server: tuple[str, int] | None = None
    """Host and port of the INDI server that reaches them, if one does."""
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
    inputs, overrides = equipment.inputs_of(name), equipment.overrides
    monitor = WeatherMonitor(reached.clock, equipment.safety, inputs, reached.weather, overrides)
    return Keeper(Shelter(*parts, ends=reached.ends), monitor)
