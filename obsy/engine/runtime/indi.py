"""A night over INDI, without KStars: obsy moves each device itself, behind the server that the guard keeps."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager, closing
from dataclasses import dataclass

from obsy.engine.devices.clock import WallClock
from obsy.engine.devices.indi.camera import IndiCamera
from obsy.engine.devices.indi.connection import GLANCE_S
from obsy.engine.devices.indi.device import IndiDevice
from obsy.engine.devices.indi.focuser import IndiFocuser
from obsy.engine.devices.indi.panel import IndiPanel
from obsy.engine.devices.indi.wheel import IndiFilterWheel
from obsy.engine.devices.phd2.guider import Phd2Guider
from obsy.engine.devices.ports import MountPort
from obsy.engine.events import Event
from obsy.engine.night.ports import Ports
from obsy.engine.reduce.work import pointed, star_width
from obsy.engine.runtime.foreign import parts
from obsy.engine.runtime.guard.line import GuardLine
from obsy.engine.runtime.guarded import guard_line, indi_address
from obsy.engine.runtime.lines import IndiLines, indi_device
from obsy.engine.runtime.reach import mount_port
from obsy.engine.runtime.session import play
from obsy.engine.runtime.setup import NightSetup
from obsy.engine.runtime.signals import end_at_the_first
from obsy.engine.safety.closing import park
from obsy.engine.safety.guard import GuardedMount
from obsy.engine.safety.shelter import ShelteredMount
from obsy.engine.sequencer.bounded import CAPS_WITHIN_S, MOVES_WITHIN_S, bounded
from obsy.engine.sequencer.devices import ImagingDevices
from obsy.engine.sequencer.sequencer import Sequencer
from obsy.schemas.enclosure import Enclosure
from obsy.schemas.mount import Mount
from obsy.schemas.train import Train

LOOKS_S = 0.05
"""Between two looks whether a camera is done: what it waits for longer is lost to each frame."""


def run(setup: NightSetup) -> None:
    """Run the night under the real clock.

    Told to end by a signal, it closes the roof first.
    """

    async def night() -> None:
        end_at_the_first()
        async with hardware(setup, WallClock()) as ports:
            await play(setup, ports)

    asyncio.run(night())


@asynccontextmanager
async def hardware(setup: NightSetup, clock: WallClock) -> AsyncIterator[dict[str, Ports]]:
    """The declared devices of each enclosure. Raise UserError for one without a driver that obsy can begin."""
    site = setup.observatory.site
    for each in setup.observatory.instruments:  # before anything is asked of the guard
        for part, declared in parts(each.train).items():
            indi_device(declared, f"{part} of", each.name, site)
    async with guard_line(setup) as guard:
        own = await indi_address(guard)
        with ExitStack() as held:
            found = _Found(setup, clock, guard, IndiLines(clock, site, own, held), held)
            yield {roof.name: found.ports(roof) for roof in setup.observatory.enclosures}


@dataclass(frozen=True)
class _Found:
    """Where the devices are, and whom they answer to."""

    setup: NightSetup
    clock: WallClock
    guard: GuardLine
    lines: IndiLines
    held: ExitStack
    """What is let go at the end of the night."""

    def ports(self, roof: Enclosure) -> Ports:
        """What stands in an enclosure."""
        observatory = self.setup.observatory
        mounts = {each.name: each for each in observatory.mounts if each.enclosure == roof.name}
        lines = self.lines.anew()
        bare = {name: mount_port(lines, each, observatory.site.location) for name, each in mounts.items()}
        guarded = {name: self._guarded(bare[name], each) for name, each in mounts.items()}
        trains = {
            name: {each.name: self._train(each.train) for each in observatory.instruments if each.mount.name == name}
            for name in mounts
        }

        async def come_home() -> None:
            """Park without the guard."""
            homes = (park(ShelteredMount(mounts[name], each), lambda event: None) for name, each in bare.items())
            await asyncio.gather(*homes)

        return Ports(
            clock=self.clock,
            keeper=self.guard.keeper(roof.name, self.clock, come_home),
            mounts=guarded,
            executors={
                name: Sequencer(self.clock, guarded[name], each, trains[name], self._log)
                for name, each in mounts.items()
            },
            devices={name: devices for carried in trains.values() for name, devices in carried.items()},
        )

    def _guarded(self, port: MountPort, mount: Mount) -> GuardedMount:
        observatory = self.setup.observatory
        return GuardedMount(port, mount, observatory.safety.sun, observatory.site.location, self.clock)

    def _guider(self, train: Train) -> Phd2Guider | None:
        return None if train.guider is None else self.held.enter_context(closing(Phd2Guider(train.guider)))

    def _log(self, event: Event) -> None:
        self.setup.journal.write(self.clock.now(), event)

    def _train(self, train: Train) -> ImagingDevices:
        """The devices of a train, on a line of its own: while a large file comes, nobody else's words wait for it."""
        lines, root, declared = self.lines.anew(), self.setup.data_root, parts(train)

        def device(part: str, within_s: float = MOVES_WITHIN_S, glance_s: float = GLANCE_S) -> IndiDevice:
            return lines.device(declared[part], f"{part} of", train.name, within_s, glance_s)

        return bounded(
            ImagingDevices(
                train,
                IndiCamera(device("camera", glance_s=LOOKS_S), train, root.incoming),
                IndiFilterWheel(device("filter wheel"), train.slots) if train.filters is not None else None,
                IndiFocuser(device("focuser")) if train.focuser is not None else None,
                IndiPanel(device("panel", CAPS_WITHIN_S), train.panel.settle) if train.panel is not None else None,
                star_width,
                pointed,
                self.setup.pool,
                self._guider(train),
            )
        )
