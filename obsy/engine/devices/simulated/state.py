"""What all simulated devices stand on: the clock, the scenario, and the truth about the hardware."""

from typing import Any

from obsy.engine.devices.ports import Clock
from obsy.engine.devices.simulated.happenings import Happenings
from obsy.engine.devices.simulated.horizontal import SimulatedLocation
from obsy.engine.devices.simulated.parts import Parts
from obsy.engine.devices.simulated.truth import Motion, Pointed, Truth
from obsy.errors import DeviceError, DeviceTimeout
from obsy.schemas.train import Filter

SLOW = 3.0
SILENCE_S = 10.0


class SimulatedState:
    """The one place where the truth changes."""

    def __init__(self, parts: Parts, clock: Clock) -> None:
        self.parts, self.clock = parts, clock
        self.happenings = Happenings(parts.scenario, parts.night, parts.site.timezone)
        self.place = SimulatedLocation(parts.site.latitude, parts.site.longitude)
        self.truth = _declared_anew(Truth.read(parts.state, _first(parts)), parts, self.now_s)

    @property
    def now_s(self) -> float:
        """Seconds since 1970."""
        return self.clock.now().timestamp()

    @property
    def slot(self) -> Filter:
        """The filter in the beam."""
        return self.parts.train.filters.slots[self.truth.slot]

    def change(self, **facts: Any) -> None:
        """Let these facts be so, and write the whole truth down."""
        self.truth = self.truth.model_copy(update=facts)
        self.truth.write(self.parts.state)

    def collide(self, what: str) -> DeviceError:
        """The error to raise for a collision, which is never forgotten."""
        said = f"{self.clock.now().isoformat()} {what}"
        self.change(collisions=(*self.truth.collisions, said))
        return DeviceError(f"collision: {what}")

    def refuse(self, what: str) -> DeviceError:
        """The error to raise for a move that an interlock prevented, which is remembered too."""
        self.change(refusals=(*self.truth.refusals, f"{self.clock.now().isoformat()} {what}"))
        return DeviceError(what)

    def fault(self, device: str) -> str | None:
        """What is wrong with a device now: stuck, timeout, slow or nothing. Raises DeviceError if it is dead."""
        trouble = self.happenings.trouble(device, self.now_s)
        if trouble is None:
            return None
        if trouble.fault == "dead":
            raise DeviceError(f"the {device} does not answer")
        return trouble.fault

    async def turn(self, device: str, seconds: float) -> None:
        """Let a small device do what takes so long. Raises DeviceError if the scenario says that it fails."""
        fault = self.fault(device)
        if fault == "stuck":
            await self.clock.sleep(seconds)
            raise DeviceError(f"the {device} was asked to move, but stays where it is")
        if fault == "timeout":
            await self.clock.sleep(SLOW * seconds + SILENCE_S)
            raise DeviceTimeout(f"the {device} did not finish within {SLOW * seconds + SILENCE_S:g} s")
        await self.clock.sleep(seconds * (SLOW if fault == "slow" else 1))


def _first(parts: Parts) -> Truth:
    best = parts.train.focuser.best
    return Truth(mount=_at_home(parts), focus=Motion(origin=best, goal=best))


def _at_home(parts: Parts) -> Pointed:
    park = parts.mount.park
    return Pointed(
        altitude=Motion(origin=park.altitude, goal=park.altitude),
        azimuth=Motion(origin=park.azimuth, goal=park.azimuth),
    )


def _declared_anew(truth: Truth, parts: Parts, now_s: float) -> Truth:
    """The truth under equipment that may have been edited since: a parked mount is where it parks now."""
    rests = truth.mount.parked and not truth.mount.altitude.moving(now_s)
    return truth.model_copy(
        update={
            "mount": _at_home(parts) if rests else truth.mount,
            "slot": min(truth.slot, len(parts.train.filters.slots) - 1),
        }
    )
