"""The filter wheel, the focuser and the flat panel of a simulated train."""

from obsy.engine.devices.simulated.chance import between
from obsy.engine.devices.simulated.state import Motion, SimulatedState
from obsy.errors import DeviceError
from obsy.schemas.train import Focuser, Train


class SimulatedWheel:
    """Filters by role, in the declared order."""

    def __init__(self, state: SimulatedState, train: Train, change_s: float) -> None:
        self._state, self._train, self._change_s = state, train, change_s

    async def select(self, role: str) -> None:
        """Bring a filter into the beam. Raises DeviceError if the wheel has none of that role."""
        roles, state = self._train.roles, self._state
        if role not in roles:
            raise DeviceError(f"the wheel was asked for {role}; it has {', '.join(roles)}")
        if roles.index(role) != state.train(self._train).slot or await state.faults(
            "wheel", f"{self._train.name} wheel"
        ):
            await state.turn(self._train, "wheel", self._change_s)
            state.set_train(self._train, slot=roles.index(role))


END_TO_END_S = 60.0
REFERENCE_C = 10.0
ROUGHLY_SAMPLES = 0.5
"""How far the true best focus may lie from the declared one, in samples of a focus run."""
BLUR_PER_SAMPLE_ARCSEC = 2.0
"""FWHM that one sample's distance from the best focus adds in quadrature."""


class SimulatedFocuser:
    """An absolute focuser."""

    def __init__(self, state: SimulatedState, train: Train, declared: Focuser) -> None:
        self._state, self._train, self._declared = state, train, declared

    async def move(self, steps: float) -> None:
        """Go to a position. Raises DeviceError beyond its travel."""
        travel = self._declared.travel
        if not 0 <= steps <= travel:
            raise DeviceError(f"the focuser was asked to go to {steps:g} steps; it reaches 0 to {travel:g}")
        now, here = self._state.now_s, await self.position()
        needed = abs(steps - here) / travel * END_TO_END_S
        if not {"stuck", "timeout"} & (await self._state.faults("focuser", f"{self._train.name} focuser")).keys():
            self._state.set_train(self._train, focus=Motion(origin=here, goal=steps, begin_s=now, end_s=now + needed))
        await self._state.turn(self._train, "focuser", needed)

    async def position(self) -> float:
        """Return the position, steps."""
        await self._state.faults("focuser", f"{self._train.name} focuser")
        return self._state.train(self._train).focus.value(self._state.now_s)

    async def temperature(self) -> float:
        """Return the temperature of the tube, degrees Celsius: that of the air."""
        await self._state.faults("focuser", f"{self._train.name} focuser")
        return round(self._state.timeline.value("temperature", self._state.now_s), 1)

    def best(self, at_s: float) -> float:
        """Return the true best focus through the filter in the beam, steps."""
        declared, seed = self._declared, self._state.parts.scenario.seed
        warmth = self._state.timeline.value("temperature", at_s) - REFERENCE_C
        missed = between(-1, 1, seed, "focus", self._train.name) * ROUGHLY_SAMPLES * declared.sample
        return declared.best + declared.drift * warmth + self._state.slot(self._train).focus + missed

    def blur_arcsec(self, at_s: float) -> float:
        """Return what defocus adds to the FWHM of a star in quadrature, so that a focus run sees a hyperbola."""
        away = abs(self._state.train(self._train).focus.value(at_s) - self.best(at_s))
        return BLUR_PER_SAMPLE_ARCSEC * away / self._declared.sample


class SimulatedPanel:
    """A cover with light in it."""

    def __init__(self, state: SimulatedState, train: Train, settle_s: float) -> None:
        self._state, self._train, self._settle_s = state, train, settle_s

    async def light(self) -> None:
        """Cap the telescope and light the panel."""
        await self._set("light")

    async def dark(self) -> None:
        """Cap the telescope, the panel dark."""
        await self._set("dark")

    async def open(self) -> None:
        """Uncap the telescope."""
        await self._set("open")

    async def _set(self, cover: str) -> None:
        if self._state.train(self._train).cover != cover or await self._state.faults(
            "panel", f"{self._train.name} panel"
        ):
            await self._state.turn(self._train, "panel", self._settle_s)
            self._state.set_train(self._train, cover=cover)
