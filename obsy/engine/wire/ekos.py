"""A night with KStars/EKOS: it takes the frames, obsy keeps roof, mount and verdict over INDI."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from obsy.engine.declare.observatory import Observatory
from obsy.engine.devices.clock import WallClock
from obsy.engine.devices.ekos.executor import EkosExecutor, Workplace
from obsy.engine.devices.ekos.house import House, Running, open_house
from obsy.engine.devices.ekos.installed import kstars_version, templates_for
from obsy.engine.devices.ekos.rig import SIMULATORS, Rig, Site
from obsy.engine.devices.ekos.schedule import Manner
from obsy.engine.devices.indi.client import IndiLine
from obsy.engine.devices.indi.device import Device
from obsy.engine.devices.indi.enclosure import IndiDome
from obsy.engine.devices.indi.mount import IndiMount
from obsy.engine.devices.indi.sky_now import Ground
from obsy.engine.devices.indi.weather import IndiWeather
from obsy.engine.night.rooms import Ports
from obsy.engine.wire.scene import Scene
from obsy.engine.wire.session import play
from obsy.errors import UserError
from obsy.schemas.device import Device as Declared
from obsy.schemas.train import Train

DRIVERS = {
    "Telescope Simulator": "indi_simulator_telescope",
    "CCD Simulator": "indi_simulator_ccd",
    "Focuser Simulator": "indi_simulator_focus",
    "Dome Simulator": "indi_simulator_dome",
    "Weather Simulator": "indi_simulator_weather",
}
"""What this version can start by itself: INDI's own simulators, by the names they answer to."""
PARKS_WITHIN_S = 120.0


def run(scene: Scene) -> None:
    """Run the night under the real clock, with a KStars of our own.

    Told to end by the system (SIGTERM), it closes the roof first.
    """

    async def night() -> None:
        task, clock = asyncio.current_task(), WallClock()
        if task is not None:
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        async with hardware(scene, clock) as ports:
            await play(scene, ports)

    asyncio.run(night())


@asynccontextmanager
async def hardware(scene: Scene, clock: WallClock) -> AsyncIterator[Ports]:
    """The declared devices behind a KStars of our own; everything is stopped when the block ends."""
    observatory, realm = scene.observatory, scene.realm
    rig = _rig(observatory, scene.planner.train)
    site = Site(observatory.site.latitude, observatory.site.longitude, observatory.site.elevation)
    async with open_house(House(realm.folder / "ekos", site, rig, SIMULATORS)) as running:
        line = IndiLine(clock, running.indi.host, running.indi.port)
        try:
            yield _ports(scene, clock, rig, line, running)
        finally:
            line.close()


def _ports(scene: Scene, clock: WallClock, rig: Rig, line: IndiLine, running: Running) -> Ports:
    observatory, realm = scene.observatory, scene.realm
    workplace = Workplace(realm.folder / "ekos" / "blocks", realm.incoming, lambda: tuple(scene.arrived))
    manner = Manner(templates_for(kstars_version()))
    ground = Ground(observatory.site.latitude, observatory.site.longitude)
    mount, roof = observatory.mount, observatory.enclosure
    return Ports(
        clock=clock,
        enclosure=IndiDome(Device(clock, line, _name(roof.device, "enclosure", roof.name), roof.timeout)),
        mount=IndiMount(
            Device(clock, line, _name(mount.device, "mount", mount.name), PARKS_WITHIN_S), ground, mount.settle
        ),
        weather={
            each.name: IndiWeather(clock, line, _name(each.device, "weather input", each.name))
            for each in observatory.weather
        },
        executor=EkosExecutor(running.ekos, clock, rig, manner, workplace),
    )


def _rig(observatory: Observatory, train: Train) -> Rig:
    """The train as EKOS knows it."""
    columns, rows = train.camera.size
    return Rig(
        mount=_name(observatory.mount.device, "mount", observatory.mount.name),
        camera=_name(train.camera.device, "camera of", train.name),
        wheel=_name(train.filters.device, "filter wheel of", train.name),
        focuser=_name(train.focuser.device, "focuser of", train.name),
        aperture_mm=train.telescope.aperture,
        focal_mm=train.telescope.focal_length,
        columns=columns,
        rows=rows,
        labels={slot.role: slot.label for slot in train.filters.slots},
    )


def _name(device: Declared | None, what: str, whose: str) -> str:
    """The INDI name of a declared device. Raises UserError if it has none, or one that obsy cannot start yet."""
    if device is None or device.indi is None:
        raise UserError(f"the {what} '{whose}' has no INDI device: write 'device: {{indi: …}}' in its document")
    if device.indi not in DRIVERS:
        known = ", ".join(DRIVERS)
        raise UserError(
            f"the {what} '{whose}' is '{device.indi}', but --runner ekos starts only INDI's simulators yet: {known}"
        )
    return device.indi
