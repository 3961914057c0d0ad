"""Keeps the stars small: follows temperature and filter as declared, and measures the curve when it is time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import inf, isfinite

import numpy as np

from obsy.engine.devices.ports import Clock, Exposure
from obsy.engine.events import Log
from obsy.engine.events.observing import Focused, FocusFailed
from obsy.engine.sequencer.devices import ImagingDevices
from obsy.engine.sequencer.focus_due import focus_is_due
from obsy.engine.sequencer.setting_up import FOCUS_EXPOSURE_S, FOCUS_MEASURED_S, FOCUS_SAMPLES
from obsy.errors import DeviceError

DECLARED_AT_C = 10.0
"""The temperature at which a train declares its best focus."""


class FocusKeeper:
    """What is known of the focus, and when it was last measured."""

    def __init__(self, clock: Clock, devices: ImagingDevices, log: Log) -> None:
        """Trust the declared curve until one has been measured. Raise ValueError if the train has no focuser."""
        if devices.focuser is None or devices.train.focuser is None:
            raise ValueError(f"the train '{devices.train.name}' has no focuser")
        self._focuser, self._declared = devices.focuser, devices.train.focuser
        self._clock, self._devices, self._train, self._log = clock, devices, devices.train, log
        self._offset = 0.0
        self.measured: datetime | None = None
        """When the last focus run ended."""
        self._flipped = False

    def note_flip(self) -> None:
        """Focus again when it is refreshed next, if that is declared of a mount that has changed sides."""
        self._flipped = self._declared.after == "flip"

    async def refresh(self, role: str, deadline: datetime, run_s: float | None = None) -> None:
        """Move to the best known focus; measure it first if that is due and there is time before `deadline`.

        run_s: how long that takes; unsaid, what the camera declares tells it.
        """
        expected = await self._expected(role) + self._offset
        await self._focuser.move(expected)
        declared_s = FOCUS_SAMPLES * (FOCUS_EXPOSURE_S + self._train.camera.download + FOCUS_MEASURED_S)
        run = timedelta(seconds=declared_s if run_s is None else run_s)
        now = self._clock.now()
        since_s = inf if self.measured is None else (now - self.measured).total_seconds()
        is_due = self._flipped or focus_is_due(since_s, self._declared.every)
        if is_due and now + run <= deadline + timedelta(seconds=1):
            await self._measure(role, expected)

    async def _expected(self, role: str) -> float:
        """Where the declared curve has its minimum now, steps."""
        warmth = await self._focuser.temperature() - DECLARED_AT_C if self._declared.drift else 0.0
        slot = next(slot for slot in self._train.slots if slot.role == role)
        return self._declared.best + self._declared.drift * warmth + slot.focus

    async def _measure(self, role: str, around: float) -> None:
        """Sample the curve and go to its minimum; where there is none to be found, stay with what was declared."""
        half = FOCUS_SAMPLES // 2
        places = [around + step * self._declared.sample for step in range(-half, half + 1)]
        widths = [await self._width(role, place) for place in places]
        best = minimum(places, widths)
        self.measured, self._flipped = self._clock.now(), False
        if best is None:
            why = "no minimum within the samples"
            self._log(FocusFailed(train=self._train.name, filter=role, position=around, reason=why))
        else:
            self._offset += best - around
            found, width = round(best, 1), round(min(widths), 3)
            self._log(Focused(train=self._train.name, filter=role, position=found, half_flux_px=width))
        await self._focuser.move(around if best is None else best)

    async def _width(self, role: str, place: float) -> float:
        """The half-flux radius at a place, pixels; infinite if no star is seen."""
        await self._focuser.move(place)
        camera = self._train.camera
        capture = Exposure("focus", FOCUS_EXPOSURE_S, role, camera.gain, camera.offset, camera.binning, "focus")
        try:
            path = await self._devices.camera.expose(capture)
        except DeviceError as error:
            raise DeviceError(f"the focus run stopped: {error}") from error
        work = self._devices.pool.submit(self._devices.star_width, path)
        width = await self._clock.settle(work, self._clock.now() + timedelta(seconds=FOCUS_MEASURED_S))
        path.unlink(missing_ok=True)  # it has said what it had to say
        return width


def minimum(places: Sequence[float], widths: Sequence[float]) -> float | None:
    """The place of the smallest width; None if the samples do not bracket one.

    A star out of focus is wide as a hyperbola over the focuser's travel, so its square is a parabola.
    Source: Weber & Brady 2001, "Fast auto-focus method and software for CCD-based telescopes".
    """
    seen = [(place, width) for place, width in zip(places, widths, strict=True) if isfinite(width) and width > 0]
    if len(seen) < 5:  # noqa: PLR2004  a parabola through fewer points believes anything
        return None
    x, y = np.array(seen).T
    bend, slope, _ = np.polyfit(x - x.mean(), y**2, 2)
    if bend <= 0:
        return None
    best = float(x.mean() - slope / (2 * bend))
    return best if x.min() <= best <= x.max() else None
