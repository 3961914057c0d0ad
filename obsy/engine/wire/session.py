"""One night from beginning to end: what was interrupted is taken up, what is finished is left alone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from obsy.engine.declare.observatory import Observatory
from obsy.engine.devices.ports import Roof
from obsy.engine.journal import Entry, Journal, stamp
from obsy.engine.night.duty import Duty, Rules
from obsy.engine.night.ledger import Book
from obsy.engine.night.lookout import Lookout
from obsy.engine.night.loop import Loop
from obsy.engine.night.resume import Past
from obsy.engine.night.rooms import Darkroom, Ports
from obsy.engine.night.shot import Shot
from obsy.engine.wire.debts import pay
from obsy.engine.wire.planner import Planner
from obsy.schemas.night import Night as Table
from obsy.schemas.train import Train

Tell = Callable[[Entry], None]


class Told:
    """A journal that also tells whoever watches; what it tells is on the disk already."""

    def __init__(self, journal: Journal, tell: Tell) -> None:
        """Tell `tell`."""
        self._journal, self._tell = journal, tell

    def write(self, when: datetime, event: str, facts: Mapping[str, Any]) -> None:
        """Keep one event, then tell it."""
        self._journal.write(when, event, facts)
        self._tell({"time": stamp(when), "night": self._journal.night, "event": event, **facts})


@dataclass(frozen=True, eq=False)
class Stage:
    """Everything a night needs, joined."""

    observatory: Observatory
    train: Train
    planner: Planner
    ports: Ports
    darkroom: Darkroom
    journal: Told
    opening: Mapping[str, Any]
    """What the journal says of the night's beginning."""


async def play(stage: Stage, book: Book, before: Past, archived: Sequence[Shot]) -> None:
    """Run the night, or what is left of it."""
    observatory = stage.observatory
    lookout = Lookout(stage.ports.clock, observatory.safety, observatory.weather, dict(stage.ports.weather))
    rules = Rules(observatory.safety, observatory.mount.park, stage.train, observatory.quality.verdict)
    duty = Duty(
        stage.planner.night, rules, stage.ports, stage.darkroom, stage.journal, book, stage.planner.intent,
        stage.planner.lacking,
    )
    duty.log("night-resumed" if before.begun else "night-started", **stage.opening)
    await pay(duty, before, archived)
    begin_in = await _where_to_begin(observatory.night, duty, lookout, before)
    await Loop(observatory.night, duty, lookout).run(begin_in)


async def _where_to_begin(table: Table, duty: Duty, lookout: Lookout, before: Past) -> str | None:
    """The table's own beginning under a roof that is seen closed.

    An open roof is taken over if this night opened it and what is read right now is safe and dark; any other roof is
    closed first.
    """
    roof = await duty.ports.enclosure.state()
    if roof is Roof.CLOSED:
        return None
    night, now = duty.night, duty.now()
    dark = night.dusk is not None and night.dawn is not None and night.dusk <= now < night.dawn
    if before.begun and roof is Roof.OPEN and dark:
        lookout.trust_the_open_roof()
        await lookout.read_all()
        duty.verdict = lookout.verdict()
        if duty.verdict.safe:
            return state_doing(table, "open")
    return state_doing(table, "close")


def state_doing(table: Table, activity: str) -> str:
    """The first state of a table that does this."""
    return next(name for name, state in table.states.items() if state.do == activity)


def opening(intent: Mapping[str, Any], version: str, commit: str | None, scenario: tuple[str, int] | None) -> dict[str, Any]:
    """What the journal's first line says."""
    return {
        "version": version, "commit": commit, "scenario": scenario[0] if scenario else None,
        "seed": scenario[1] if scenario else None, "intent": dict(intent),
    }


