"""What the simulated hardware really is and does: it outlives obsy, so it is written down at each change."""

import os
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict

from obsy.engine.devices.ports import Pier

TICK_S = 0.001
"""What a clock may round away."""


class Fact(BaseModel):
    """A part of the truth."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Motion(Fact):
    """One number on its way from one value to another, in a straight line; times in seconds since 1970.

    Motors finish what they were told even when obsy dies. A motion of the future belongs to an earlier rehearsal,
    and is over.
    """

    origin: float
    goal: float
    begin_s: float = 0.0
    end_s: float = 0.0

    def moving(self, at_s: float) -> bool:
        """Whether it is under way."""
        return self.begin_s <= at_s < self.end_s - TICK_S

    def value(self, at_s: float) -> float:
        """Where it is."""
        if not self.moving(at_s):
            return self.goal
        return self.origin + (self.goal - self.origin) * (at_s - self.begin_s) / (self.end_s - self.begin_s)


class TrackedTarget(Fact):
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


class Pointed(Fact):
    """Where the tube points and how it gets there."""

    altitude: Motion
    azimuth: Motion
    aim: TrackedTarget | None = None
    parked: bool = True
    """Its claim."""
    pier: Pier = Pier.UNKNOWN


class TrainTruth(Fact):
    """How one train is set."""

    sensor: Motion | None = None
    """Temperature, degC; None while the cooler is off."""
    slot: int = 0
    focus: Motion = Motion(origin=0, goal=0)
    cover: str = "dark"


class Truth(Fact):
    """All of one site's hardware, by the names that are declared."""

    roofs: dict[str, Motion] = {}
    """0 is closed, 1 is open."""
    mounts: dict[str, Pointed] = {}
    trains: dict[str, TrainTruth] = {}
    collisions: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()

    @classmethod
    def read(cls, path: Path) -> Self:
        """What was written down; nothing on the first day."""
        return cls.model_validate_json(path.read_bytes()) if path.exists() else cls()

    def write(self, path: Path) -> None:
        """Write it down, whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part")
        unfinished.write_text(self.model_dump_json(indent=1) + "\n")
        os.replace(unfinished, path)
