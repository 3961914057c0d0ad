"""One night from its beginning, or from where it was interrupted, to its end: the same for every runner."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

import obsy
from obsy.engine.devices.ports import Roof
from obsy.engine.events.night import (
    NightEndedEarly,
    NightFinished,
    NightInterrupted,
    NightResumed,
    NightStarted,
    StateChanged,
)
from obsy.engine.events.roof import VerdictTurned
from obsy.engine.identity import Identity
from obsy.engine.intent import as_json
from obsy.engine.night.activities import ACTIVITIES
from obsy.engine.night.context import NightContext, NightRules
from obsy.engine.night.event import GuardFacts
from obsy.engine.night.loop import Loop
from obsy.engine.night.ports import Ports
from obsy.engine.night.tally import Tally
from obsy.engine.night.together import to_its_end, together
from obsy.engine.night_record import NightRecord
from obsy.engine.runtime.recovery import recover
from obsy.engine.runtime.setup import NightSetup
from obsy.engine.runtime.signals import end_at_the_first
from obsy.engine.safety import seeing
from obsy.engine.safety.monitor import WeatherMonitor
from obsy.engine.safety.verdict import Verdict
from obsy.engine.safety.watching import StandingWatch
from obsy.errors import DeviceError
from obsy.schemas.enclosure import Enclosure
from obsy.schemas.night import UNDER_THE_SKY, NightTable

HELD_S = 10.0
"""How often the weather over an open roof is read while its table is not followed yet."""


@dataclass(slots=True)
class EnclosureNight:
    """One enclosure's part of the night."""

    table: NightTable
    context: NightContext
    monitor: WeatherMonitor
    begin_in: str | None = None
    """Where in its table the night begins; None: at its beginning."""
    followed: bool = False
    """Whether its table is followed, and so answers for the roof."""
    held: "asyncio.Task[None] | None" = None
    """What watches over the roof until then."""

    @property
    def closes_first(self) -> bool:
        """Return whether the roof is brought to safety before anything else."""
        return self.begin_in == state_doing(self.table, "close")


async def play(setup: NightSetup, ports: Mapping[str, Ports], seed: int | None = None) -> None:
    """Run the night, or what is left of it. ^C and `kill` end it early, but not before every roof is closed.

    ports: by enclosure.
    """
    end_at_the_first()
    nights = [_prepare(setup, roof, ports[roof.name]) for roof in setup.observatory.enclosures]
    begun = False
    try:
        await together(*(_find_the_beginning(setup, each) for each in nights))
        _write_the_opening(setup, nights, seed)
        begun = True
        tally = await _carry_on(setup, nights)
    except BaseException as stop:
        await to_its_end(_leave(nights))
        if begun:
            await to_its_end(_note_end(nights, stop))
        raise
    ended = NightEndedEarly(reason=tally.refused) if tally.refused else NightFinished()
    setup.journal.write(nights[0].context.now(), ended)


async def _leave(nights: Sequence[EnclosureNight]) -> None:
    """Bring every roof to safety that its table does not answer for yet, whatever becomes of another."""
    await _let_go(nights)
    left = [each.context for each in nights if not each.followed]
    await asyncio.gather(*(ACTIVITIES["close"](context) for context in left), return_exceptions=True)


def _write_the_opening(setup: NightSetup, nights: Sequence[EnclosureNight], seed: int | None) -> None:
    before, tally, clock = setup.before, setup.tally(), nights[0].context.ports.clock
    intent = setup.planner.intent(tally, clock.now())
    states = {each.context.rules.enclosure.name: each.begin_in or each.table.initial for each in nights}
    after = before.ended.replace("-", " ") or "cut off"
    facts: dict[str, Any] = {
        "version": obsy.__version__,
        "commit": setup.commit,
        "scenario": setup.asked.scenario,
        "seed": seed,
        "intent": as_json(intent),
        "state": _worst(nights),
        "states": states if len(states) > 1 else None,
        "site": intent.site,
    }
    setup.journal.write(clock.now(), NightResumed(**facts, after=after) if before.begun else NightStarted(**facts))


def _worst(nights: Sequence[EnclosureNight]) -> str:
    """Return where the night begins, in one word: where the first roof that must be closed does, if any must."""
    each = next((each for each in nights if each.closes_first), nights[0])
    return each.begin_in or each.table.initial


async def _note_end(nights: Sequence[EnclosureNight], stop: BaseException) -> None:
    """Write why the night stops: its last word if every table has ended, else how each enclosure is seen to stand."""
    contexts = [each.context for each in nights]
    for context in contexts:
        context.closing = True  # a full disk must not hide why the night stops
    if all(context.ended for context in contexts):
        contexts[0].log(NightEndedEarly(reason=repr(stop)))
        return
    for context in contexts:
        context.log(await _interrupted(context, stop))


async def _carry_on(setup: NightSetup, nights: Sequence[EnclosureNight]) -> Tally:
    """Take over what an earlier run left, then follow every table to its end; return what is done then."""
    first, clock = nights[0].context, nights[0].context.ports.clock
    try:
        await together(*(_close_first(each) for each in nights if each.closes_first and each.held is None))
        # Only now: what an earlier run left to be judged may take long, and no roof could wait for it.
        await clock.settle(setup.processing.settled(), clock.now())
        tally = setup.tally()
        for each in nights:
            each.context.tally = tally
        await recover(first, setup.before, setup.archived())
    finally:
        await _let_go(nights)
    telling = asyncio.create_task(setup.notices.keep_telling(first))
    try:
        await together(*(_follow(each) for each in nights))
    finally:
        telling.cancel()
        setup.notices.tell(first)
    return tally


