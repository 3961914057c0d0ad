"""One night from its beginning, or from where it was interrupted, to its end: the same for every runner."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import obsy
from obsy.engine.devices.ports import Roof
from obsy.engine.events.night import (
    NightEndedEarly,
    NightFinished,
    NightInterrupted,
    NightResumed,
    NightStarted,
)
from obsy.engine.identity import Identity
from obsy.engine.intent import as_json
from obsy.engine.journal import tell_stderr
from obsy.engine.night.activities import ACTIVITIES
from obsy.engine.night.context import NightContext, NightRules
from obsy.engine.night.loop import Loop
from obsy.engine.night.ports import Ports
from obsy.engine.night.tally import Tally
from obsy.engine.night.together import to_its_end, together
from obsy.engine.processing.limited import WorkerLostError
from obsy.engine.runtime.hearing import Hearing, hears
from obsy.engine.runtime.overheads import told
from obsy.engine.runtime.recovery import recover
from obsy.engine.runtime.setup import NightSetup
from obsy.engine.runtime.signals import end_at_the_first
from obsy.engine.runtime.watching import Watching, watches
from obsy.engine.safety.lease import RENEWED_EVERY_S, RoofKeeper
from obsy.errors import DeviceError
from obsy.schemas.enclosure import Enclosure
from obsy.schemas.night import UNDER_THE_SKY, NightTable


@dataclass(slots=True)
class EnclosureNight:
    """One enclosure's part of the night."""

    table: NightTable
    context: NightContext
    begin_in: str | None = None
    """Where in its table the night begins; None: at its beginning."""
    followed: bool = False
    """Whether its table is followed, and so renews the lease."""
    keeping: "asyncio.Task[None] | None" = None
    """The keeper at work, once no other watch commands the roof."""

    @property
    def keeper(self) -> RoofKeeper:
        """Whoever keeps the roof."""
        return self.context.keeper

    @property
    def closes_first(self) -> bool:
        """Return whether the roof is brought to safety before anything else."""
        return self.begin_in == state_doing(self.table, "close")


async def play(setup: NightSetup, ports: Mapping[str, Ports], seed: int | None = None) -> None:
    """Run the night, or what is left of it. ^C and `kill` end it early, but not before every roof is closed.

    ports: by enclosure.
    """
    end_at_the_first()
    setup.asked.start.relieve()
    nights = [_prepare(setup, roof, ports[roof.name]) for roof in setup.observatory.enclosures]
    try:
        await _play(setup, nights, seed)
    finally:
        for each in nights:
            if each.keeping is not None:
                each.keeping.cancel()


async def _play(setup: NightSetup, nights: Sequence[EnclosureNight], seed: int | None) -> None:
    begun = False
    try:
        await together(*(_find_the_beginning(setup, each) for each in nights))
        _write_the_opening(setup, nights, seed)
        begun = True
        for each in nights:
            each.keeper.hear(each.context.note)
        tally = await _carry_on(setup, nights)
    except BaseException as stop:
        await to_its_end(_leave(nights))
        if begun:
            await to_its_end(_note_end(nights, stop))
        raise
    await _look_back(setup, nights[0].context)
    ended = NightEndedEarly(reason=tally.refused) if tally.refused else NightFinished()
    setup.journal.write(nights[0].context.now(), ended)


async def _look_back(setup: NightSetup, context: NightContext) -> None:
    """Journal how far the night was from its best. Every roof is closed by then, and no fault in this harms a night.

    Whoever tells the program to stop meanwhile does not wait for it: the night is over all the same.
    """
    try:
        work = setup.looked_back()
        if (found := await context.ports.clock.settle(work, context.now())) is not None:
            context.note(found)
    except asyncio.CancelledError:
        tell_stderr("obsy: how good the night was is not told: it was told to stop")
    except Exception as fault:  # noqa: BLE001
        words = str(fault) if isinstance(fault, WorkerLostError) else repr(fault)
        tell_stderr(f"obsy: how good the night was cannot be told: {words}")


