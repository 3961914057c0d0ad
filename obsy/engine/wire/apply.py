"""Carries out a night: joins the parts for the runner that was asked for, and plays it."""

import asyncio
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import obsy
from obsy.engine.declare.observatory import Observatory
from obsy.engine.devices.simulated.clock import VirtualClock, VirtualLoop
from obsy.engine.frames.watch import Watch
from obsy.engine.intent import as_json
from obsy.engine.journal import Journal, read
from obsy.engine.night.ledger import Book
from obsy.engine.night.lock import only_one
from obsy.engine.night.resume import Past, past
from obsy.engine.reduce.darkroom import Crew, Darkroom, Folders, Workers
from obsy.engine.reduce.orders import Card
from obsy.engine.wire import darkroom as wiring
from obsy.engine.wire import simulated
from obsy.engine.wire.planner import Planner, prepare
from obsy.engine.wire.realm import Realm
from obsy.engine.wire.session import Stage, Tell, Told, opening, play
from obsy.engine.wire.shelf import archived, book
from obsy.schemas.scenario import Scenario
from obsy.schemas.train import Train

WORKERS = 2
SETTLING = timedelta(minutes=45)
"""Before dusk a rehearsal begins this much earlier than its calibration needs: cooling, downloads, verdicts."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What `obsy apply` was asked for."""

    root: Path
    day: date
    scenario: str = "clear"


def rehearse(observatory: Observatory, asked: Asked, tell: Tell) -> bool:
    """Play the night on the simulated observatory; False if it was finished before, and nothing is done."""
    realm = Realm.of(asked.root, observatory.site, simulated=True)
    with only_one(realm.lock):
        before = past(read(realm.journal(asked.day)), realm.incoming)
        if before.finished:
            return False
        planner, scenario = prepare(observatory, asked.day), observatory.scenario(asked.scenario)
        with _darkroom(observatory, planner.train, realm, _cards(asked, before)) as (room, pool):
            known = book(realm.folder)
            loop = VirtualLoop()
            clock = VirtualClock(before.last or _begin(planner, known), loop)
            with Journal(realm.journal(asked.day), asked.day.isoformat()) as journal, asyncio.Runner(loop_factory=lambda: loop) as runner:
                told = Told(journal, tell)
                rehearsal = simulated.Rehearsal(observatory, planner.train, scenario, asked.day, realm, planner.skies)
                made = simulated.world(rehearsal, clock, pool)
                ports = simulated.ports(made, planner.train, clock, pool, lambda event, **facts: told.write(clock.now(), event, facts))
                stage = Stage(observatory, planner.train, planner, ports, room, told, _opening(asked, planner, known, clock.now(), scenario))
                runner.run(play(stage, known, before, archived(asked.day, realm.folder)))
    return True


def _begin(planner: Planner, known: Book) -> datetime:
    """When a rehearsal begins: early enough for its calibration, and not before noon."""
    night = planner.night
    dusk = night.dusk or night.start
    lacking = planner.lacking(known, night.start)
    download_s = planner.train.camera.download
    taking_s = sum(each.count * (each.exposure_s + download_s) for each in lacking)
    return max(night.start, dusk - timedelta(seconds=taking_s) - SETTLING).replace(microsecond=0)


@contextmanager
def _darkroom(observatory: Observatory, train: Train, realm: Realm, cards: tuple[Card, ...]) -> Iterator[tuple[Darkroom, Workers]]:
    """The store, the workers, the darkroom and the watch on the camera's folder; what lay there is judged already."""
    from obsy.engine.store.open import open_store  # noqa: PLC0415  Django loads only where a store is used

    open_store(realm.store)
    pool = Workers(WORKERS)
    room = Darkroom(Crew(Folders(realm.folder), wiring.rules(observatory, train, cards), wiring.CRAFT, pool))
    watch = Watch(realm.incoming, room.found)
    try:
        room.start()
        watch.start()
        room.settled().result()
        yield room, pool
    finally:
        watch.stop()
        room.close()
        pool.shutdown(wait=False, cancel_futures=True)


def _opening(asked: Asked, planner: Planner, known: Book, now: datetime, scenario: Scenario) -> dict[str, object]:
    return opening(as_json(planner.intent(known, now)), obsy.__version__, commit(asked.root), (scenario.name, scenario.seed))


def _cards(asked: Asked, before: Past) -> tuple[Card, ...]:
    """What every product's header says of where it comes from."""
    return (("OBSYVER", obsy.__version__, "obsy version"), ("OBSYCOMM", commit(asked.root) or "", "commit of the plans"))


def commit(root: Path) -> str | None:
    """The commit of the declared files; None outside git."""
    try:
        found = subprocess.run(["git", "-C", str(root), "rev-parse", "HEAD"], capture_output=True, text=True, check=False)  # noqa: S603, S607
    except OSError:
        return None
    return found.stdout.strip() or None
