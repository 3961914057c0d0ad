"""A roof with end switches, a travel time, and an interlock with the mount."""

from collections.abc import Mapping, Sequence
from typing import cast

from obsy.engine.devices.ports import Roof
from obsy.engine.devices.simulated.mount import SimulatedMount
from obsy.engine.devices.simulated.state import SLOW, Motion, SimulatedState
from obsy.engine.devices.simulated.timeline import Trouble
from obsy.errors import DeviceError, DeviceTimeout
from obsy.schemas.enclosure import Enclosure

OPEN, CLOSED, HALFWAY = 1.0, 0.0, 0.5


class SimulatedEnclosure:
    """A roof with two end switches; its motor finishes what it began, also when obsy dies."""

    def __init__(self, state: SimulatedState, declared: Enclosure, mounts: Sequence[SimulatedMount]) -> None:
        self._state, self._declared, self._mounts = state, declared, mounts

    async def open(self) -> None:
        """Return when the open switch closes."""
        await self._travel(OPEN, "open")

    async def close(self) -> None:
        """Return when the closed switch closes."""
        await self._travel(CLOSED, "close")

    async def stop(self) -> None:
        """Stop where it is."""
        state = self._state
        await state.faults("roof", self._declared.name)
        here = state.roof(self._declared).value(state.now_s)
        state.set_roof(self._declared, Motion(origin=here, goal=here))

    async def state(self) -> Roof:
        """Return what the end switches and the motor say."""
        return self._said(await self._state.faults("roof", self._declared.name))

    def _said(self, found: Mapping[str, Trouble]) -> Roof:
        now, roof = self._state.now_s, self._state.roof(self._declared)
        if "garbage" in found:
            return cast(Roof, "ajar")
        if "lie" in found:
            return Roof(found["lie"].told.says or "closed")
        if roof.moving(now):
            return Roof.MOVING
        return {OPEN: Roof.OPEN, CLOSED: Roof.CLOSED}.get(roof.value(now), Roof.UNKNOWN)

    def move_by_hand(self) -> None:
        """Let somebody send it to its other end, whatever stands under it."""
        state, here = self._state, self._state.roof(self._declared).value(self._state.now_s)
        goal = CLOSED if here > HALFWAY else OPEN
        end_s = state.now_s + abs(goal - here) * self._declared.travel
        state.set_roof(self._declared, Motion(origin=here, goal=goal, begin_s=state.now_s, end_s=end_s))

    def _gets_stuck(self) -> bool:
        """Return whether it gets stuck on its way, where it then stands; the fault may have waited for that way."""
        state, moves = self._state, self._state.roof(self._declared)
        troubles = state.timeline.all_of("roof", self._declared.name)
        begin_s = [each.begin_s for each in troubles if each.told.fault == "stuck" and moves.moving(each.begin_s)]
        if begin_s:
            end_s = min(begin_s)
            stands = {"goal": moves.value(end_s), "end_s": end_s}
            state.set_roof(self._declared, moves.model_copy(update=stands))
        return bool(begin_s)

    async def _travel(self, goal: float, verb: str) -> None:
        state, declared = self._state, self._declared
        found = await state.faults("roof", declared.name)
        now = state.now_s
        position = state.roof(declared).value(now)
        if position == goal:
            return
        locked = declared.clearance == "parked" and state.parts.interlock
        if locked and not all(mount.rests() for mount in self._mounts):
            raise state.refuse(f"the roof was asked to {verb}, but the mount is not parked under it")
        needed = abs(goal - position) * declared.travel * (SLOW if "slow" in found else 1)
        if "stuck" not in found:
            reached = HALFWAY if "timeout" in found else goal
            state.set_roof(declared, Motion(origin=position, goal=reached, begin_s=now, end_s=now + needed))
        if {"stuck", "timeout"} & found.keys() or self._gets_stuck() or needed > declared.timeout:
            await state.clock.sleep(declared.timeout)
            raise DeviceTimeout(f"the roof was asked to {verb}; no end switch within {declared.timeout:g} s")
        await state.clock.sleep(needed)
        if state.roof(declared).value(state.now_s) != goal:
            raise DeviceError(f"the roof was asked to {verb}, and then told otherwise")


class QuickEnclosure(SimulatedEnclosure):
    """A roof in a scenario in which nothing is late."""

    def state_now(self) -> Roof:
        """Return what `state` does without being waited for."""
        return self._said(self._state.faults_now("roof", self._declared.name))
