"""What was seen of a roof's motions since its driver began, and so which of its words count."""

from dataclasses import dataclass

from obsy.engine.devices.indi.connection import Vector
from obsy.engine.devices.ports import Roof

STANDS = {"PARK": Roof.CLOSED, "UNPARK": Roof.OPEN}


@dataclass(frozen=True, slots=True)
class RoofLook:
    """What a driver says at one moment."""

    now_s: float
    park: Vector
    """Where it says that it is parked."""
    busy: tuple[Vector | None, Vector | None]
    """The newest words by which it said that it moves: of its parking, and of its motion."""
    moves: bool
    """Whether it says so now."""
    stopped: Vector | None
    """What it said last of being stopped."""
    failed: bool
    """Whether it says of its motion that it has failed."""
    alerts: int
    """How often it has told of a fault."""
    turns: int
    """How often it has said something else of its parking, or of its motion."""

    def said(self) -> str | None:
        """Where it says to have arrived; None for what was said to others, or with doubt."""
        is_doubtful = self.failed or self.park.state != "Ok" or self.park.received is None
        return None if is_doubtful else self.park.chosen()


@dataclass(slots=True)
class _Motion:
    """One motion. before: the last look at rest, or the first of all; begun: the first word of it that was heard."""

    before: RoofLook
    since_s: float
    begun: Vector | None = None
    told: str | None = None
    """Where it was told to go last, as far as its parking says so."""

    def lasted_s(self, end: RoofLook) -> float:
        """How long at least: by our looks, which may be late, and by when its words came, whose clock may be set."""
        by_looks_s = end.now_s - self.since_s
        if self.begun is None or self.begun.received is None or end.park.received is None:
            return by_looks_s
        return min(by_looks_s, (end.park.received - self.begun.received).total_seconds())

    def ended(self, end: RoofLook) -> bool:
        """Whether its end was said: anew, unstopped, without a fault, and where it was told to go, or elsewhere."""
        said, before = end.said(), self.before
        if said is None or end.park is before.park or end.stopped is not before.stopped or end.alerts != before.alerts:
            return False
        return said == self.told if self.told else said != before.park.chosen()


class Motions:
    """The motions of one roof, whoever asked for them."""

    def __init__(self, shortest_s: float, *, believed: bool) -> None:
        """Nothing was seen.

        shortest_s: what is over sooner was an echo. believed: whether the driver reads end switches, so that its word
        counts before any motion, and however short one was.
        """
        self._shortest_s, self._believed = shortest_s, believed
        self._counts, self._arrived = believed, ""
        self._last: RoofLook | None = None
        self._motion: _Motion | None = None

    def stands(self, look: RoofLook) -> Roof:
        """Return where the roof is."""
        last, self._last = self._last or look, look
        self._follow(last, look)
        if look.moves:
            return Roof.MOVING
        said = look.said()
        if self._motion is not None:
            long_enough = self._believed or self._motion.lasted_s(look) >= self._shortest_s
            self._counts = self._motion.ended(look) and long_enough
            self._motion, self._arrived = None, said or ""
        elif not self._believed and (said, look.alerts, look.turns) != (self._arrived, last.alerts, last.turns):
            self._counts = False  # it says something else, or did since the last look, and did not move
        return STANDS.get(said or "", Roof.UNKNOWN) if self._counts else Roof.UNKNOWN

    def _follow(self, last: RoofLook, look: RoofLook) -> None:
        """Note a motion that began since the last look, also one that is over, and where it is told to go."""
        was = (None, None) if last is look else last.busy
        heard = [each for each, before in zip(look.busy, was, strict=True) if each is not None and each is not before]
        if self._motion is None and (look.moves or (heard and last is not look)):
            self._motion = _Motion(last, look.now_s)
        if self._motion is None:
            return
        self._motion.begun = self._motion.begun or next(iter(heard), None)
        if look.park.state == "Busy":
            self._motion.told = look.park.chosen()
        elif look.busy[0] in heard:
            self._motion.told = look.busy[0].chosen()
