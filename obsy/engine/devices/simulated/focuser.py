"""A focuser whose best place moves with the temperature and with the filter."""

from obsy.engine.devices.simulated.chance import between
from obsy.engine.devices.simulated.state import SimulatedState
from obsy.engine.devices.simulated.truth import Motion
from obsy.errors import DeviceError

END_TO_END_S = 60.0
REFERENCE_C = 10.0
ROUGHLY_SAMPLES = 0.5
"""How far the true best focus may lie from the declared one, in samples of a focus run."""
BLUR_PER_SAMPLE_ARCSEC = 2.0
"""FWHM that one sample's distance from the best focus adds in quadrature."""


class SimulatedFocuser:
    """An absolute focuser."""

    def __init__(self, ground: SimulatedState) -> None:
        self._ground = ground

    async def move(self, steps: float) -> None:
        """Go to a position. Raises DeviceError beyond its travel."""
        travel = self._ground.parts.train.focuser.travel
        if not 0 <= steps <= travel:
            raise DeviceError(f"the focuser was asked to go to {steps:g} steps; it reaches 0 to {travel:g}")
        now, here = self._ground.now_s, await self.position()
        needed = abs(steps - here) / travel * END_TO_END_S
        if self._ground.fault("focuser") not in ("stuck", "timeout"):
            self._ground.change(focus=Motion(origin=here, goal=steps, begin_s=now, end_s=now + needed))
        await self._ground.turn("focuser", needed)

    async def position(self) -> float:
        """Where it is, steps."""
        self._ground.fault("focuser")
        return self._ground.truth.focus.value(self._ground.now_s)

    async def temperature(self) -> float:
        """Of the tube, which is that of the air, degrees Celsius."""
        self._ground.fault("focuser")
        return round(self._ground.happenings.value("temperature", self._ground.now_s), 1)

    def best(self, at_s: float) -> float:
        """Where it truly focuses through the filter that is in the beam, steps."""
        train = self._ground.parts.train
        warmth = self._ground.happenings.value("temperature", at_s) - REFERENCE_C
        missed = between(-1, 1, self._ground.parts.scenario.seed, "focus") * ROUGHLY_SAMPLES * train.focuser.sample
        return train.focuser.best + train.focuser.drift * warmth + self._ground.slot.focus + missed

    def blur_arcsec(self, at_s: float) -> float:
        """What defocus adds to a star's FWHM in quadrature; so a focus run sees a hyperbola."""
        away = abs(self._ground.truth.focus.value(at_s) - self.best(at_s))
        return BLUR_PER_SAMPLE_ARCSEC * away / self._ground.parts.train.focuser.sample
