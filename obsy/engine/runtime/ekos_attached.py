"""A night with a KStars that a person runs: EKOS takes the frames with their profile, obsy keeps roof and verdict."""

from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from functools import partial

from obsy.engine.devices.clock import WallClock
from obsy.engine.devices.ekos.block import Whose
from obsy.engine.devices.ekos.bus import open_bus, session_bus
from obsy.engine.devices.ekos.dead_hand import dead_hand
from obsy.engine.devices.ekos.executor import EkosExecutor
from obsy.engine.devices.ekos.guest import GuestEkos
from obsy.engine.devices.ekos.readiness import hindrance
from obsy.engine.devices.ekos.scheduler import SCHEDULER
from obsy.engine.devices.ekos.user_list import check_empty
from obsy.engine.night.ports import Ports
from obsy.engine.runtime.attach import Attach
from obsy.engine.runtime.attaching import fit
from obsy.engine.runtime.ekos import folders, only, ports
from obsy.engine.runtime.guarded import guard_line, indi_server, run_on
from obsy.engine.runtime.server_lines import Lines
from obsy.engine.runtime.setup import NightSetup
from obsy.errors import DeviceError


def run(setup: NightSetup) -> None:
    """Run the night under the real clock, with the KStars that runs; see `run_on`."""
    run_on(hardware, setup)


@asynccontextmanager
async def hardware(setup: NightSetup, clock: WallClock) -> AsyncIterator[dict[str, Ports]]:
    """The declared devices behind the KStars that runs; it is left running, without a job of ours."""
    observatory, attach, address = setup.observatory, setup.asked.attach or Attach(), session_bus()
    async with open_bus(address) as bus, guard_line(setup) as guard:
        host = await fit(bus, observatory, attach)
        own = await indi_server(guard)
        lacks = partial(hindrance, bus, host.equipment)

        async def check() -> None:
            if why := await lacks():
                raise DeviceError(why)
            await check_empty(bus, host.dialect.version, promised=attach.list_is_empty)

        with ExitStack() as held:
            hand = held.enter_context(dead_hand(address))
            ekos = GuestEkos(bus, check, hand.holds)
            whose = Whose(str(await bus.read(*SCHEDULER, "profile")), is_ours=False)
            executor = EkosExecutor(ekos, clock, host.equipment, host.dialect, folders(setup, clock), whose)
            lines = Lines(clock, observatory.site, own, held)
            yield {only(observatory).enclosure.name: ports(setup, lines, executor, guard, lacks)}
