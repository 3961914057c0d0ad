"""A Guider that is PHD2."""

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from math import isfinite, sqrt
from typing import TypeVar

from obsy.engine.devices.phd2.line import Message, Phd2Line
from obsy.engine.devices.ports import Guiding
from obsy.errors import DeviceError, DeviceTimeout
from obsy.schemas.guider import Guider

T = TypeVar("T")

CALIBRATES_WITHIN_S = 300.0
"""A calibration took 22 s with a simulator; a slow mount near the pole takes minutes."""
STOPS_WITHIN_S = 10.0
CONNECTS_WITHIN_S = 60.0
LOOKS_S = 0.2
RESTS_S = 2.0
"""Who has a star selected for so long after it was told to stop does nothing with it."""
LATE_S = 15.0
"""How much later than its own limit PHD2 may say that it did not settle."""
STATES = {
    "Guiding": Guiding.GUIDING,
    "LostLock": Guiding.LOST,
    "Stopped": Guiding.STOPPED,
    "Selected": Guiding.STOPPED,
    "Looping": Guiding.STOPPED,
    "Calibrating": Guiding.STOPPED,
    "Paused": Guiding.STOPPED,
}
CURES = {
    "failed to find a suitable guide star": "see its picture: clouds, a cap, its focus, or too short an exposure",
    "CalibrationFailed": "see that its mount is connected and answers to pulses",
}


class Phd2Guider:
    """PHD2 at one address; it is asked anew for whatever was true before, since other programs speak to it too."""

    def __init__(self, declared: Guider) -> None:
        """Nothing is asked yet."""
        self._declared = declared
        self._line: Phd2Line | None = None
        self._arcsec_px = declared.scale
        self._looked = 0
        """How often the star had been lost when that was last asked, or when it last settled."""

    async def start(self) -> bool:
        """Guide, on a star of PHD2's choice; return whether it settled in time, else it guides all the same.

        Raise DeviceError where it does not guide.
        """
        line = await self._connected()
        await self.stop()
        await self._equipped(line)
        try:
            return await self._settles(line, "guide", {"recalibrate": False}, CALIBRATES_WITHIN_S)
        except BaseException:  # a cancellation too; after a calibration that failed it refuses all else until then
            self.halt()
            raise

    async def dither(self, arcsec: float) -> bool:
        """Move by so much at most; return whether it settled in time. Raise DeviceError if it cannot.

        PHD2 moves each axis by up to its amount either way, from where the last dither left it; so these add up.
        Source: its manual, EventMonitoring, `dither`.
        """
        line = await self._connected()
        amount = arcsec / sqrt(2.0) / await self._scale(line)
        return await self._settles(line, "dither", {"amount": round(amount, 3), "raOnly": False}, 0.0)

    async def stop(self) -> None:
        """Guide no more. Raise DeviceError if it does not say that it has stopped."""
        line = await self._connected()
        if (await line.ask("get_app_state"))[0] == "Stopped":
            return
        await line.ask("stop_capture")
        begun_s, said = asyncio.get_running_loop().time(), ""
        while (waited_s := asyncio.get_running_loop().time() - begun_s) < STOPS_WITHIN_S:
            said = (await line.ask("get_app_state"))[0]  # it answers to the stop first, and stops then
            if said == "Stopped" or (said == "Selected" and waited_s > RESTS_S):
                return
            await asyncio.sleep(LOOKS_S)
        late = f"is still '{said}' {STOPS_WITHIN_S:g} s after it was told to stop: stop it by hand"
        raise DeviceTimeout(f"PHD2 at {line.address} {late}")

    async def state(self) -> Guiding:
        """Return whether it guides."""
        line = await self._connected()
        said = (await line.ask("get_app_state"))[0]
        if said not in STATES:
            raise DeviceError(f"PHD2 at {line.address} says that it is {said!r:.60}, which is no state of it")
        lost, self._looked = line.lost - self._looked, line.lost
        return Guiding.REGAINED if STATES[said] is Guiding.GUIDING and lost else STATES[said]

    def halt(self) -> None:
        """Tell it to stop, and wait for nothing: whoever parks the mount has no time for a guider."""
        if self._line is not None and not self._line.gone:
            with suppress(Exception):
                self._line.say("stop_capture")

    def close(self) -> None:
        """Leave PHD2 to itself."""
        if self._line is not None:
            self.halt()
            self._line.close()

    async def _connected(self) -> Phd2Line:
        if self._line is None or self._line.gone:
            self._line, self._looked = await Phd2Line.dial(self._declared.phd2), 0
        return self._line

    async def _equipped(self, line: Phd2Line) -> None:
        """Have its camera and its mount connected."""
        if (await line.ask("get_connected"))[0] is not True:
            try:
                await line.ask("set_connected", [True])
            except DeviceError as error:
                raise DeviceError(f"{error}; see its profile, and connect its equipment by hand once") from error

    async def _scale(self, line: Phd2Line) -> float:
        """Arcseconds a pixel of its camera."""
        if self._arcsec_px is None:
            said = (await line.ask("get_pixel_scale"))[0]
            if isinstance(said, bool) or not isinstance(said, int | float) or not isfinite(said) or said <= 0:
                cure = "give its profile a focal length and a pixel size, or write 'scale: 3.3 arcsec' in the guider"
                raise DeviceError(f"PHD2 at {line.address} does not know the scale of its camera: {cure}")
            self._arcsec_px = float(said)
        return self._arcsec_px

    async def _settles(self, line: Phd2Line, method: str, params: Message, more_s: float) -> bool:
        settle = self._declared.settle
        pixels = round(settle.below / await self._scale(line), 3)
        asked = params | {"settle": {"pixels": pixels, "time": settle.lasting, "timeout": settle.within}}
        _, since = await line.ask(method, asked)
        over = line.until(since, lambda event: event["Event"] in {"SettleDone", "CalibrationFailed"})
        done = await _within(over, more_s + settle.within + LATE_S, f"PHD2 at {line.address}, told to {method},")
        self._looked = line.lost  # a star that was lost until then is held anew
        if done["Event"] == "SettleDone" and done.get("Status") == 0:
            return True
        why = str(done.get("Error") or done.get("Reason") or "it does not say why")
        if why.startswith("timed-out"):
            return False
        cure = CURES.get(why) or CURES.get(done["Event"], "see its window")
        raise DeviceError(f"PHD2 at {line.address}, told to {method}, failed: {why}; {cure}")


async def _within(work: Awaitable[T], within_s: float, what: str) -> T:
    try:
        return await asyncio.wait_for(work, within_s)
    except TimeoutError:
        raise DeviceTimeout(f"{what} did not settle or give up within {within_s:g} s: see its window") from None
