"""A night without KStars: obsy moves each device itself, over INDI or Alpaca, as each is declared."""

from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, asynccontextmanager, closing
from dataclasses import dataclass

from obsy.engine.declare.instrument import Instrument
from obsy.engine.devices.clock import WallClock
from obsy.engine.devices.phd2.guider import Phd2Guider
from obsy.engine.night.ports import Ports
from obsy.engine.reduce.work import pointed, star_width
from obsy.engine.runtime import parts as made
from obsy.engine.runtime.guard.line import GuardLine
from obsy.engine.runtime.guarded import come_home, guard_line, indi_server, run_on, sequenced
from obsy.engine.runtime.reach import mount_port
from obsy.engine.runtime.server_lines import LOOKS_S, Lines, driven
from obsy.engine.runtime.setup import NightSetup
from obsy.engine.sequencer.bounded import CAPS_WITHIN_S, MOVES_WITHIN_S, TURN_DEG, bounded
from obsy.engine.sequencer.devices import ImagingDevices
from obsy.schemas.enclosure import Enclosure
from obsy.schemas.train import PARTS, Train

TURNS_S = 60.0
"""A rotator that takes so much longer than a whole turn is stuck."""
EAGERLY_S = {"indi": 0.05, "alpaca": 0.2}
"""Between two looks whether a camera is done: what it waits for longer is lost to each frame."""


def run(setup: NightSetup) -> None:
    """Run the night under the real clock; see `run_on`."""
    run_on(hardware, setup)


@asynccontextmanager
async def hardware(setup: NightSetup, clock: WallClock) -> AsyncIterator[dict[str, Ports]]:
    """The declared devices of each enclosure. Raise UserError for one that no server has and obsy cannot begin."""
    site = setup.observatory.site
    for each in setup.observatory.instruments:  # before anything is asked of the guard
        for key, part in each.train.parts.items():
            driven(part.device, f"{PARTS[key]} of", each.name, site)
    async with guard_line(setup) as guard:
        own = await indi_server(guard)
        with ExitStack() as held:
            found = _Hardware(setup, clock, guard, Lines(clock, site, own, held), held)
            yield {roof.name: found.ports(roof) for roof in setup.observatory.enclosures}


@dataclass(frozen=True)
class _Hardware:
    """Where the devices are, and whom they answer to."""

    setup: NightSetup
    clock: WallClock
    guard: GuardLine
    lines: Lines
    held: ExitStack
    """What is let go at the end of the night."""

    def ports(self, roof: Enclosure) -> Ports:
        """What stands in an enclosure."""
        observatory, lines = self.setup.observatory, self.lines.anew()
        mounts = [each for each in observatory.mounts if each.enclosure == roof.name]
        bare = {each.name: mount_port(lines, each, observatory.site.location) for each in mounts}
        keeper = self.guard.keeper(roof.name, self.clock, come_home(observatory, bare))
        trains = {each.name: self._train(each) for each in observatory.instruments if each.mount.name in bare}
        return sequenced(self.setup, self.clock, keeper, bare, trains)

    def _guider(self, train: Train) -> Phd2Guider | None:
        return None if train.guider is None else self.held.enter_context(closing(Phd2Guider(train.guider)))

    def _train(self, instrument: Instrument) -> ImagingDevices:
        """The devices of a train, on a line of its own: while a large file comes, nobody else's words wait for it."""
        train, carrier = instrument.train, instrument.mount.device
        lines, incoming, parts = self.lines.anew(), self.setup.data_root.incoming, train.parts

        def device(
            key: str, within_s: float = MOVES_WITHIN_S, looks_s: Mapping[str, float] = LOOKS_S
        ) -> made.TrainDevice:
            return lines.device(parts[key].device, f"{PARTS[key]} of", train.name, within_s, looks_s)

        wheel = made.wheel(device("filters"), train) if train.filters is not None else None
        mount = carrier.indi if carrier is not None else None
        return bounded(
            ImagingDevices(
                train,
                made.camera(device("camera", looks_s=EAGERLY_S), train, incoming, mount, wheel),
                wheel,
                made.focuser(device("focuser")) if train.focuser is not None else None,
                made.panel(device("panel", CAPS_WITHIN_S), train.panel) if train.panel is not None else None,
                star_width,
                pointed,
                self.setup.pool,
                self._guider(train),
                made.rotator(device("rotator", TURNS_S + TURN_DEG / train.rotator.speed)) if train.rotator else None,
            )
        )
