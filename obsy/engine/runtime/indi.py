"""A night over INDI, without KStars: obsy moves each device itself, behind the server that the guard keeps."""

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
from obsy.engine.night.ports import Ports
from obsy.engine.reduce.work import pointed, star_width
from obsy.engine.runtime.guard.line import GuardLine
from obsy.engine.runtime.guarded import come_home, guard_line, indi_address, run_on, sequenced
from obsy.engine.runtime.lines import IndiLines, indi_device
from obsy.engine.runtime.reach import mount_port
from obsy.engine.runtime.setup import NightSetup
from obsy.engine.sequencer.bounded import CAPS_WITHIN_S, MOVES_WITHIN_S, bounded
from obsy.engine.sequencer.devices import ImagingDevices
from obsy.schemas.enclosure import Enclosure
from obsy.schemas.train import PARTS, Train

LOOKS_S = 0.05
"""Between two looks whether a camera is done: what it waits for longer is lost to each frame."""


def run(setup: NightSetup) -> None:
    """Run the night under the real clock; see `run_on`."""
    run_on(hardware, setup)


@asynccontextmanager
async def hardware(setup: NightSetup, clock: WallClock) -> AsyncIterator[dict[str, Ports]]:
    """The declared devices of each enclosure. Raise UserError for one without a driver that obsy can begin."""
    site = setup.observatory.site
    for each in setup.observatory.instruments:  # before anything is asked of the guard
        for key, part in each.train.parts.items():
            indi_device(part.device, f"{PARTS[key]} of", each.name, site)
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
        observatory, lines = self.setup.observatory, self.lines.anew()
        mounts = [each for each in observatory.mounts if each.enclosure == roof.name]
        bare = {each.name: mount_port(lines, each, observatory.site.location) for each in mounts}
        keeper = self.guard.keeper(roof.name, self.clock, come_home(observatory, bare))
        trains = {each.name: self._train(each.train) for each in observatory.instruments if each.mount.name in bare}
        return sequenced(self.setup, self.clock, keeper, bare, trains)

    def _guider(self, train: Train) -> Phd2Guider | None:
        return None if train.guider is None else self.held.enter_context(closing(Phd2Guider(train.guider)))

    def _train(self, train: Train) -> ImagingDevices:
        """The devices of a train, on a line of its own: while a large file comes, nobody else's words wait for it."""
        lines, root, parts = self.lines.anew(), self.setup.data_root, train.parts

        def device(key: str, within_s: float = MOVES_WITHIN_S, glance_s: float = GLANCE_S) -> IndiDevice:
            return lines.device(parts[key].device, f"{PARTS[key]} of", train.name, within_s, glance_s)

        return bounded(
            ImagingDevices(
                train,
                IndiCamera(device("camera", glance_s=LOOKS_S), train, root.incoming),
                IndiFilterWheel(device("filters"), train.slots) if train.filters is not None else None,
                IndiFocuser(device("focuser")) if train.focuser is not None else None,
                IndiPanel(device("panel", CAPS_WITHIN_S), train.panel.settle) if train.panel is not None else None,
                star_width,
                pointed,
                self.setup.pool,
                self._guider(train),
            )
        )
