"""The tasks of one lane in order, each with the earliest and the latest start that the others leave it."""

from dataclasses import dataclass, field
from typing import Self

from obsy.engine.solver.lanes import Lane, Slot


@dataclass(frozen=True, slots=True)
class Gap:
    """Where a slot could be put, and what that costs."""

    position: int
    lost_s: int
    """Set-up and waiting that it adds."""
    value: float
    """The most that it could be worth there."""


@dataclass(slots=True)
class Sequence:
    """Slots in order; whatever is in it can be done, each at its earliest start."""

    lane: Lane
    slots: list[Slot] = field(default_factory=list)
    earliest: list[int] = field(default_factory=list)
    latest: list[int] = field(default_factory=list)
    _starts: list[int] | None = None
    """What `starts` returns, until something changes."""

    def copy(self) -> Self:
        """Return one like it, to be changed apart."""
        return type(self)(self.lane, self.slots[:], self.earliest[:], self.latest[:], self._starts)

    def give(self, starts: list[int]) -> None:
        """Take starts for what is in it that somebody else has found, until something changes."""
        self._starts = starts

    @property
    def idle_s(self) -> int:
        """Seconds in which nothing is done."""
        return self.lane.end - self.lane.begin - sum(each.length for each in self.slots)

    def best_gap(self, slot: Slot) -> Gap | None:
        """Return where a slot is put best: what it is worth there, less its own share of the time that is lost."""
        if slot.length > self.idle_s:
            return None
        best: tuple[float, Gap] | None = None
        dear = slot.best / slot.length
        flat = len(slot.starts) == 1 and slot.starts[0].at_last is None
        for position in range(len(self.slots) + 1):
            gap = self.gap(slot, position)
            if gap is None:
                continue
            merit = gap.value - dear * gap.lost_s
            if best is None or merit > best[0]:
                best = merit, gap
            if flat and gap.lost_s <= slot.lead:
                break
        return best[1] if best else None

    def gap(self, slot: Slot, position: int) -> Gap | None:
        """Return what it costs to put a slot at a position, or None if it does not fit."""
        ready, due = self._ready(position, slot, self.earliest), self._due(position, slot, self.latest)
        if ready > due:
            return None
        finest = slot.finest(ready, due)
        if finest is None:
            return None
        start = slot.from_on(ready)
        assert start is not None  # noqa: S101  a finest start is one
        return Gap(position, self._added(slot, position) + start - ready, finest[0])

    def insert(self, slot: Slot, position: int) -> None:
        """Put a slot where a gap was found."""
        self.slots.insert(position, slot)
        self.earliest.insert(position, 0)
        self.latest.insert(position, 0)
        self._reckon(position)

    def remove(self, position: int) -> Slot:
        """Take a slot away."""
        slot = self.slots.pop(position)
        del self.earliest[position], self.latest[position]
        self._reckon(position)
        return slot

    def starts(self) -> list[int]:
        """Return a start for each slot: the best that those of its neighbours leave, later ones chosen first."""
        if self._starts is None:
            self._starts = self.earliest[:]
            for order in (range(len(self.slots) - 1, -1, -1), range(len(self.slots))):
                for at in order:
                    self._choose(at, self._starts)
        return self._starts

    def value(self) -> float:
        """Return what is in it is worth."""
        return sum(slot.worth(start) for slot, start in zip(self.slots, self.starts(), strict=True))

    def _choose(self, at: int, starts: list[int]) -> None:
        """Move one slot to its best between its neighbours."""
        slot = self.slots[at]
        if slot.steady:
            return
        finest = slot.finest(self._ready(at, slot, starts), self._due(at + 1, slot, starts))
        if finest is not None and finest[0] > slot.worth(starts[at]):
            starts[at] = finest[1]

    def _added(self, slot: Slot, position: int) -> int:
        """Return the seconds of set-up that a slot adds at a position."""
        setups = self.lane.setups
        if not setups:
            return 0
        before = self.slots[position - 1].pose if position else None
        added = slot.from_rest if before is None else setups[before][slot.pose]
        if position < len(self.slots):
            after = self.slots[position]
            saved = after.from_rest if before is None else setups[before][after.pose]
            added += setups[slot.pose][after.pose] - saved
        return added

    def _ready(self, position: int, slot: Slot, starts: list[int]) -> int:
        """Return when the lane is ready for a slot at a position."""
        if not position:
            return self.lane.begin + slot.from_rest
        before, setups = self.slots[position - 1], self.lane.setups
        return starts[position - 1] + before.length + (setups[before.pose][slot.pose] if setups else 0)

    def _due(self, position: int, slot: Slot, starts: list[int]) -> int:
        """Return when a slot before a position must have begun."""
        if position == len(self.slots):
            return self.lane.end - slot.length
        setups = self.lane.setups
        return starts[position] - slot.length - (setups[slot.pose][self.slots[position].pose] if setups else 0)

    def _reckon(self, position: int) -> None:
        """Work out anew what a change at a position moves."""
        self._starts = None
        for at in range(position, len(self.slots)):
            start = self.slots[at].from_on(self._ready(at, self.slots[at], self.earliest))
            assert start is not None  # noqa: S101  only what fits is put in
            if at > position and self.earliest[at] == start:
                break
            self.earliest[at] = start
        for at in range(min(position, len(self.slots) - 1), -1, -1):
            start = self.slots[at].until(self._due(at + 1, self.slots[at], self.latest))
            assert start is not None  # noqa: S101
            if at < position and self.latest[at] == start:
                break
            self.latest[at] = start
