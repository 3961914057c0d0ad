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
from obsy.engine.devices.ekos.scheduler import SCHEDULER
from obsy.engine.devices.ekos.user_list import check_empty
from obsy.engine.night.ports import Ports
from obsy.engine.runtime.attach import Attach
from obsy.engine.runtime.attached_kstars import AttachedExecutor, AttachedKStars
from obsy.engine.runtime.attaching import Host, fit
from obsy.engine.runtime.ekos import folders, only, ports
from obsy.engine.runtime.guarded import guard_line, indi_server, run_on
from obsy.engine.runtime.server_lines import Lines
from obsy.engine.runtime.setup import NightSetup


def run(setup: NightSetup) -> None:
    """Run the night under the real clock, with the KStars that runs; see `run_on`."""
    run_on(hardware, setup)


@asynccontextmanager
async def hardware(setup: NightSetup, clock: WallClock) -> AsyncIterator[dict[str, Ports]]:
    """The declared devices behind the KStars that runs; it is left running, without a job of ours."""
    observatory, attach, address = setup.observatory, setup.asked.attach or Attach(), session_bus()
    async with open_bus(address) as bus, guard_line(setup) as guard:
        connection = await bus.owner()  # before it is looked at: one that is begun meanwhile is looked at anew
        look = partial(fit, bus, observatory, attach)
        kstars = AttachedKStars(bus, look, await look(), connection)
        own = await indi_server(guard)

        async def check() -> None:
            await kstars.check_same()
            await check_empty(bus, kstars.host.dialect.version, promised=attach.list_is_empty)

        with ExitStack() as held:
            hand = held.enter_context(dead_hand(address))
            ekos = GuestEkos(bus, check, hand.holds)

            async def written_for(host: Host) -> EkosExecutor:
                whose = Whose(str(await bus.read(*SCHEDULER, "profile")), is_ours=False)
                return EkosExecutor(ekos, clock, host.equipment, host.dialect, folders(setup, clock), whose)

            lines = Lines(clock, observatory.site, own, held)
            executor = AttachedExecutor(kstars, written_for)
            yield {only(observatory).enclosure.name: ports(setup, lines, executor, guard, kstars.lacks)}
