"""The devices of a train behind a typed boundary: each call ends in time, and fails with one class of error."""

from contextlib import suppress
from dataclasses import dataclass, replace
from math import isfinite
from pathlib import Path

from obsy.engine.devices.ports import (
    CameraPort,
    CoverPanelPort,
    Exposure,
    FilterWheelPort,
    FocuserPort,
    GuiderPort,
    Guiding,
    RotatorPort,
)
from obsy.engine.safety.asking import ANSWER_S, ask
from obsy.engine.safety.shelter import LATE_S
from obsy.engine.sequencer.devices import ImagingDevices
from obsy.errors import DeviceError
from obsy.schemas.train import Train

COOLS_WITHIN_S = 2700.0
MOVES_WITHIN_S = 300.0
"""A wheel or a focuser that takes longer is stuck; its driver is given so long, and here a while more to say so."""
CAPS_WITHIN_S = 120.0
"""The same for a cap or a lamp."""
_COOLS_S, _MOVES_S, _CAPS_S = (each + LATE_S for each in (COOLS_WITHIN_S, MOVES_WITHIN_S, CAPS_WITHIN_S))
TURN_DEG = 360.0
GUIDES_WITHIN_S = 480.0
"""A guider that calibrates takes minutes; how long it may settle is declared, and comes on top."""


def bounded(devices: ImagingDevices) -> ImagingDevices:
    """Return the same devices; whatever they do wrong is a DeviceError, and comes in time."""
    train = devices.train
    return replace(
        devices,
        camera=BoundedCamera(train, devices.camera),
        wheel=BoundedWheel(train, devices.wheel) if devices.wheel is not None else None,
        focuser=BoundedFocuser(train, devices.focuser) if devices.focuser is not None else None,
        panel=BoundedPanel(train, devices.panel) if devices.panel is not None else None,
        rotator=BoundedRotator(train, devices.rotator) if devices.rotator is not None else None,
        guider=BoundedGuider(train, devices.guider) if devices.guider is not None else None,
    )


@dataclass(frozen=True, slots=True)
class BoundedCamera:
    """A camera."""

    train: Train
    port: CameraPort

    async def cool(self, celsius: float) -> None:
        """Return when the sensor has reached the set point."""
        await ask(f"the camera of '{self.train.name}', told to cool,", lambda: self.port.cool(celsius), _COOLS_S)

    async def stay_cool(self) -> None:
        """Return when the sensor is as cold as it was last told to be."""
        await ask(f"the camera of '{self.train.name}', told to cool again,", self.port.stay_cool, _COOLS_S)

    async def warm(self) -> None:
        """Switch the cooler off gently."""
        await ask(f"the camera of '{self.train.name}', told to warm up,", self.port.warm, _COOLS_S)

    async def expose(self, exposure: Exposure) -> Path:
        """Return the finished file."""
        camera = self.train.camera
        within_s = exposure.seconds + camera.download + camera.timeout + LATE_S
        path = await ask(f"the camera of '{self.train.name}'", lambda: self.port.expose(exposure), within_s)
        if not isinstance(path, Path):
            raise DeviceError(f"the camera of '{self.train.name}' answered {path!r}, which is no file")
        return path


@dataclass(frozen=True, slots=True)
class BoundedWheel:
    """A filter wheel."""

    train: Train
    port: FilterWheelPort

    async def select(self, role: str) -> None:
        """Return when the filter is in the beam."""
        what = f"the filter wheel of '{self.train.name}', told to select {role},"
        await ask(what, lambda: self.port.select(role), _MOVES_S)


@dataclass(frozen=True, slots=True)
class BoundedFocuser:
    """A focuser."""

    train: Train
    port: FocuserPort

    async def move(self, steps: float) -> None:
        """Return when it has arrived."""
        await ask(f"the focuser of '{self.train.name}', told to move,", lambda: self.port.move(steps), _MOVES_S)

    async def position(self) -> float:
        """Return where it stands, steps."""
        return self._finite(await ask(f"the focuser of '{self.train.name}'", self.port.position, ANSWER_S))

    async def temperature(self) -> float:
        """Return the tube's, degrees Celsius."""
        return self._finite(await ask(f"the focuser of '{self.train.name}'", self.port.temperature, ANSWER_S))

    def _finite(self, said: object) -> float:
        if isinstance(said, bool) or not isinstance(said, float | int) or not isfinite(said):
            raise DeviceError(f"the focuser of '{self.train.name}' answered {said!r}, which is no number")
        return float(said)


@dataclass(frozen=True, slots=True)
class BoundedRotator:
    """What turns the camera."""

    train: Train
    port: RotatorPort

    async def turn(self, degrees: float) -> None:
        """Return when it stands there."""
        turns_s = 2.0 * TURN_DEG / self.train.rotator.speed if self.train.rotator is not None else 0.0
        what = f"the rotator of '{self.train.name}', told to turn,"
        await ask(what, lambda: self.port.turn(degrees), max(_MOVES_S, turns_s + LATE_S))

    async def position(self) -> float:
        """Return where it stands, degrees of its own scale."""
        said = await ask(f"the rotator of '{self.train.name}'", self.port.position, ANSWER_S)
        if isinstance(said, bool) or not isinstance(said, float | int) or not -TURN_DEG <= said <= 2.0 * TURN_DEG:
            raise DeviceError(f"the rotator of '{self.train.name}' answered {said!r}, which is no angle")
        return float(said)


@dataclass(frozen=True, slots=True)
class BoundedPanel:
    """A flat panel that caps the telescope."""

    train: Train
    port: CoverPanelPort

    async def light(self) -> None:
        """Cap the telescope and shine."""
        settle_s = self.train.panel.settle if self.train.panel is not None else 0.0
        await ask(f"the panel of '{self.train.name}', told to shine,", self.port.light, _CAPS_S + settle_s)

    async def dark(self) -> None:
        """Cap the telescope."""
        await ask(f"the cap of '{self.train.name}'", self.port.dark, _CAPS_S)

    async def open(self) -> None:
        """Uncap the telescope."""
        await ask(f"the cap of '{self.train.name}', told to open,", self.port.open, _CAPS_S)


@dataclass(frozen=True, slots=True)
class BoundedGuider:
    """What holds the telescope on its target."""

    train: Train
    port: GuiderPort

    async def start(self) -> bool:
        """Guide; return whether it settled."""
        return bool(await ask(f"the guider of '{self.train.name}', told to guide,", self.port.start, self._within_s))

    async def dither(self, arcsec: float) -> bool:
        """Move by so much at most; return whether it settled."""
        what = f"the guider of '{self.train.name}', told to dither,"
        return bool(await ask(what, lambda: self.port.dither(arcsec), self._within_s))

    async def stop(self) -> None:
        """Guide no more."""
        await ask(f"the guider of '{self.train.name}', told to stop,", self.port.stop, ANSWER_S)

    async def state(self) -> Guiding:
        """Return whether it guides."""
        said = await ask(f"the guider of '{self.train.name}'", self.port.state, ANSWER_S)
        if not isinstance(said, Guiding):
            raise DeviceError(f"the guider of '{self.train.name}' answered {said!r}, which is no state of a guider")
        return said

    def halt(self) -> None:
        """Tell it to stop, and wait for nothing."""
        with suppress(Exception):
            self.port.halt()

    @property
    def _within_s(self) -> float:
        settles_s = self.train.guider.settle.within if self.train.guider is not None else 0.0
        return GUIDES_WITHIN_S + settles_s
