"""One night from its beginning, or from where it was interrupted, to its end: the same for every runner."""

import asyncio
import signal
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from obsy.engine.devices.ports import Roof
from obsy.engine.intent import as_json
from obsy.engine.night.activities import ACTIVITIES
from obsy.engine.night.duty import Duty, Rules
from obsy.engine.night.lookout import Lookout
from obsy.engine.night.loop import Loop
from obsy.engine.night.resume import Past
from obsy.engine.night.rooms import Ports
from obsy.engine.wire.debts import pay
from obsy.engine.wire.scene import Scene, opening
from obsy.errors import DeviceError
from obsy.schemas.night import UNDER_THE_SKY
from obsy.schemas.night import Night as Table


async def play(scene: Scene, ports: Ports, seed: int | None = None) -> None:
    """Run the night, or what is left of it. ^C and `kill` end it early, but not before the roof is closed."""
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, signal.raise_signal, signal.SIGINT)
    observatory, before = scene.observatory, scene.before
    lookout = Lookout(ports.clock, observatory.safety, observatory.weather, dict(ports.weather))
    rules = Rules(
        observatory.safety,
        observatory.mount.park,
        scene.planner.train,
        observatory.quality.verdict,
        clears=observatory.enclosure.clearance == "free",
    )
    duty = Duty(
        scene.planner.night,
        rules,
        ports,
        scene.darkroom,
        scene.journal,
        scene.book(),
        scene.planner.intent,
        scene.planner.lacking,
    )
    begin_in = await _where_to_begin(observatory.night, duty, lookout, before)
    facts: Mapping[str, Any] = opening(scene, as_json(duty.intent()), seed)
    duty.log("night-resumed" if before.begun else "night-started", **facts, state=begin_in or observatory.night.initial)
    if begin_in == state_doing(observatory.night, "close"):
        await _close_first(duty)
    # Only now: what an earlier run left to be judged may take long, and the roof could not wait for it.
    await ports.clock.settle(scene.darkroom.settled(), duty.now())
    duty.book = scene.book()
    await pay(duty, before, scene.archived())
    telling = asyncio.create_task(scene.notices.keep_telling(duty))
    try:
        await Loop(observatory.night, duty, lookout).run(begin_in)
    finally:
        telling.cancel()
        scene.notices.tell(duty)


async def _where_to_begin(table: Table, duty: Duty, lookout: Lookout, before: Past) -> str | None:
    """The table's own beginning under a roof that is seen closed.

    An open roof is taken over if this night stood safely under it when it was interrupted, and what is read right now
    is safe and dark; any other roof, and one that does not answer, is closed first.
    """
    roof = Roof.UNKNOWN
    with suppress(DeviceError):
        roof = await duty.ports.enclosure.state()
    if roof is Roof.CLOSED:
        return None
    stood = before.safe and before.state in table.states and table.states[before.state].do in UNDER_THE_SKY
    if stood and roof is Roof.OPEN and duty.night.is_dark(duty.now()):
        lookout.trust_the_open_roof()
        await lookout.read_all()
        duty.verdict = lookout.verdict()
        if duty.verdict.safe:
            return state_doing(table, "open")
    return state_doing(table, "close")


async def _close_first(duty: Duty) -> None:
    """Bring the roof to safety before anything else; where that fails, the table asks again."""
    with suppress(DeviceError):
        await ACTIVITIES["close"](duty)


def state_doing(table: Table, activity: str) -> str:
    """The first state of a table that does this."""
    return next(name for name, state in table.states.items() if state.do == activity)
