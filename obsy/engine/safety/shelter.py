"""What is brought to safety together: one enclosure, the mounts under it, and what was declared of them."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime

from obsy.engine.devices.ports import Clock, EnclosurePort, MountPort, Roof
from obsy.engine.safety.sightings import Sightings
from obsy.schemas.enclosure import Enclosure
from obsy.schemas.mount import Mount
from obsy.schemas.policy import Safety
from obsy.schemas.site import Location

LATE_S = 30.0
"""How much later than a device's own limit a call to it is given up."""
HALF_TURN_DEG = 180.0


@dataclass(slots=True)
class RoofStance:
    """What is meant of one roof; whoever acts on it shares this, and changes it before the command is sent."""

    meant: Roof = Roof.UNKNOWN
    """Open: mounts may move. Moving: it is being opened. Closed: it must be seen closed. Unknown: it is made safe."""
    exposed: bool = True
    """Whether it may have been open since it was last proven closed. Until anything is known it may."""
    unseen: int = 0
    """So many looks ago its switches said last where it is; counted by whoever watches it every second."""
    sightings: Sightings = field(default_factory=Sightings)
    """What its switches have said, and when."""
    travels: bool = False
    """Whether it was told to move, or seen to, and has not been seen at either end since: it may stand half-way."""
    astray: bool = False
    """Whether a mount was seen out of its park under a travelling roof since that was told to close last."""
    aborted: int = 0
    """So many closings have failed so since the roof was last proven closed."""
    passes: bool = False
    """Whether the policy lets it pass over a mount that does not park."""
    closing: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held by the one that makes safe."""
    let_go: "asyncio.Future[None] | None" = None
    """Done when no night moves a mount under it any more; None where none has leave to."""


@dataclass(frozen=True, slots=True)
class ShelteredMount:
    """A mount under the enclosure."""

    declared: Mount
    port: MountPort

    @property
    def moves_within_s(self) -> float:
        """How long the longest move may take, changing sides included, before the mount is given up, seconds.

        Thrice what is declared: a cold mount is slow, and to stop one on its way home helps nobody.
        """
        return 3.0 * (2.0 * HALF_TURN_DEG / self.declared.slew + self.declared.settle) + LATE_S


@dataclass(frozen=True, slots=True)
class Shelter:
    """One enclosure and everything under it, whoever asks for its safety: the night, or a process of its own."""

    clock: Clock
    place: Location | None
    """Where it stands; None if nothing stands under it to observe with, and then it never opens."""
    declared: Enclosure
    port: EnclosurePort
    mounts: tuple[ShelteredMount, ...]
    policy: Safety
    stance: RoofStance = field(default_factory=RoofStance)
    ends: datetime | None = None
    """When a rehearsal gives up closing; a real roof is never given up."""

    @property
    def clears(self) -> bool:
        """Whether the roof clears the mounts wherever they point."""
        return self.declared.clearance == "free"

    @property
    def home_within_s(self) -> float:
        """How long it may take until the mounts are parked and the roof is closed before people are called, seconds."""
        mounts = (each.declared for each in self.mounts)
        slowest_s = max((2.0 * HALF_TURN_DEG / each.slew + each.settle for each in mounts), default=0.0)
        return slowest_s + self.declared.timeout + LATE_S

    @property
    def moves_within_s(self) -> float:
        """How long the roof may take from end to end before it is given up, seconds."""
        return self.declared.timeout + LATE_S

    def is_over(self) -> bool:
        """Whether a rehearsal gives up closing now."""
        return self.ends is not None and self.clock.now() >= self.ends
