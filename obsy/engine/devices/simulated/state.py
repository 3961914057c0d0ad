"""The true state of the simulated hardware, kept in a file, with the clock and the scenario it follows."""

import os
from itertools import count
from json import dumps
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from obsy.engine.devices.ports import Clock, Pier
from obsy.engine.devices.simulated.parts import Parts
from obsy.engine.devices.simulated.timeline import ScenarioTimeline, Trouble
from obsy.errors import DeviceError, DeviceTimeout, UserError
from obsy.schemas.enclosure import Enclosure
from obsy.schemas.mount import Mount
from obsy.schemas.train import Filter, Train

TICK_S = 0.001
"""What a clock may round away."""


class StateRecord(BaseModel):
    """A part of what is written down."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Motion(StateRecord):
    """One number on its way from one value to another, in a straight line; times in seconds since 1970.

    Motors finish what they were told even when obsy dies. A motion of the future belongs to an earlier rehearsal,
    and is over.
    """

    origin: float
    goal: float
    begin_s: float = 0.0
    end_s: float = 0.0

    def moving(self, at_s: float) -> bool:
        """Return whether it is moving at a time."""
        return self.begin_s <= at_s < self.end_s - TICK_S

    def value(self, at_s: float) -> float:
        """Return where it is at a time."""
        if not self.moving(at_s):
            return self.goal
        return self.origin + (self.goal - self.origin) * (at_s - self.begin_s) / (self.end_s - self.begin_s)


class TrackedTarget(StateRecord):
    """What the mount tracks: the place it was sent to, how far beside it really is, and how it drifts."""

    ra_deg: float
    dec_deg: float
    ra_rate: float
    """Arcsec per hour on the sky, east and north, as the two below."""
    dec_rate: float
    error_arcsec: tuple[float, float]
    """East and north."""
    drift_arcsec_min: tuple[float, float]
    """East and north."""
    since_s: float
    until_s: float | None
    """When it reaches its limit past the meridian and stops."""


class MountRecord(StateRecord):
    """Where the tube points and how it gets there."""

    altitude: Motion
    azimuth: Motion
    aim: TrackedTarget | None = None
    parked: bool = True
    """Its claim."""
    pier: Pier = Pier.UNKNOWN


class TrainRecord(StateRecord):
    """How one train is set."""

    sensor: Motion | None = None
    """Temperature, degC; None while the cooler is off."""
    slot: int = 0
    focus: Motion = Motion(origin=0, goal=0)
    rotor: Motion = Motion(origin=0, goal=0)
    cover: str = "dark"


class HardwareRecord(StateRecord):
    """All of one site's hardware, by the names that are declared."""

    roofs: dict[str, Motion] = {}
    """0 is closed, 1 is open."""
    mounts: dict[str, MountRecord] = {}
    trains: dict[str, TrainRecord] = {}
    collisions: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()
    begun: dict[str, float] = {}
    """When what the scenario lets wait for something began, and what befell the computer."""

    @classmethod
    def read(cls, path: Path) -> Self:
        """Return what was written down, or what a new observatory is like.

        Raise UserError for what this version cannot read; the file is kept under another name.
        """
        try:
            return cls.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            return cls()
        except ValidationError:
            aside = next(to for n in count(1) if not (to := path.with_name(f"{path.stem}-{n}.old")).exists())
            path.rename(aside)
            raise UserError(
                f"{path} says how the simulated hardware stands, but it is damaged, or of another version of obsy; "
                f"it is now {aside.name}: give the command again, and the simulated observatory starts anew, "
                "roofs closed and mounts parked"
            ) from None

    def moved(self) -> list[Motion]:
        """Return the last motion of each roof and of each mount."""
        return [*self.roofs.values(), *(mount.altitude for mount in self.mounts.values())]

    def write(self, path: Path) -> None:
        """Write it down, whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part")
        unfinished.write_text(self.model_dump_json(indent=1) + "\n")
        os.replace(unfinished, path)


SLOW = 3.0
SILENCE_S = 10.0
FOR_EVER_S = 1e6
"""Longer than any night."""


class SimulatedState:
    """The one place where the state of the hardware changes, and is written down at each change."""

    def __init__(self, parts: Parts, clock: Clock) -> None:
        self.parts, self.clock = parts, clock
        self.set_by_s = 0.0
        """How far the computer's clock has been set since: the world goes on in its own time."""
        self.place = parts.site.location
        self.hardware = _declared(HardwareRecord.read(parts.state), parts, self.now_s)
        begun = self.hardware.begun
        self.timeline = ScenarioTimeline(parts.scenario, parts.night, parts.site, begun, parts.dusk)

    @property
    def now_s(self) -> float:
        """Seconds since 1970, truly."""
        return self.clock.now().timestamp() - self.set_by_s

    def roof(self, enclosure: Enclosure) -> Motion:
        """Return where a roof truly is."""
        return self.hardware.roofs[enclosure.name]

    def set_roof(self, enclosure: Enclosure, motion: Motion) -> None:
        """Set the motion of a roof."""
        if motion.goal != motion.origin:
            self._happens("roof-opens" if motion.goal > motion.origin else "roof-closes")
        self._change(roofs={**self.hardware.roofs, enclosure.name: motion})

    def mount(self, mount: Mount) -> MountRecord:
        """Return where a mount truly points."""
        return self.hardware.mounts[mount.name]

    def set_mount(self, mount: Mount, pointed: MountRecord) -> None:
        """Set where a mount points."""
        if pointed.altitude.moving(self.now_s):
            self._happens("mount-parks" if pointed.parked else "mount-slews")
        self._change(mounts={**self.hardware.mounts, mount.name: pointed})

    def train(self, train: Train) -> TrainRecord:
        """Return how a train is truly set."""
        return self.hardware.trains[train.name]

    def set_train(self, train: Train, **facts: Any) -> None:
        """Change parts of how a train is set."""
        changed = self.train(train).model_copy(update=facts)
        self._change(trains={**self.hardware.trains, train.name: changed})

    def slot(self, train: Train) -> Filter:
        """Return the filter in a train's beam."""
        return train.slots[self.train(train).slot]

    def _happens(self, what: str) -> None:
        """Let begin what the scenario lets wait for this."""
        begun = {**self.hardware.begun, **self.timeline.happens(what, self.now_s)}
        self.hardware = self.hardware.model_copy(update={"begun": begun})

    def befalls(self, trouble: Trouble) -> None:
        """Write down that something befalls the computer, which then does not do so again."""
        self._change(begun={**self.hardware.begun, f"befell {trouble.number}": self.now_s})

    def befell(self, trouble: Trouble) -> bool:
        """Return whether that has befallen the computer."""
        return f"befell {trouble.number}" in self.hardware.begun

    def cut_power(self) -> None:
        """Let every motor stand where it is."""
        now = self.now_s
        roofs = {name: _standing(each.value(now)) for name, each in self.hardware.roofs.items()}
        mounts = {
            name: each.model_copy(
                update={
                    "altitude": _standing(each.altitude.value(now)),
                    "azimuth": _standing(each.azimuth.value(now)),
                    "parked": each.parked and not each.altitude.moving(now),
                    "aim": None,
                }
            )
            for name, each in self.hardware.mounts.items()
        }
        self._change(roofs=roofs, mounts=mounts)

    def _change(self, **facts: Any) -> None:
        """Change these parts, and write everything down."""
        self.hardware = self.hardware.model_copy(update=facts)
        self.hardware.write(self.parts.state)
        if self.parts.trace is not None:
            with self.parts.trace.open("a") as trace:
                trace.write(dumps([self.now_s, self.hardware.model_dump(mode="json")]) + "\n")

    def collide(self, what: str) -> DeviceError:
        """Return the error to raise for a collision, and record it."""
        said = f"{self.clock.now().isoformat()} {what}"
        self._change(collisions=(*self.hardware.collisions, said))
        return DeviceError(f"collision: {what}")

    def refuse(self, what: str) -> DeviceError:
        """Return the error to raise for a move that an interlock prevented, and record it."""
        self._change(refusals=(*self.hardware.refusals, f"{self.clock.now().isoformat()} {what}"))
        return DeviceError(what)

    async def faults(self, *names: str) -> dict[str, Trouble]:
        """Return what is wrong with a device, by sort, once it answers at all. Raises DeviceError if it does not.

        names: its sort, and the name that is declared.
        """
        found = self.timeline.troubles(names, self.now_s)
        if (late := found.get("delay")) is not None:
            await self.clock.sleep(late.told.by or 0.0)
        while (frozen := self.timeline.troubles(names, self.now_s).get("freeze")) is not None:
            await self.clock.sleep(min(frozen.end_s - self.now_s, FOR_EVER_S))
        return self.faults_now(*names)

    def faults_now(self, *names: str) -> dict[str, Trouble]:
        """Return the same of a device that is never late."""
        found = self.timeline.troubles(names, self.now_s)
        if "disconnect" in found:
            raise DeviceError(f"the {names[0]} does not answer")
        return found

    async def turn(self, train: Train, device: str, seconds: float) -> None:
        """Wait as long as a small device takes. Raises DeviceError if the scenario says that it fails."""
        found = await self.faults(device, f"{train.name} {device}")
        if "stuck" in found or "garbage" in found:
            await self.clock.sleep(seconds)
            raise DeviceError(f"the {device} was asked to move, but stays where it is")
        if "timeout" in found:
            await self.clock.sleep(SLOW * seconds + SILENCE_S)
            raise DeviceTimeout(f"the {device} did not finish within {SLOW * seconds + SILENCE_S:g} s")
        await self.clock.sleep(seconds * (SLOW if "slow" in found else 1))


