"""One night from its beginning, or from where it was interrupted, to its end: the same for every runner."""

import asyncio
import signal
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from obsy.engine.devices.ports import Roof
from obsy.engine.events.night import NightInterrupted, NightResumed, NightStarted
from obsy.engine.intent import as_json
from obsy.engine.night.activities import ACTIVITIES
from obsy.engine.night.activities.close import seen_parked
from obsy.engine.night.context import NightContext, NightRules
from obsy.engine.night.loop import Loop
from obsy.engine.night.ports import Ports
from obsy.engine.night_record import NightRecord
from obsy.engine.runtime.recovery import recover
from obsy.engine.runtime.setup import NightSetup, opening
from obsy.engine.safety.monitor import WeatherMonitor
from obsy.errors import DeviceError
from obsy.schemas.night import UNDER_THE_SKY, NightTable


async def play(setup: NightSetup, ports: Ports, seed: int | None = None) -> None:
    """Run the night, or what is left of it. ^C and `kill` end it early, but not before the roof is closed."""
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, signal.raise_signal, signal.SIGINT)
    observatory, before = setup.observatory, setup.before
    monitor = WeatherMonitor(ports.clock, observatory.safety, observatory.weather, dict(ports.weather))
    rules = NightRules(
        observatory.safety,
        observatory.mount.park,
        setup.planner.train,
        observatory.quality.verdict,
        clears=observatory.enclosure.clearance == "free",
        patience=observatory.quality.patience,
    )
    context = NightContext(
        setup.planner.night,
        rules,
        ports,
        setup.processing,
        setup.journal,
        setup.tally(),
        setup.planner.intent,
        setup.planner.lacking,
    )
    begin_in = await _where_to_begin(observatory.night, context, monitor, before)
    state, after = begin_in or observatory.night.initial, before.ended.replace("-", " ") or "cut off"
    facts: Mapping[str, Any] = {**opening(setup, as_json(context.intent()), seed), "state": state}
    context.log(NightResumed(**facts, after=after) if before.begun else NightStarted(**facts))
    try:
        await _carry_on(setup, context, monitor, begin_in)
    except BaseException as stop:
        if not context.ended:
            context.closing = True  # a full disk must not hide why the night stops
            context.log(await _interrupted(context, stop))
        raise


async def _carry_on(setup: NightSetup, context: NightContext, monitor: WeatherMonitor, begin_in: str | None) -> None:
    """Take over what an earlier run left, then follow the table to the night's end."""
    if begin_in == state_doing(setup.observatory.night, "close"):
        await _close_first(context)
    # Only now: what an earlier run left to be judged may take long, and the roof could not wait for it.
    await context.ports.clock.settle(setup.processing.settled(), context.now())
    context.tally = setup.tally()
    await recover(context, setup.before, setup.archived())
    telling = asyncio.create_task(setup.notices.keep_telling(context))
    try:
        await Loop(setup.observatory.night, context, monitor).run(begin_in)
    finally:
        telling.cancel()
        setup.notices.tell(context)


async def _interrupted(context: NightContext, stop: BaseException) -> NightInterrupted:
    """Return why the night stops, and how roof and mount are seen to stand."""
    roof, mount = str(Roof.UNKNOWN), "unknown"
    with suppress(DeviceError):
        roof = str(await context.ports.enclosure.state())
    with suppress(DeviceError):
        mount = "parked" if seen_parked(await context.ports.mount.state(), context.rules.park) else "not parked"
    told = isinstance(stop, asyncio.CancelledError | KeyboardInterrupt)
    return NightInterrupted(reason="told to stop" if told else str(stop) or repr(stop), roof_is=roof, mount_is=mount)


async def _where_to_begin(
    table: NightTable, context: NightContext, monitor: WeatherMonitor, before: NightRecord
) -> str | None:
    """The table's own beginning under a roof that is seen closed.

    An open roof is taken over if this night stood safely under it when it was interrupted, and what is read right now
    is safe and dark; any other roof, and one that does not answer, is closed first.
    """
    roof = Roof.UNKNOWN
    with suppress(DeviceError):
        roof = await context.ports.enclosure.state()
    if roof is Roof.CLOSED:
        return None
    stood = before.course.safe and before.state in table.states and table.states[before.state].do in UNDER_THE_SKY
    if stood and roof is Roof.OPEN and context.night.is_dark(context.now()):
        monitor.trust_the_open_roof()
        await monitor.read_all()
        context.verdict = monitor.verdict()
        if context.verdict.safe:
            return state_doing(table, "open")
    return state_doing(table, "close")


async def _close_first(context: NightContext) -> None:
    """Bring the roof to safety before anything else; where that fails, the table asks again."""
    with suppress(DeviceError):
        await ACTIVITIES["close"](context)


def state_doing(table: NightTable, activity: str) -> str:
    """The first state of a table that does this."""
    return next(name for name, state in table.states.items() if state.do == activity)
