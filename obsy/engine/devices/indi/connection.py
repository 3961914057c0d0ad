"""What obsy asks of an INDI server, whoever speaks to it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from obsy.engine.devices.ports import Clock
from obsy.errors import DeviceTimeout

Value = float | bool | str

GLANCE_S = 0.25


@dataclass(frozen=True, slots=True)
class Vector:
    """A property as the device last sent it. `state` is Idle, Ok, Busy or Alert; a light's value is one of these."""

    state: str
    values: Mapping[str, Value]
    received: datetime | None = None
    """None when it was only defined: a server repeats old values to whoever comes, and gives no age with them."""
    writable: bool = True
    """Whether it can be set; else the device tells it only."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """What people are shown for each switch."""

    def chosen(self) -> str | None:
        """The switch that is on; None if several are, for then it says nothing."""
        on = [name for name, value in self.values.items() if value is True]
        return on[0] if len(on) == 1 else None


@dataclass(frozen=True, slots=True)
class Blob:
    """A file as a device sent it; `format` begins with a dot: `.fits`."""

    content: bytes
    format: str


class Connection(Protocol):
    """A connection to an INDI server."""

    async def ready(self, device: str) -> None:
        """Return when the device is connected, connecting what is not; raises DeviceError if that does not succeed."""
        ...

    async def known(self, device: str) -> None:
        """Return when the device is connected and has told all that it has; raises as `ready` does."""
        ...

    def vector(self, device: str, name: str) -> Vector | None:
        """A property as it stands, None if the device, the property or the server is not there."""
        ...

    def good(self, device: str, name: str) -> Vector | None:
        """The newest of its updates whose state was Ok."""
        ...

    def busy(self, device: str, name: str) -> Vector | None:
        """The newest of its updates whose state was Busy: another than before, and it was at work since."""
        ...

    def alerts(self, device: str, name: str) -> int:
        """How often the property has told of a fault: Alert."""
        ...

    def turns(self, device: str, name: str) -> int:
        """How often another of its switches was turned on, or it was defined anew."""
        ...

    def losses(self, device: str) -> int:
        """How often the device has gone, by itself, with its server or from its driver: what it said before is void."""
        ...

    def press(self, device: str, name: str, switch: str) -> None:
        """Turn one switch of a property on; raises DeviceError if there is none such."""
        ...

    def put(self, device: str, name: str, values: Mapping[str, float | str]) -> None:
        """Send numbers or texts; raises DeviceError if there is no such property."""
        ...

    def listen(self, device: str) -> None:
        """Have the files that the device makes sent over this connection."""
        ...

    def take(self, device: str, name: str) -> Blob | None:
        """The newest file that has come, once; None if there is none, or it was taken."""
        ...


async def until(
    clock: Clock, seen: Callable[[], bool], patience_s: float, what: str, glance_s: float = GLANCE_S
) -> None:
    """Return once it is seen; raises DeviceTimeout naming what was waited for."""
    for _ in range(max(1, int(patience_s / glance_s))):
        if seen():
            return
        await clock.sleep(glance_s)
    if not seen():
        raise DeviceTimeout(f"{what} was not seen within {patience_s:g} s")