async def _leave(nights: Sequence[EnclosureNight]) -> None:
    """Bring every roof to safety that its table does not answer for yet, whatever becomes of another."""
    for each in nights:
        each.keeper.hear(each.context.note)
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
        "overheads": told(setup.planner.costs, setup.observatory) or None,
        "tables": {each.context.rules.enclosure.name: _told(each.table) for each in nights},
    }
    setup.journal.write(clock.now(), NightResumed(**facts, after=after) if before.begun else NightStarted(**facts))


def _told(table: NightTable) -> dict[str, Any]:
    """Return a table as JSON, so that its moves can be replayed."""
    return table.model_dump(mode="json", exclude_defaults=True)


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
    leases = [asyncio.create_task(_keep_the_lease(each)) for each in nights]
    try:
        await together(*(_close(each.context) for each in nights if each.closes_first))
        # Only now: what an earlier run left to be judged may take long, and no roof could wait for it.
        await clock.settle(setup.processing.settled(), clock.now())
        tally = setup.tally()
        for each in nights:
            each.context.tally = tally
        await recover(first, setup.before, setup.archived())
        beside = [asyncio.create_task(setup.notices.keep_telling(first))]
        if hears(setup.observatory):
            beside.append(Hearing(setup, [each.context for each in nights]).begin())
        if watches(setup.observatory):
            Watching(setup, [each.context for each in nights]).begin()
        try:
            await together(*(_follow(each) for each in nights))
        finally:
            for task in beside:
                task.cancel()
            setup.notices.tell(first)
    finally:
        for lease in leases:
            lease.cancel()
    return tally


async def _keep_the_lease(each: EnclosureNight) -> None:
    """Let a roof that was taken over open stay so until its table is followed, as long as it is dark."""
    while not each.followed and each.context.night.is_dark(each.context.now()):
        each.keeper.renew()
        await each.context.ports.clock.sleep(RENEWED_EVERY_S)
    if not each.followed:
        each.keeper.withdraw()


async def _follow(each: EnclosureNight) -> None:
    """Follow its table to the end."""
    each.followed = True
    await Loop(each.table, each.context).run(each.begin_in)


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
    return EnclosureNight(observatory.nights[roof.name], context)


async def _interrupted(context: NightContext, stop: BaseException) -> NightInterrupted:
    """Return why the night stops, and how a roof and the mounts under it are seen to stand."""
    seen = await context.keeper.look()
    mount = {True: "parked", False: "not parked", None: "unknown"}[seen.parked]
    told = isinstance(stop, asyncio.CancelledError | KeyboardInterrupt)
    reason = "told to stop" if told else str(stop) or repr(stop)
    return NightInterrupted(reason=reason, roof_is=str(seen.roof), mount_is=mount)


async def _find_the_beginning(setup: NightSetup, each: EnclosureNight) -> None:
    """Begin where the roof and the night before say: at the table's own beginning under a roof that is proven closed.

    An open roof is taken over if this night stood safely under it when it was interrupted, and what is read right now
    is safe and dark; any other roof, and one that does not answer, is closed first.
    """
    context, table, before = each.context, each.table, setup.before.under(each.context.rules.enclosure.name)
    each.keeping = asyncio.create_task(each.keeper.run())
    found, state = await each.keeper.found(), table.states.get(before.state)
    if found is Roof.CLOSED:
        await each.keeper.give_back()
        return
    stood = before.safe and state is not None and state.do in UNDER_THE_SKY
    if stood and found is Roof.OPEN and context.night.is_dark(context.now()) and each.keeper.verdict.safe:
        each.begin_in = state_doing(table, "open")
        each.keeper.renew()
    else:
        each.begin_in = state_doing(table, "close")
        each.keeper.withdraw()


async def _close(context: NightContext) -> None:
    """Bring the roof to safety; where that fails, the table asks again."""
    with suppress(DeviceError):
        await ACTIVITIES["close"](context)


def state_doing(table: NightTable, activity: str) -> str:
    """The first state of a table that does this."""
    return next(name for name, state in table.states.items() if state.do == activity)
