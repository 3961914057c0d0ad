"""What is broken about a roof in a drill, and keeps it from being closed."""

from collections.abc import Iterator
from dataclasses import dataclass

from obsy.engine.devices.simulated.timeline import Trouble
from obsy.engine.drills.replay import Replay
from obsy.schemas.enclosure import Enclosure
from obsy.schemas.mount import Mount
from obsy.schemas.scenario import THE_COMPUTER

BLIND = ("disconnect", "freeze", "garbage", "timeout")
"""The faults by which an input says nothing, or nothing that can be believed."""
HELD = (*BLIND, "stuck", "kill", "power-cut")
"""The faults of roof, mount and computer for which a closing may have to wait."""
GRACE_S = 60.0
"""Beside what is declared: the calls, the looks, a refusal or two."""
NOTICED_S = 5.0
"""So soon what another hand has set going is stopped."""
TRIED_AGAIN_S = 30.0
"""After so long what has failed is tried again."""
AGAIN_S = 10.0
"""After so long a process that ended is begun again, where a drill does not say otherwise."""


@dataclass(frozen=True)
class Broken:
    """The faults of one roof, of its mounts and of the computer."""

    world: Replay
    roof: Enclosure
    mounts: list[Mount]

    def holds(self, at_s: float) -> bool:
        """Return whether roof or computer is broken now, or just was."""
        return any(self._lasts(each, at_s) for each in self._all_of(*self._roof(), *THE_COMPUTER))

    def waits(self, at_s: float) -> bool:
        """Return whether a mount is, or a hand has left the roof half-way over one, which hands must put right.

        A roof that clears its mounts waits for none.
        """
        if self.roof.clearance == "free":
            return False
        moved = (each.begin_s <= at_s for each in self._moved())
        return any(self._lasts(each, at_s) for each in self._all_of(*self._mounts())) or (
            any(moved) and self._stands_half_way(at_s)
        )

    def by_hand(self, at_s: float, within_s: float = NOTICED_S) -> bool:
        """Return whether another hand has only just set the roof or a mount going."""
        return any(each.begin_s <= at_s < each.begin_s + within_s for each in self._moved())

    def home_s(self) -> float:
        """Return how long the slowest mount takes to get home."""
        return max((360.0 / each.slew + each.settle for each in self.mounts), default=0.0)

    def _roof(self) -> tuple[str, ...]:
        return (self.roof.name, "roof")

    def _mounts(self) -> tuple[str, ...]:
        return ("mount", *(each.name for each in self.mounts))

    def _all_of(self, *names: str) -> Iterator[Trouble]:
        yield from self.world.state.timeline.all_of(*names)

    def _moved(self) -> Iterator[Trouble]:
        return (each for each in self._all_of(*self._roof(), *self._mounts()) if each.told.fault == "moved")

    def _lasts(self, each: Trouble, at_s: float) -> bool:
        told, lasts = each.told, each.end_s + self._tries_s(each)
        if told.fault in ("kill", "power-cut"):
            lasts = each.begin_s + (told.lasts or AGAIN_S) + GRACE_S
        holds = told.fault in HELD or (told.fault == "lie" and told.device not in self._roof())
        return holds and each.begin_s <= at_s < lasts

    def _tries_s(self, each: Trouble) -> float:
        """Return how long after a fault nothing may move: what was told to then is waited for, and tried again."""
        waits_s = self.roof.timeout if each.told.device in self._roof() else self.home_s()
        return TRIED_AGAIN_S + (waits_s if each.told.fault in ("stuck", "timeout") else 0.0)

    def _stands_half_way(self, at_s: float) -> bool:
        between = 0.0 < self.world.state.roof(self.roof).value(at_s) < 1.0
        return between and not all(self.world.mounts[each.name].rests() for each in self.mounts)
