"""Alerts are heard while a night runs: what rules ask for is planned, and what gives way is broken off."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from obsy.engine.alerts.joined import in_force, joined
from obsy.engine.alerts.record import AlertRecord, records
from obsy.engine.declare.observatory import Observatory, Wanted
from obsy.engine.events import Event
from obsy.engine.events.alerts import AlertActedOn, AlertCame, AlertOver, AlertRefused
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.journal import read
from obsy.engine.night.context import NightContext
from obsy.engine.night.deviation import CAUSES
from obsy.engine.runtime import processing as wiring
from obsy.engine.runtime.planner import for_ekos
from obsy.engine.runtime.setup import NightSetup
from obsy.engine.schedule.request import Block
from obsy.engine.schedule.yielding import gives_way

EVERY_S = 10.0
"""How often the folder of alerts is looked at."""
HEARD = (AlertActedOn.name, AlertRefused.name)


def with_alerts(observatory: Observatory, data_root: DataRoot, now: datetime) -> Observatory:
    """Return what is declared, with what the alerts ask for that are in force now."""
    return joined(observatory, in_force(records(data_root.alerts), now)).observatory


def hears(observatory: Observatory) -> bool:
    """Return whether any rule waits for an alert."""
    return any(rule.trigger.alert is not None for rule in observatory.rules.values())


@dataclass(slots=True)
class Hearing:
    """What a night has heard so far; each alert is told and acted upon once, however often a night is taken up."""

    setup: NightSetup
    contexts: Sequence[NightContext]
    told: set[tuple[str, str]] = field(default_factory=set)
    """Id of each alert, and why nothing was done about it."""
    over: set[str] = field(default_factory=set)
    """Plans whose alert is over."""
    _files: tuple[tuple[str, int], ...] = ()
    _kept: list[AlertRecord] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Know what an earlier run of this night has told; let what gives way be broken off."""
        journal = read(self.setup.data_root.journal(self.setup.asked.day))
        self.told |= {(each["alert"], each.get("reason", "")) for each in journal if each["event"] in HEARD}
        for context in self.contexts:
            context.gives_way = partial(self._gives_way, context)

    def begin(self) -> "asyncio.Task[None]":
        """Hear from now on, until that is cancelled."""
        return asyncio.create_task(self._keep_hearing())

    async def _keep_hearing(self) -> None:
        clock = self.contexts[0].ports.clock
        while True:
            try:
                self.hear(clock.now())
            except Exception as fault:  # each alert is told once, so this comes again for none; others are heard
                self.contexts[0].faults.append(fault)
            await clock.sleep(EVERY_S)

    def hear(self, now: datetime) -> None:
        """Tell of what has come, and of what is over, and plan anew if that asks for something."""
        for each in self._records():
            if each.came <= now and (each.id, each.refused) not in self.told:
                self.told.add((each.id, each.refused))
                if not self._is_old(each):
                    self._hear(each, now)
        for plan, wanted in self.setup.observatory.wanted.items():
            if wanted.until <= now and plan not in self.over:
                self.over.add(plan)
                self._log(AlertOver(alert=wanted.alert, plan=plan))

    def _records(self) -> list[AlertRecord]:
        """Return what is kept, or was at the last look that succeeded; files are read where one has come or changed."""
        folder = self.setup.data_root.alerts
        try:
            files = tuple(sorted((path.name, path.stat().st_mtime_ns) for path in folder.glob("*.json")))
        except OSError:  # one has gone while it was looked at, or the disk does not answer: the next look tells
            return self._kept
        if files != self._files:
            self._files, self._kept = files, list(records(folder))
        return self._kept

    def _is_old(self, record: AlertRecord) -> bool:
        """Return whether it came, and was over, before this night."""
        begin = self.setup.planner.night.start
        return record.came < begin and all(each.until <= begin for each in record.wishes)

    def _hear(self, record: AlertRecord, now: datetime) -> None:
        self._log(
            AlertCame(
                alert=record.id,
                source=record.source,
                called=record.called,
                at=record.at,
                came=record.came,
                role=record.role,
                ra_deg=record.ra_deg,
                dec_deg=record.dec_deg,
                magnitude=record.magnitude,
            )
        )
        if record.refused:
            self._log(AlertRefused(alert=record.id, reason=record.refused))
            return
        found = joined(self.setup.observatory, in_force([record], now))
        for reason in found.refused:
            self._log(AlertRefused(alert=record.id, reason=reason))
        for mode, wanted in (("live", found.wanted), ("rehearsal", found.rehearsed)):
            for plan, each in wanted.items():
                self._log(_acted_on(plan, each, mode))
        if found.wanted:
            self._join(found.observatory)

    def _join(self, observatory: Observatory) -> None:
        """Plan the rest of the night with these plans, and credit what is taken for them."""
        setup, planner = self.setup, self.setup.planner.joined(observatory)
        if setup.asked.scenario is None and setup.asked.runner == "ekos":
            planner = for_ekos(planner)
        setup.observatory, setup.planner = observatory, planner
        if setup.rules is not None:
            setup.rules.become(wiring.rules(observatory))
        for context in self.contexts:
            context.replan(planner.intent, planner.lacking)

    def _gives_way(self, context: NightContext, block: Block) -> bool:
        """Return whether a running block is broken off: what goes before it comes next with its mount."""
        wanted, mount = self.setup.observatory.wanted, context.mount_of(block)
        now, busy = context.now(), context.tally.busy
        lasting = {name: each for name, each in wanted.items() if each.until > now}
        plan = next(each for each in self.setup.observatory.plans if each.name == block.request.line.plan)
        if block.fixed or not (below := gives_way(plan, lasting)):
            return False
        tally = replace(context.tally, busy={name: at for name, at in busy.items() if name != mount.name})
        first = next((each for each in context.blocks(now, tally) if context.mount_of(each) == mount), None)
        comes = None if first is None else lasting.get(first.request.line.plan)
        return first is not None and comes is not None and comes.below >= below and first.begin <= now

    def _log(self, event: Event) -> None:
        self.contexts[0].log(event)
        for context in self.contexts[1:]:
            if isinstance(event, CAUSES):
                context.happened.append(event)


def _acted_on(plan: str, each: Wanted, mode: str) -> AlertActedOn:
    return AlertActedOn(alert=each.alert, plan=plan, until=each.until, mode=mode, below=each.below)
