"""What the scheduler weighs, a goal that still wants something on the night's grid, and where it places it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from obsy.engine.schedule.goal_line import GoalLine
from obsy.engine.schedule.pier import half_of
from obsy.engine.signal import Signal
from obsy.engine.sky.constraints import Limit
from obsy.engine.sky.grid import Floats, Mask, Window
from obsy.engine.sky.track import Track
from obsy.schemas.target import Satellite

AHEAD_S = 150.0
"""What has a time of its own is begun so long before it, or sooner where its set-up takes longer."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a request has no place tonight: a stable code, and words."""

    code: str
    words: str


NOT_CHOSEN = Reason("not-chosen", "others of its list have been chosen tonight")


@dataclass(frozen=True, slots=True)
class Claim:
    """What an hour of a goal's exposure is worth tonight, whenever it is taken, by reason; see `schedule/value.py`."""

    priority: float
    deadline: float = 0.0
    season: float = 0.0
    immediate: float = 0.0
    share: float = 0.0

    @property
    def total(self) -> float:
        """Return the sum."""
        return self.priority + self.deadline + self.season + self.immediate + self.share


@dataclass(frozen=True, slots=True)
class Bond:
    """What counts only together: a night has all that is still wanted of it, or nothing; see `bond.py`."""

    name: str
    begun: bool = False
    """Whether something of it has been tried tonight: then it goes before all that is not."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for, without the sky: one line of a plan, of one train."""

    line: GoalLine
    train: str
    count: int
    """Frames still wanted."""
    claim: Claim
    """How much it is wanted among others."""
    whole: int = 0
    """Frames of the whole goal, those that are taken too, where only its frames tell; else its line says."""
    signal: Signal | None = None
    """What the frames of a goal in S/N prove so far; None of other goals."""
    beyond: int = 0
    """Frames still wanted that its next flyover does not hold; none of what does not fly."""
    choice: tuple[str, int] | None = None
    """The list of which only so many plans more get time tonight."""
    bond: Bond | None = None
    """What it counts only together with; None if it counts alone."""


@dataclass(frozen=True, slots=True)
class FlyoverTaken:
    """A time that one mount has for something that flies."""

    satellite: Satellite
    window: Window
    half: int
    """Of the sky, by which a German mount chooses its side."""


Beside = Callable[[Sequence[FlyoverTaken]], "Candidate | None"]


@dataclass(frozen=True, eq=False)
class Candidate:
    """A request under tonight's sky; arrays are (times,) on the night's grid."""

    request: Request
    ra_deg: Floats
    dec_deg: Floats
    altitude_deg: Floats
    hour_angle_h: Floats
    free: Mask
    """Where every declared constraint holds."""
    fixed: Window | None = None
    """A time that must be covered whole, such as a transit."""
    begun: bool = False
    """Whether that time has come and its frames are being taken: then nothing displaces it."""
    refused: Reason | None = None
    """Why it cannot be taken tonight whatever else is done."""
    track: Track | None = None
    """Its target over the night."""
    limits: tuple[Limit, ...] = ()
    """What `free` rests on: all that its plan declares, and site and mount have."""
    moonlight: Floats | float = 0.0
    """What share of the sky's light there is the Moon's, as it counts in its filter; from 0 to 1."""
    beside: Beside | None = None
    """Of what flies, until all candidates are known: the same beside times that are taken; None if there is no room."""

    @property
    def size(self) -> int:
        """Frames of the whole goal, of one visit, or of one event."""
        return max(self.request.line.size, self.request.count, self.request.whole)

    @cached_property
    def opens(self) -> tuple[int, ...]:
        """The instants at which it can be taken, and could not be just before."""
        return tuple(int(at) + 1 for at in np.flatnonzero(self.free[1:] & ~self.free[:-1]))

    @cached_property
    def rest(self) -> NDArray[np.int32]:
        """How many instants are free from each on."""
        return self.free[::-1].cumsum(dtype=np.int32)[::-1]

    @cached_property
    def stops(self) -> NDArray[np.int32]:
        """The first instant from each on that is not free; how many there are, where all are."""
        taken = np.where(self.free, self.free.size, np.arange(self.free.size)).astype(np.int32)
        return np.minimum.accumulate(taken[::-1])[::-1]

    @cached_property
    def moonless(self) -> Floats:
        """At each instant, 1 without moonlight, and less, the more of it there is."""
        return self.moonless_once()

    @cached_property
    def quality(self) -> Floats:
        """At each instant, the least air through which it can be taken tonight, as a share of what is there then."""
        return self.quality_once()

    def moonless_once(self) -> Floats:
        """Return `moonless` and keep nothing: for who asks every candidate of a night, and each once."""
        return np.broadcast_to(1.0 - np.asarray(self.moonlight), self.altitude_deg.shape)

    def quality_once(self) -> Floats:
        """Return `quality` and keep nothing."""
        height = np.sin(np.radians(np.maximum(self.altitude_deg, 0.0)))
        best = float(height[self.free].max()) if self.free.any() else 0.0
        return np.minimum(height / best, 1.0) if best > 0 else np.zeros_like(height)


@dataclass(frozen=True, slots=True)
class Leeway:
    """How a block is taken that was planned with what was learned: half of all slews take longer than their median."""

    until: datetime
    """When it must be over; no sooner than its planned end."""
    each_s: float
    """From one exposure to the next."""
    focus_s: float
    """How long a focus run takes."""


@dataclass(frozen=True, slots=True)
class Block:
    """`count` frames of one request; from the start of the first exposure to the end of the last file."""

    request: Request
    count: int
    start: datetime
    end: datetime
    ra_deg: float
    dec_deg: float
    hour_angle_h: float
    """At the start."""
    ra_rate: float = 0.0
    """Motion on the sky in right ascension times cos dec, arcsec per hour."""
    dec_rate: float = 0.0
    """Motion in declination, arcsec per hour."""
    setup_s: float = field(default=0.0, compare=False)
    """How long slew, filter and focus run take before the first exposure."""
    fixed: bool = False
    """Whether its time is its own, as a transit's: then it is taken to its end, and gives way to nothing."""
    leeway: Leeway | None = field(default=None, compare=False)
    """None where what is declared counts."""

    @property
    def begin(self) -> datetime:
        """When the telescope is to be sent there: no exposure begins before its target may be taken."""
        return self.start - timedelta(seconds=max(self.setup_s, AHEAD_S if self.fixed else 0.0))

    @property
    def half(self) -> int:
        """The half of the sky by which a German mount chooses its side: that of when it is sent there."""
        return self.half_when(self.begin)

    def half_when(self, sent: datetime) -> int:
        """Return the same of a mount that is sent there at a moment."""
        return half_of(self.hour_angle_h, (sent - self.start).total_seconds())


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A request that gets nothing tonight, and why."""

    request: Request
    reason: Reason


@dataclass(frozen=True, slots=True)
class Schedule:
    """One night's blocks in order of time, and what found no place."""

    blocks: tuple[Block, ...]
    unplaced: tuple[Unplaced, ...]
