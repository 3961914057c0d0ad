"""The simulated observatory: the devices of one site, and the sky that its cameras look at."""

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass

from obsy.engine.devices.ports import Clock
from obsy.engine.devices.simulated.accessories import SimulatedFocuser, SimulatedPanel, SimulatedWheel
from obsy.engine.devices.simulated.camera import SimulatedCamera
from obsy.engine.devices.simulated.enclosure import QuickEnclosure, SimulatedEnclosure
from obsy.engine.devices.simulated.guider import SimulatedGuider
from obsy.engine.devices.simulated.mount import QuickMount, SimulatedMount
from obsy.engine.devices.simulated.parts import Parts
from obsy.engine.devices.simulated.rotator import SimulatedRotator
from obsy.engine.devices.simulated.sky import SimulatedSky
from obsy.engine.devices.simulated.state import SimulatedState
from obsy.engine.devices.simulated.weather import SimulatedWeather
from obsy.schemas.train import Train


@dataclass(frozen=True)
class SimulatedTrain:
    """The devices of one train; of all but the camera there is what is declared."""

    camera: SimulatedCamera
    wheel: SimulatedWheel | None
    focuser: SimulatedFocuser | None
    panel: SimulatedPanel | None
    guider: SimulatedGuider | None
    rotator: SimulatedRotator | None = None


class World:
    """Every device of a site by name. Two worlds over one state file are the same hardware, one after the other."""

    def __init__(self, parts: Parts, clock: Clock, executor: Executor) -> None:
        for folder in (parts.incoming, parts.scratch, parts.state.parent):
            folder.mkdir(parents=True, exist_ok=True)
        for leftover in (*parts.scratch.glob("*.fits"), *parts.scratch.glob("*.part")):
            leftover.unlink()
        self.state, self._executor = SimulatedState(parts, clock), executor
        late = any(fault.fault in ("freeze", "delay") for fault in parts.scenario.faults)
        mount, enclosure = (SimulatedMount, SimulatedEnclosure) if late else (QuickMount, QuickEnclosure)
        self.mounts = {each.name: mount(self.state, each) for each in parts.mounts}
        self.enclosures = {
            roof.name: enclosure(
                self.state, roof, [self.mounts[each.name] for each in parts.mounts if each.enclosure == roof.name]
            )
            for roof in parts.enclosures
        }
        self.trains = {each.name: self._train(each) for each in parts.trains}
        self.weather: Mapping[str, SimulatedWeather] = {
            declared.name: SimulatedWeather(self.state, declared) for declared in parts.weather
        }

    def _train(self, train: Train) -> SimulatedTrain:
        state, mount = self.state, self.mounts[self.state.parts.mount_of(train).name]
        focuser = SimulatedFocuser(state, train, train.focuser) if train.focuser is not None else None
        rotator = SimulatedRotator(state, train, train.rotator) if train.rotator is not None else None
        sky = SimulatedSky(state, train, mount, focuser, rotator)
        return SimulatedTrain(
            camera=SimulatedCamera(state, train, sky, self._executor),
            rotator=rotator,
            wheel=SimulatedWheel(state, train, train.filters.change) if train.filters is not None else None,
            focuser=focuser,
            panel=SimulatedPanel(state, train, train.panel.settle) if train.panel is not None else None,
            guider=SimulatedGuider(state, train, mount, train.guider) if train.guider is not None else None,
        )
