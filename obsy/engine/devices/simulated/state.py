"""What all simulated devices stand on: the clock, the scenario, and the truth about the hardware."""

from typing import Any

from obsy.engine.devices.ports import Clock
from obsy.engine.devices.simulated.happenings import Happenings
from obsy.engine.devices.simulated.horizontal import SimulatedLocation
from obsy.engine.devices.simulated.parts import Parts
from obsy.engine.devices.simulated.truth import Motion, Pointed, TrainTruth, Truth
from obsy.errors import DeviceError, DeviceTimeout
from obsy.schemas.enclosure import Enclosure
from obsy.schemas.mount import Mount
from obsy.schemas.train import Filter, Train

SLOW = 3.0
SILENCE_S = 10.0


class SimulatedState:
    """The one place where the truth changes."""

    def __init__(self, parts: Parts, clock: Clock) -> None:
        self.parts, self.clock = parts, clock
        self.happenings = Happenings(parts.scenario, parts.night, parts.site.timezone)
        self.place = SimulatedLocation(parts.site.latitude, parts.site.longitude)
        self.truth = _declared(Truth.read(parts.state), parts, self.now_s)

    @property
    def now_s(self) -> float:
        """Seconds since 1970."""
        return self.clock.now().timestamp()

    def roof(self, enclosure: Enclosure) -> Motion:
        """Return where a roof truly is."""
        return self.truth.roofs[enclosure.name]

    def set_roof(self, enclosure: Enclosure, motion: Motion) -> None:
        """Let a roof move so."""
        self._change(roofs={**self.truth.roofs, enclosure.name: motion})

    def mount(self, mount: Mount) -> Pointed:
        """Return where a mount truly points."""
        return self.truth.mounts[mount.name]

    def set_mount(self, mount: Mount, pointed: Pointed) -> None:
        """Let a mount point so."""
        self._change(mounts={**self.truth.mounts, mount.name: pointed})

    def train(self, train: Train) -> TrainTruth:
        """Return how a train is truly set."""
        return self.truth.trains[train.name]

    def set_train(self, train: Train, **facts: Any) -> None:
        """Let these facts be so of a train."""
        changed = self.train(train).model_copy(update=facts)
        self._change(trains={**self.truth.trains, train.name: changed})

    def slot(self, train: Train) -> Filter:
        """Return the filter in a train's beam."""
        return train.slots[self.train(train).slot]

    def _change(self, **facts: Any) -> None:
        """Let these facts be so, and write the whole truth down."""
        self.truth = self.truth.model_copy(update=facts)
        self.truth.write(self.parts.state)

    def collide(self, what: str) -> DeviceError:
        """The error to raise for a collision, which is never forgotten."""
        said = f"{self.clock.now().isoformat()} {what}"
        self._change(collisions=(*self.truth.collisions, said))
        return DeviceError(f"collision: {what}")

    def refuse(self, what: str) -> DeviceError:
        """The error to raise for a move that an interlock prevented, which is remembered too."""
        self._change(refusals=(*self.truth.refusals, f"{self.clock.now().isoformat()} {what}"))
        return DeviceError(what)

    def fault(self, *names: str) -> str | None:
        """What is wrong with a device now: stuck, timeout, slow or nothing. Raises DeviceError if it is dead.

        names: its sort, and the name that is declared.
        """
        trouble = self.happenings.trouble(names, self.now_s)
        if trouble is None:
            return None
        if trouble.fault == "dead":
            raise DeviceError(f"the {names[0]} does not answer")
        return trouble.fault

    async def turn(self, train: Train, device: str, seconds: float) -> None:
        """Let a small device do what takes so long. Raises DeviceError if the scenario says that it fails."""
        fault = self.fault(device, f"{train.name} {device}")
        if fault == "stuck":
            await self.clock.sleep(seconds)
            raise DeviceError(f"the {device} was asked to move, but stays where it is")
        if fault == "timeout":
            await self.clock.sleep(SLOW * seconds + SILENCE_S)
            raise DeviceTimeout(f"the {device} did not finish within {SLOW * seconds + SILENCE_S:g} s")
        await self.clock.sleep(seconds * (SLOW if fault == "slow" else 1))


def at_home(mount: Mount) -> Pointed:
    """Return a mount that rests where it parks."""
    return Pointed(
        altitude=Motion(origin=mount.park.altitude, goal=mount.park.altitude),
        azimuth=Motion(origin=mount.park.azimuth, goal=mount.park.azimuth),
    )


def _declared(truth: Truth, parts: Parts, now_s: float) -> Truth:
    """The truth under equipment that may have been edited since: a parked mount is where it parks now."""
    mounts, trains = {}, {}
    for mount in parts.mounts:
        known = truth.mounts.get(mount.name)
        rests = known is None or (known.parked and not known.altitude.moving(now_s))
        mounts[mount.name] = at_home(mount) if rests or known is None else known
    for train in parts.trains:
        best = train.focuser.best if train.focuser is not None else 0.0
        set_so = truth.trains.get(train.name, TrainTruth(focus=Motion(origin=best, goal=best)))
        trains[train.name] = set_so.model_copy(update={"slot": min(set_so.slot, len(train.slots) - 1)})
    roofs = {each.name: truth.roofs.get(each.name, Motion(origin=0, goal=0)) for each in parts.enclosures}
    return truth.model_copy(update={"roofs": roofs, "mounts": mounts, "trains": trains})
