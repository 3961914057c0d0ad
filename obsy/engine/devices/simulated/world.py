"""The simulated observatory: its devices, and the sky that its camera looks at."""

from collections.abc import Mapping
from concurrent.futures import Executor

from obsy.engine.devices.ports import Clock
from obsy.engine.devices.simulated.camera import SimulatedCamera
from obsy.engine.devices.simulated.enclosure import SimulatedEnclosure
from obsy.engine.devices.simulated.focuser import SimulatedFocuser
from obsy.engine.devices.simulated.mount import SimulatedMount
from obsy.engine.devices.simulated.panel import SimulatedPanel
from obsy.engine.devices.simulated.parts import Parts
from obsy.engine.devices.simulated.sky import SimulatedSky
from obsy.engine.devices.simulated.state import SimulatedState
from obsy.engine.devices.simulated.weather import SimulatedWeather
from obsy.engine.devices.simulated.wheel import SimulatedWheel


class World:
    """Every device, as a port. Two worlds over one state file are the same hardware, one after the other."""

    def __init__(self, parts: Parts, clock: Clock, executor: Executor) -> None:
        for folder in (parts.incoming, parts.scratch, parts.state.parent):
            folder.mkdir(parents=True, exist_ok=True)
        for leftover in (*parts.scratch.glob("*.fits"), *parts.scratch.glob("*.part")):
            leftover.unlink()
        self._ground = ground = SimulatedState(parts, clock)
        self.mount = SimulatedMount(ground)
        self.enclosure = SimulatedEnclosure(ground, self.mount)
        self.wheel = SimulatedWheel(ground)
        self.focuser = SimulatedFocuser(ground)
        panel = parts.train.panel
        self.panel = SimulatedPanel(ground, panel.settle) if panel is not None else None
        self.camera = SimulatedCamera(ground, SimulatedSky(ground, self.mount, self.focuser), executor)
        self.weather: Mapping[str, SimulatedWeather] = {
            declared.name: SimulatedWeather(ground, declared) for declared in parts.weather
        }

    @property
    def collisions(self) -> tuple[str, ...]:
        """Every time something struck something, with the moment; a good night has none."""
        return self._ground.truth.collisions

    @property
    def refusals(self) -> tuple[str, ...]:
        """Every time an interlock had to prevent a collision, with the moment."""
        return self._ground.truth.refusals
