"""A device as the server that has it lists it, whatever the server speaks; nothing is connected or moved for it."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from obsy.schemas.weather import Source


class DeviceOffer(Protocol):
    """One device, and what it tells of itself: most of it only once its driver has connected it."""

    @property
    def name(self) -> str:
        """What a declaration calls it."""
        ...

    @property
    def driver(self) -> str:
        """What drives it, as far as it says so."""
        ...

    @property
    def is_connected(self) -> bool:
        """Whether its driver has connected it."""
        ...

    @property
    def abilities(self) -> tuple[str, ...]:
        """What it can do, by the parts of an observatory."""
        ...

    @property
    def facts(self) -> Mapping[str, str]:
        """What a declaration may need of it."""
        ...

    @property
    def filters(self) -> tuple[str, ...]:
        """What it calls its filters, in their order; empty if it has or names none."""
        ...

    @property
    def tells(self) -> tuple[str, ...]:
        """What it calls what it measures of the weather; empty of one that tells none yet."""
        ...

    def untold(self, measures: Iterable[str], source: Source | None) -> list[str]:
        """Return what it does not tell of what it is declared to measure; nothing of one that tells no weather yet."""
        ...

    def as_json(self) -> dict[str, Any]:
        """Return all of it for a machine."""
        ...


Offers = Mapping[str, DeviceOffer]
"""The devices of a server, by name."""
