"""The guard of a site as a process of its own."""

import asyncio
import signal
from functools import partial
from pathlib import Path

from obsy.engine.declare.equipment import equipment_to_keep
from obsy.engine.journal import python_heard, tell_stderr
from obsy.engine.runtime.guard.begin import SiteGuard
from obsy.engine.runtime.guard.reached import RoofReach
from obsy.engine.runtime.guard.service import Service
from obsy.engine.runtime.signals import TOLD_BY
from obsy.engine.telling.line import Line, telling

STILL_CLOSING = "obsy: the guard ends when every roof is proven closed"


def run_guard(root: Path, site: str | None, *, while_needed: bool, runner: RoofReach | None = None) -> None:
    """Keep the roofs of a site until they are closed by order. Raise GuardRunning if another process does."""
    service = Service()
    equipment = equipment_to_keep(root, site)
    with python_heard(), telling(root, equipment.site.name, "guard") as line:
        guard = SiteGuard(root, equipment, runner)
        guard.guard.at_work = partial(tell_others, service, line)
        asyncio.run(_until_closed(guard, service, while_needed=while_needed))


def tell_others(service: Service, line: Line, how: str, in_hand: bool) -> None:
    """Let systemd hear that the guard is at work, and boards that it has all in hand; see `standing`."""
    service.beat(how)
    if in_hand:
        line.beat()


async def _until_closed(guard: SiteGuard, service: Service, *, while_needed: bool) -> None:
    """Run the guard; every signal is answered, and ends it only over closed roofs."""
    loop = asyncio.get_running_loop()

    def told() -> None:
        guard.guard.ending.ordered = True
        tell_stderr(STILL_CLOSING)
        service.say("STOPPING=1")

    for number in TOLD_BY:
        if signal.getsignal(number) is not signal.SIG_IGN:
            loop.add_signal_handler(number, told)
    await guard.run(while_needed=while_needed)
