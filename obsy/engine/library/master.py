"""The values of the calibration library: what a master is, what a light asks for, what must be taken."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from obsy.engine.identity import Card

LEANS_ON = {"bias": (), "dark": ("bias",), "flat": ("bias", "dark")}
"""The masters that the frames of a master are freed of."""
ALIKE = 1e-3
"""How much two exposures may differ that count as one, as a share and in seconds."""


def same_exposure(one_s: float, other_s: float) -> bool:
    """Whether two exposures count as one: what a driver writes of 180 s may be 180.004 s."""
    return abs(one_s - other_s) <= ALIKE * max(one_s, other_s, 1.0)


@dataclass(frozen=True, slots=True)
class Master:
    """A combined calibration frame. A dark is kept less its bias if there was one, a flat at a mean of one."""

    path: Path
    sha256: str
    train: str
    kind: str
    """bias, dark or flat."""
    exposure_s: float
    filter: str | None
    gain: int | None
    offset: int | None
    binning: int | None
    temperature_c: float | None
    camera: str | None
    night: date
    """The observing night its frames were taken in."""
    taken_at: datetime
    """When the newest of its frames began, UTC."""
    frames: int
    """How many frames it combines."""
    readout: str | None = None
    """The camera's readout mode, as its driver calls it."""
    rotation_deg: float | None = None
    """Where the rotator stood."""
    pedestal: bool = False
    """Whether the camera's pedestal is in it still: in a bias, which is nothing else, and in what had no bias."""


@dataclass(frozen=True, slots=True, order=True)
class LightNeed:
    """One sort of light that is to be calibrated."""

    train: str
    exposure_s: float
    filter: str


@dataclass(frozen=True, slots=True)
class CalibrationSet:
    """Calibration frames to take with one train, of which one master is built. A bias set asks for 0 s."""

    train: str
    kind: str
    exposure_s: float
    filter: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Masters:
    """What calibrates one frame; `missing` says, a line each, what the library could not offer."""

    bias: Master | None = None
    dark: Master | None = None
    flat: Master | None = None
    missing: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    """Why these and no others, a line each that begins with the kind."""

    def used(self, steps: Collection[str]) -> tuple[Master, ...]:
        """Return the masters that these steps of a pipeline call for, as far as there are any."""
        return tuple(each for each in (self.bias, self.dark, self.flat) if each is not None and each.kind in steps)

    def to_free(self, kind: str, exposure_s: float) -> "Masters":
        """Return those that a master of this kind and exposure is freed of; none if its pedestal cannot be taken off.

        Without a bias, a dark of a flat's own exposure takes the pedestal with it, if it has it still.
        """
        bias, dark = (getattr(self, each) if each in LEANS_ON[kind] else None for each in ("bias", "dark"))
        if bias is None and dark is not None and not (dark.pedestal and same_exposure(dark.exposure_s, exposure_s)):
            dark = None
        left = [each.kind for each in (bias, dark) if each is not None]
        return replace(self, bias=bias, dark=dark, flat=None, why=self.told(left))

    def told(self, steps: Collection[str]) -> tuple[str, ...]:
        """Return why these steps of a pipeline are given the masters that they are."""
        return tuple(line for line in self.why if line.partition(":")[0] in steps)

    def cards(self, steps: Collection[str]) -> tuple[Card, ...]:
        """Return what the header of a file says of the masters behind it: their hashes, and why these."""
        named = [(f"{each.kind.upper()}SHA", each.sha256, "") for each in self.used(steps)]
        told = [line.partition(": ") for line in self.told(steps)]
        return (*named, *((f"{kind.upper()}WHY", words, "") for kind, _, words in told))
