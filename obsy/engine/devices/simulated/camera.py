"""A cooled camera: the picture is drawn by a worker while the virtual exposure runs, and lands when it ends."""

import os
from concurrent.futures import Executor, Future
from datetime import timedelta
from pathlib import Path

from obsy.engine.devices.capture import ASIDE, file_name
from obsy.engine.devices.ports import Exposure
from obsy.engine.devices.simulated.cards import cards
from obsy.engine.devices.simulated.chance import seed_of, wander
from obsy.engine.devices.simulated.picture.render import render_to_file
from obsy.engine.devices.simulated.picture.scene import CameraSettings, LightSource, Scene
from obsy.engine.devices.simulated.sky import SimulatedSky
from obsy.engine.devices.simulated.state import SLOW, Motion, SimulatedState
from obsy.errors import DeviceError, DeviceTimeout
from obsy.schemas.train import Train

DEGREES_PER_SECOND = 0.1
DEEPEST_C = 40.0
"""How far below the air the cooler reaches."""
WAVERS_C = 0.05


class SimulatedCamera:
    """A camera without a shutter: what is dark must be capped, or under a closed roof."""

    def __init__(self, state: SimulatedState, train: Train, sky: SimulatedSky, executor: Executor) -> None:
        self._state, self._train, self._sky, self._executor = state, train, sky, executor
        self._busy = False
        self._focus_frames = state.parts.incoming.with_name("focus")

    async def cool(self, celsius: float) -> None:
        """Return when the sensor has reached the set point. Raises DeviceError if the cooler cannot."""
        await self._state.faults("camera", f"{self._train.name} camera")
        air = self._state.timeline.value("temperature", self._state.now_s)
        if celsius < air - DEEPEST_C:
            raise DeviceError(f"the camera was asked for {celsius:g} degC; now it reaches {air - DEEPEST_C:g} degC")
        await self._ramp(celsius)

    async def stay_cool(self) -> None:
        """It never forgets its set point."""

    async def warm(self) -> None:
        """Return when the sensor is as warm as the air, and the cooler off."""
        await self._state.faults("camera", f"{self._train.name} camera")
        await self._ramp(self._state.timeline.value("temperature", self._state.now_s))
        self._state.set_train(self._train, sensor=None)

    async def expose(self, exposure: Exposure) -> Path:
        """Return the finished file, in the incoming folder; focus frames go to the folder `focus` beside it."""
        declared = self._train.camera
        found = await self._state.faults("camera", f"{self._train.name} camera")
        if self._busy:
            raise DeviceError("the camera was asked to expose, but it is exposing")
        self._busy = True
        try:
            if {"timeout", "stuck"} & found.keys():
                await self._state.clock.sleep(exposure.seconds + declared.timeout)
                raise DeviceTimeout(
                    f"the camera gave no file within {declared.timeout:g} s of an exposure of {exposure.seconds:g} s"
                )
            return await self._shoot(exposure, declared.download * (SLOW if "slow" in found else 1))
        finally:
            self._busy = False

    async def _shoot(self, exposure: Exposure, download_s: float) -> Path:
        state = self._state
        due = state.clock.now() + timedelta(seconds=exposure.seconds + download_s)
        scene, name = self.scene(exposure), self._name(exposure)
        work = self._executor.submit(render_to_file, scene, state.parts.scratch / name)
        try:
            drawn = await state.clock.settle(work, due)
        except BaseException:
            _forget(work)
            raise
        folder = self._focus_frames if exposure.kind in ASIDE else state.parts.incoming
        folder.mkdir(parents=True, exist_ok=True)
        os.replace(drawn, folder / name)
        return folder / name

    def scene(self, exposure: Exposure) -> Scene:
        """Return the exposure that begins now, with all it depends on."""
        state, begin = self._state, self._state.now_s
        warmth = self._temperature(begin)
        shot = CameraSettings(
            exposure.seconds, state.slot(self._train).role, exposure.gain, exposure.offset, exposure.binning, warmth
        )
        light = self._sky.light()
        sky = self._sky.sky(begin, begin + exposure.seconds) if light is LightSource.SKY else None
        seed = seed_of(state.parts.scenario.seed, "exposure", self._train.name, begin, exposure.kind)
        written = cards(state, self._train, self._sky.mount, exposure, shot)
        return Scene(self._train, shot, light, sky, seed, written)

    def _name(self, exposure: Exposure) -> str:
        return file_name(exposure, self._state.slot(self._train).role, self._train.name, self._state.clock.now())

    def _temperature(self, at_s: float) -> float:
        sensor = self._state.train(self._train).sensor
        if sensor is None:
            return self._state.timeline.value("temperature", at_s)
        return sensor.value(at_s) + WAVERS_C * wander(at_s, 60, self._state.parts.scenario.seed, "cooler")

    async def _ramp(self, celsius: float) -> None:
        now = self._state.now_s
        sensor = self._state.train(self._train).sensor
        here = self._state.timeline.value("temperature", now) if sensor is None else sensor.value(now)
        needed = abs(celsius - here) / DEGREES_PER_SECOND
        self._state.set_train(self._train, sensor=Motion(origin=here, goal=celsius, begin_s=now, end_s=now + needed))
        await self._state.turn(self._train, "camera", needed)


def _forget(work: Future[Path]) -> None:
    """Remove the picture of an aborted exposure, as soon as it is there."""

    def remove(done: Future[Path]) -> None:
        if not done.cancelled() and done.exception() is None:
            done.result().unlink(missing_ok=True)

    if not work.cancel():
        work.add_done_callback(remove)