def _standing(at: float) -> Motion:
    return Motion(origin=at, goal=at)


def at_home(mount: Mount) -> MountRecord:
    """Return a mount that rests where it parks."""
    return MountRecord(
        altitude=Motion(origin=mount.park.altitude, goal=mount.park.altitude),
        azimuth=Motion(origin=mount.park.azimuth, goal=mount.park.azimuth),
    )


def _declared(truth: HardwareRecord, parts: Parts, now_s: float) -> HardwareRecord:
    """Return the state of the equipment as it is declared now; a parked mount is where it parks now."""
    mounts, trains = {}, {}
    for mount in parts.mounts:
        known = truth.mounts.get(mount.name)
        rests = known is None or (known.parked and not known.altitude.moving(now_s))
        mounts[mount.name] = at_home(mount) if rests or known is None else known
    for train in parts.trains:
        best = train.focuser.best if train.focuser is not None else 0.0
        least = train.rotator.range.above if train.rotator is not None and train.rotator.range is not None else 0.0
        new = TrainRecord(focus=_standing(best), rotor=_standing(least))
        set_so = truth.trains.get(train.name, new)
        trains[train.name] = set_so.model_copy(update={"slot": min(set_so.slot, len(train.slots) - 1)})
    roofs = {each.name: truth.roofs.get(each.name, Motion(origin=0, goal=0)) for each in parts.enclosures}
    return truth.model_copy(update={"roofs": roofs, "mounts": mounts, "trains": trains})
