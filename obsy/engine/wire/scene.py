"""Everything a night leans on that is the same for every runner: store, workers, darkroom, watch and journal."""

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import obsy
from obsy.engine.declare.observatory import Observatory
from obsy.engine.frames.complete import is_complete
from obsy.engine.frames.watch import Watch
from obsy.engine.journal import Journal
from obsy.engine.night.book import Book
from obsy.engine.night.resume import Past
from obsy.engine.night.shot import Shot
from obsy.engine.reduce.darkroom import Crew, Darkroom, Folders, Workers
from obsy.engine.reduce.orders import Card
from obsy.engine.store.open import open_store
from obsy.engine.wire import darkroom as wiring
from obsy.engine.wire.notices import Notices
from obsy.engine.wire.planner import Planner, prepare
from obsy.engine.wire.realm import Realm
from obsy.engine.wire.shelf import archived, book
from obsy.engine.wire.told import Tell, Told

WORKERS = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """What `obsy apply` was asked for; without a scenario, the real sky."""

    root: Path
    day: date
    scenario: str | None = None
    runner: str = "ekos"
    workers: int = WORKERS
    patience_s: float = 60.0
    """On the wall: how long a file that does not grow is left unfinished, and an archive that refuses is waited for."""

    @property
    def cards(self) -> tuple[Card, ...]:
        """What every product's header says of where it comes from."""
        return ("OBSYVER", obsy.__version__, "obsy version"), (
            "OBSYCOMM",
            commit(self.root) or "",
            "commit of the plans",
        )


@dataclass(frozen=True, eq=False)
class Scene:
    """What is there before the night begins; what an earlier run left lying is being judged."""

    observatory: Observatory
    asked: Asked
    realm: Realm
    planner: Planner
    before: Past
    darkroom: Darkroom
    pool: Workers
    notices: Notices
    journal: Told
    arrived: list[Path]
    """Every finished file the watch has told of, in its order."""

    def book(self) -> Book:
        """What is done, as the store knows it now."""
        return book(self.realm.folder)

    def archived(self) -> tuple[Shot, ...]:
        """Every frame of this night that is in the archive now."""
        return archived(self.asked.day, self.realm.folder)


@contextmanager
def scene(observatory: Observatory, asked: Asked, realm: Realm, before: Past, tell: Tell) -> Iterator[Scene]:
    """The scene of a night; everything is closed when the block ends."""
    planner, notices = prepare(observatory, asked.day), Notices()
    open_store(realm.store)
    pool = Workers(asked.workers)
    rules = replace(wiring.rules(observatory, planner.train, asked.cards), patience_s=asked.patience_s)
    room = Darkroom(Crew(Folders(realm.folder), rules, wiring.CRAFT, pool, notices.hear))
    try:
        with (
            _watching(room, realm.incoming, asked.patience_s) as arrived,
            Journal(realm.journal(asked.day), asked.day.isoformat()) as journal,
        ):
            yield Scene(
                observatory,
                asked,
                realm,
                planner,
                before,
                room,
                pool,
                notices,
                Told(journal, tell),
                arrived,
            )
    finally:
        room.close()
        pool.shutdown(wait=False, cancel_futures=True)


@contextmanager
def _watching(room: Darkroom, incoming: Path, patience_s: float) -> Iterator[list[Path]]:
    """What the watch on the camera's folder tells of, once the darkroom knows of all that lies there already."""
    room.start()
    for path in sorted(incoming.rglob("*.fits")):
        if path.is_file() and is_complete(path):
            room.found(path)
    arrived: list[Path] = []

    def found(path: Path) -> None:
        arrived.append(path)  # first: once the darkroom has it, the file may go at any moment
        room.found(path)

    watch = Watch(incoming, found, patience_s)
    watch.start()
    try:
        yield arrived
    finally:
        watch.stop()


def opening(played: Scene, intent: Mapping[str, object], seed: int | None) -> dict[str, object]:
    """What the journal's first line says of the night."""
    return {
        "version": obsy.__version__,
        "commit": commit(played.asked.root),
        "scenario": played.asked.scenario,
        "seed": seed,
        "intent": dict(intent),
    }


def commit(root: Path) -> str | None:
    """The commit of the declared files; None outside git."""
    try:
        found = subprocess.run(  # noqa: S603
            ["git", "-C", str(root), "rev-parse", "HEAD"],  # noqa: S607
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return None
    return found.stdout.strip() or None
