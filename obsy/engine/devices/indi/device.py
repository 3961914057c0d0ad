"""One device on an INDI server, and how patient one must be with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf

from obsy.engine.devices.indi.connection import GLANCE_S, Connection, Vector, until
from obsy.engine.devices.ports import Clock
from obsy.errors import DeviceError

DONE = {"Ok", "Idle"}


@dataclass(frozen=True, slots=True)
class IndiDevice:
    """A device by its INDI name. `timeout_s`: a move that takes longer has failed; `glance_s`: between two looks."""

    clock: Clock
    line: Connection
    name: str
    timeout_s: float
    glance_s: float = GLANCE_S

    async def ready(self) -> None:
        """Return when it is connected; raises DeviceError if it cannot be."""
        await self.line.ready(self.name)

    async def known(self) -> None:
        """Return when it is connected and what it has is known: what is missing then, it does not have."""
        await self.line.known(self.name)

    def losses(self) -> int:
        """How often it has gone so far."""
        return self.line.losses(self.name)

    def vector(self, name: str) -> Vector | None:
        """A property as it stands, None if it is not there."""
        return self.line.vector(self.name, name)

    async def turn(self, name: str, switch: str) -> None:
        """Press a switch and return when the device has answered, after it was pressed, that it is done.

        Raises DeviceError if it answers that it has failed, or has gone, DeviceTimeout if it does not answer. An answer
        from before is no evidence, even if it says the same.
        """
        await self.ready()
        before, losses = self.vector(name), self.losses()
        self.line.press(self.name, name, switch)

        def done() -> bool:
            now = self.vector(name)
            if now is not None and now is not before and now.state == "Alert":
                raise DeviceError(f"'{self.name}' says that {switch} has failed")
            return now is not None and now is not before and now.state in DONE and now.chosen() == switch

        await self.until(done, f"{switch} of '{self.name}'", losses)

    async def choose(self, name: str, switch: str) -> None:
        """Press a switch unless it is on and well; a property that the device does not have is none to choose from."""
        now = self.vector(name)
        if now is not None and (now.chosen() != switch or now.state not in DONE):
            await self.turn(name, switch)

    async def keep(self, name: str, numbers: Mapping[str, float]) -> None:
        """Send numbers unless they are what the device says already, and it is done with them."""
        now = self.vector(name)
        stands = now is not None and all(now.values.get(element) == number for element, number in numbers.items())
        if now is None or not stands or now.state not in DONE:
            await self.set(name, numbers)

    async def set(self, name: str, numbers: Mapping[str, float], within: float = 0.01) -> None:
        """Send numbers and return when the device says, after they were sent, that it is there.

        within: how far from them it may say to be. Raises as `turn` does.
        """
        before, losses = self.vector(name), self.losses()
        self.line.put(self.name, name, numbers)
        said = ", ".join(f"{element} {number:g}" for element, number in numbers.items())

        def there() -> bool:
            now = self.vector(name)
            if now is None or now is before:
                return False
            if now.state == "Alert":
                raise DeviceError(f"'{self.name}' says that {said} has failed")
            return now.state in DONE and all(
                abs(float(now.values.get(element, inf)) - number) <= within for element, number in numbers.items()
            )

        await self.until(there, f"{said} of '{self.name}'", losses)

    async def until(self, seen: Callable[[], bool], what: str, losses: int) -> None:
        """Return once it is seen. Raises DeviceTimeout if that takes too long, DeviceError if the device has gone.

        losses: how often it had gone before it was told; counted after, a driver that goes just then is not missed.
        """

        def there_and_seen() -> bool:
            if self.losses() != losses:
                raise DeviceError(f"'{self.name}' has gone: {what} was not seen")
            return seen()

        await until(self.clock, there_and_seen, self.timeout_s, what, self.glance_s)
