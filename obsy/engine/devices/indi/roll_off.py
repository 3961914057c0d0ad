"""A roof over INDI that only parks: its driver believes what it saved, so a motion has to be seen first.

INDI's `indi_rolloff_dome` (1.9.9) begins with what it wrote down last, and answers PARK with "already parked", unmoved.
"""

from collections.abc import Callable

from obsy.engine.devices.indi.device import DONE, IndiDevice
from obsy.engine.devices.indi.enclosure import PARK, SHUTTER, STOP, IndiDome
from obsy.engine.devices.indi.motions import STANDS, Motions, RoofLook
from obsy.engine.devices.ports import Roof
from obsy.errors import DeviceError

MOTION = "DOME_MOTION"
TURNS = ("ABS_DOME_POSITION", "REL_DOME_POSITION")
"""What a dome has that turns: its parking says where its slot points, and not whether it is shut."""
SHORTEST = 0.1
"""The share of its travel that a motion must last for its end to count: a driver's echo lasts none."""


class IndiRollOff:
    """An Enclosure behind an INDI driver that says whether it is parked; its shutter counts instead, if it has one."""

    def __init__(self, device: IndiDevice, travel_s: float, *, reads_switches: bool = False) -> None:
        """Nothing has been moved.

        travel_s: from end to end. reads_switches: what the driver says without having moved counts, too.
        """
        self._device, self._dome = device, IndiDome(device)
        self._shortest_s, self._reads_switches = travel_s * SHORTEST, reads_switches
        self._losses, self._seen = device.losses(), self._nothing_seen()

    async def open(self) -> None:
        """Unpark the roof."""
        await self._go("UNPARK")

    async def close(self) -> None:
        """Park the roof, also when it is said to be parked."""
        await self._go("PARK")

    async def stop(self) -> None:
        """Stop whatever moves."""
        await self._dome.stop()

    async def state(self) -> Roof:
        """Where the roof is; unknown if the device is gone, turns, reports a fault, or was not seen to move there."""
        try:
            await self._device.known()
        except DeviceError:
            return Roof.UNKNOWN
        return await self._dome.state() if self._has_shutter() else self._look()

    async def _go(self, switch: str) -> None:
        device, end = self._device, STANDS[switch]
        await device.known()
        if self._has_shutter():
            await (self._dome.open() if end is Roof.OPEN else self._dome.close())
            return
        if self._turns():
            raise DeviceError(f"'{device.name}' turns and has no shutter: its parking says nothing of rain")
        self._look()  # a fault of before is none of this motion
        before, losses = device.vector(PARK), device.losses()
        device.line.press(device.name, PARK, switch)

        def answered() -> bool:
            self._look()
            now = device.vector(PARK)
            if now is None or now is before:
                return False
            if now.state == "Alert":
                raise DeviceError(f"'{device.name}' says that {switch} has failed")
            return now.state in DONE and now.chosen() == switch

        await device.until(answered, f"{switch} of '{device.name}'", losses)
        if self._look() is not end:
            motion = device.vector(MOTION)
            if motion is not None and motion.state == "Alert":
                raise DeviceError(
                    f"'{device.name}' says {switch}, and {MOTION} has failed: look where the roof is, and what "
                    "holds it; once its driver has moved it without a fault, its word counts again"
                )
            raise DeviceError(
                f"'{device.name}' says {switch}, and was not seen to move there: it may only believe what it saved. "
                "Look where the roof is; once it may be open, open it, and it is seen to close. "
                "Where the driver reads end switches, add 'proof: switches' to the enclosure"
            )

    def _has_shutter(self) -> bool:
        return self._device.vector(SHUTTER) is not None

    def _turns(self) -> bool:
        return any(self._device.vector(each) is not None for each in TURNS)

    def _nothing_seen(self) -> Motions:
        return Motions(self._shortest_s, believed=self._reads_switches)

    def _look(self) -> Roof:
        """Where it is by what was seen until now; what its driver did before it went is no evidence."""
        device = self._device
        if (losses := device.losses()) != self._losses:
            self._losses, self._seen = losses, self._nothing_seen()
        busy = device.line.busy(device.name, PARK), device.line.busy(device.name, MOTION)  # first: what follows, moves
        motion, park = device.vector(MOTION), device.vector(PARK)
        if park is None or self._turns():
            self._seen = self._nothing_seen()
            return Roof.UNKNOWN
        motion_state = motion.state if motion is not None else "Idle"
        moves, failed = "Busy" in (park.state, motion_state), motion_state == "Alert"
        alerts, turns = self._count(device.line.alerts), self._count(device.line.turns)  # last: none comes unnoticed
        now_s, stopped = device.clock.monotonic(), device.vector(STOP)
        return self._seen.stands(RoofLook(now_s, park, busy, moves, stopped, failed, alerts, turns))

    def _count(self, times: Callable[[str, str], int]) -> int:
        return times(self._device.name, PARK) + times(self._device.name, MOTION)