async def _hold(each: EnclosureNight) -> None:
    """Watch over a roof that was taken over open, until its table is followed; close it once it is not safe or dark."""
    context, begin = each.context, each.begin_in or each.table.initial
    try:
        while context.verdict.safe and context.night.is_dark(context.now()):
            await context.ports.clock.sleep(HELD_S)
            await each.monitor.read_all()
            context.verdict = each.monitor.verdict()
    except Exception as fault:  # ours: heard at the end, but what is not watched is not safe
        context.faults.append(fault)
        context.verdict = Verdict(False, repr(fault))
    verdict = context.verdict if not context.verdict.safe else Verdict(False, "it is not dark any more")
    each.begin_in = state_doing(each.table, "close")
    context.verdict, context.closing = verdict, True  # a full disk must not keep what follows from being done
    context.log(VerdictTurned(safe=False, reason=verdict.reason, input=verdict.input))
    context.log(
        StateChanged(from_=begin, to=each.begin_in, on="unsafe", facts_=asdict(GuardFacts()), detail=verdict.reason)
    )
    await _close(context)
    await _keep_closed(each)


async def _keep_closed(each: EnclosureNight) -> None:
    """Watch over a closed roof until its table is followed."""
    context = each.context
    await StandingWatch(context.shelter, lambda: context.verdict, each.monitor.distrust, context.note).watch()


async def _let_go(nights: Sequence[EnclosureNight]) -> None:
    """End the watches; a closing that is cut short begins again in its table."""
    held = [each.held for each in nights if each.held is not None]
    for task in held:
        task.cancel()
    await asyncio.gather(*held, return_exceptions=True)


async def _follow(each: EnclosureNight) -> None:
    """Follow its table to the end."""
    each.followed = True
    await Loop(each.table, each.context, each.monitor).run(each.begin_in)


def _prepare(setup: NightSetup, roof: Enclosure, ports: Ports) -> EnclosureNight:
    """Make an enclosure's night ready to run; what is done is not known yet."""
    observatory, planner = setup.observatory, setup.planner
    instruments = {each.name: each for each in observatory.instruments if each.enclosure == roof}
    mounts = tuple(mount for mount in observatory.mounts if mount.enclosure == roof.name)
    quality = observatory.quality
    origin = Identity(site=roof.site or observatory.site.name, commit=setup.commit)
    rules = NightRules(observatory.safety, roof, mounts, instruments, quality.verdict, quality.patience, origin)
    context = NightContext(
        planner.night, rules, ports, setup.processing, setup.journal, Tally(), planner.intent, planner.lacking
    )
    context.incoming = setup.data_root.incoming
    monitor = WeatherMonitor(ports.clock, observatory.safety, observatory.inputs_of(roof), dict(ports.weather))
    return EnclosureNight(observatory.nights[roof.name], context, monitor)


async def _interrupted(context: NightContext, stop: BaseException) -> NightInterrupted:
    """Return why the night stops, and how a roof and the mounts under it are seen to stand."""
    shelter = context.shelter
    roof, mount = str(await seeing.roof(shelter)), "unknown"
    with suppress(DeviceError):
        seen = [seeing.seen_parked(await seeing.mount_state(each), each.declared.park) for each in shelter.mounts]
        mount = "parked" if all(seen) else "not parked"
    told = isinstance(stop, asyncio.CancelledError | KeyboardInterrupt)
    return NightInterrupted(reason="told to stop" if told else str(stop) or repr(stop), roof_is=roof, mount_is=mount)


async def _find_the_beginning(setup: NightSetup, each: EnclosureNight) -> None:
    """Take a roof over from the first watch, and watch it from then on."""
    await setup.asked.relieve(each.context.rules.enclosure.name)
    each.begin_in = await _where_to_begin(each.table, each.context, each.monitor, setup.before)
    if not each.closes_first:
        each.held = asyncio.create_task(_hold(each) if each.begin_in else _keep_closed(each))


async def _where_to_begin(
    table: NightTable, context: NightContext, monitor: WeatherMonitor, before: NightRecord
) -> str | None:
    """The table's own beginning under a roof that is seen closed, and told so once more.

    An open roof is taken over if this night stood safely under it when it was interrupted, and what is read right now
    is safe and dark; any other roof, and one that does not answer, is closed first.
    """
    roof, course = await seeing.roof(context.shelter), before.under(context.rules.enclosure.name)
    context.shelter.stance.exposed = roof is not Roof.CLOSED or course.roof_is in ("opening", "open")
    if roof is Roof.CLOSED:
        await context.make_safe()
        return None
    state = table.states.get(course.state)
    stood = course.safe and state is not None and state.do in UNDER_THE_SKY
    if stood and roof is Roof.OPEN and context.night.is_dark(context.now()):
        monitor.trust_the_open_roof()
        await monitor.read_all()
        context.verdict = monitor.verdict()
        if context.verdict.safe:
            return state_doing(table, "open")
    return state_doing(table, "close")


async def _close_first(each: EnclosureNight) -> None:
    """Bring the roof to safety before anything else, and watch it from then on."""
    await _close(each.context)
    each.held = asyncio.create_task(_keep_closed(each))


async def _close(context: NightContext) -> None:
    """Bring the roof to safety; where that fails, the table asks again."""
    with suppress(DeviceError):
        await ACTIVITIES["close"](context)


def state_doing(table: NightTable, activity: str) -> str:
    """The first state of a table that does this."""
    return next(name for name, state in table.states.items() if state.do == activity)
