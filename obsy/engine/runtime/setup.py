"""Everything a night leans on that is the same for every runner: store, workers, processing, watch and journal."""

from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from queue import SimpleQueue

from obsy.engine.declare.history import commit
from obsy.engine.declare.observatory import Observatory
from obsy.engine.events import Event
from obsy.engine.events.night import NightLookedBack
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.frames.fits import is_complete
from obsy.engine.frames.name import readable
from obsy.engine.frames.watch import Watch
from obsy.engine.identity import Identity
from obsy.engine.journal import Journal, Observer, read, tickets
from obsy.engine.night.context import NightContext
from obsy.engine.night.tally import Tally
from obsy.engine.night_record import Capture, NightRecord
from obsy.engine.processing.limited import LimitedWorker
from obsy.engine.processing.processing import Processing
from obsy.engine.processing.rules import Crew
from obsy.engine.processing.workers import Workers
from obsy.engine.runtime import processing as wiring
from obsy.engine.runtime.attach import Attach
from obsy.engine.runtime.guard.start import Start
from obsy.engine.runtime.look_back import answered, look_back
from obsy.engine.runtime.planner import Planner, for_ekos, prepare, tally
from obsy.engine.runtime.seeking import Rehearsed, SeekingBeside
from obsy.engine.store.store import Store

EVERY_S = 60.0
"""How often the journal is told what processing has to say."""
WORKERS = 2
LOOKS_WITHIN_S = 60.0
"""So long the end of a night waits to be told how good it was; a few seconds are usual."""


class Notices:
    """Filled in processing's thread, emptied in the night's."""

    def __init__(self) -> None:
        """Nothing to tell."""
        self._waiting: SimpleQueue[Event] = SimpleQueue()

    def hear(self, event: Event) -> None:
        """Keep what must be told."""
        self._waiting.put(event)

    def tell(self, context: NightContext) -> None:
        """Journal what has been heard."""
        while not self._waiting.empty():
            context.log(self._waiting.get())

    async def keep_telling(self, context: NightContext) -> None:
        """Tell for ever, once a minute."""
        while True:
            self.tell(context)
            await context.ports.clock.sleep(EVERY_S)


class Tickets:
    """The tickets of every night, also of one that was killed before its files came; safe to ask from any thread."""

    def __init__(self, incoming: Path, journals: Path) -> None:
        """Match files below `incoming` with what the journals in a folder say."""
        self._incoming, self._journals = incoming, journals
        self._known: dict[str, Identity] = {}

    def add(self, folder: str, asked: Identity) -> None:
        """Know what the files in a folder of arrivals will be for; the journal has it already."""
        self._known[folder] = asked

    def asked(self, path: Path) -> Identity:
        """Return what a file that has arrived was asked for; nothing if nobody asked for files in its folder."""
        folder = path.parent.name
        if path.parent == self._incoming:
            return Identity()
        if folder not in self._known:  # from an earlier run, or put there by hand
            self._known = {folder: Identity()} | tickets(self._journals) | self._known
        return self._known[folder]


@dataclass(frozen=True, slots=True)
class ApplyOptions:
    """What `obsy apply` was asked for; without a scenario, the real sky."""

    root: Path
    day: date
    scenario: str | None = None
    runner: str = "ekos"
    workers: int = WORKERS
    patience_s: float = 60.0
    """On the wall: how long a file that does not grow is left unfinished, and an archive that refuses is waited for."""
    start: Start = Start()
    """What has kept the roofs until now."""
    attach: Attach | None = None
    """To the KStars that runs; None: KStars is begun."""


@dataclass(eq=False)
class NightSetup:
    """What is there before the night begins; what an earlier run left lying is being judged.

    Alerts may add to the observatory while the night runs, and change its planner.
    """

    observatory: Observatory
    asked: ApplyOptions
    data_root: DataRoot
    planner: Planner
    before: NightRecord
    store: Store
    processing: Processing
    pool: Workers
    notices: Notices
    journal: Journal
    commit: str | None
    """Of the declared files, as they were read."""
    tickets: Tickets
    arrived: list[Path]
    """Every finished file the watch has told of, in its order."""
    looking: LimitedWorker = field(default_factory=LimitedWorker)
    """Looks back at dawn."""
    rules: wiring.RulesNow | None = None
    """How frames are credited; a drill takes none."""

    def tally(self) -> Tally:
        """What is done, as the store knows it now."""
        return tally(self.store, self.observatory, going_on=self.asked.day)

    def looked_back(self) -> "Future[NightLookedBack | None]":
        """Return how far the night was from its best, once it is over; None if nothing could be had.

        Of a real night another process works it out, and is killed if that takes too long.
        """
        before = tally(self.store, self.observatory, self.asked.day)
        asked = look_back(self.planner, before, read(self.data_root.journal(self.asked.day)))
        if asked is not None and self.asked.scenario is None:
            return self.looking.within(LOOKS_WITHIN_S, asked.answer)
        return answered(asked.answer() if asked is not None else None)

    def archived(self) -> tuple[Capture, ...]:
        """Every frame of this night that is in the archive now."""
        return archived(self.asked.day, self.store, self.data_root.incoming)


@contextmanager
def set_up(
    observatory: Observatory, asked: ApplyOptions, data_root: DataRoot, before: NightRecord, tell: Observer
) -> Iterator[NightSetup]:
    """Set a night up; everything is closed when the block ends."""
    planner = prepare(observatory, asked.day, data_root)
    if asked.scenario is None and asked.runner == "ekos":
        planner = for_ekos(planner)
    tickets = Tickets(data_root.incoming, data_root.journal(asked.day).parent)
    rules = wiring.RulesNow(replace(wiring.rules(observatory), patience_s=asked.patience_s, ticket=tickets.asked))
    # Only now: what is refused above leaves nothing open.
    store, pool, notices = Store(data_root.known_store()), Workers(asked.workers), Notices()
    planner = replace(planner, seeking=SeekingBeside(pool) if asked.scenario is None else Rehearsed())
    looking = LimitedWorker()
    room = Processing(Crew(store, rules.rules(), pool, notices.hear))
    try:
        with (
            _watching(room, data_root.incoming, asked.patience_s) as arrived,
            Journal(data_root.journal(asked.day), asked.day.isoformat(), tell) as journal,
        ):
            yield NightSetup(
                observatory,
                asked,
                data_root,
                planner,
                before,
                store,
                room,
                pool,
                notices,
                journal,
                commit(asked.root),
                tickets,
                arrived,
                looking,
                rules,
            )
    finally:
        looking.shutdown()
        room.close()
        pool.shutdown(wait=False, cancel_futures=True)
        store.close()


@contextmanager
def _watching(room: Processing, incoming: Path, patience_s: float) -> Iterator[list[Path]]:
    """What the watch on the camera's folder tells of, once processing knows of all that lies there already."""
    room.start()
    for path in sorted(incoming.rglob("*.fits")):
        with suppress(OSError):  # gone meanwhile, or not readable: the watch looks again
            if not path.is_symlink() and path.is_file() and is_complete(path):
                room.found(path)
    arrived: list[Path] = []

    def found(path: Path) -> None:
        if readable(str(path)) == str(path):  # no camera of ours writes another; processing puts it aside
            arrived.append(path)  # first: once processing has it, the file may go at any moment
        room.found(path)

    watch = Watch(incoming, found, patience_s)
    watch.start()
    try:
        yield arrived
    finally:
        watch.stop()


def archived(day: date, store: Store, incoming: Path) -> tuple[Capture, ...]:
    """Return every frame of a night in the archive, as the camera delivered it to the folder of arrivals."""
    return tuple(
        Capture(
            incoming / f.source,
            f.train or "",
            f.kind,
            f.filter if f.kind in ("light", "flat") else None,
            f.exposure_s,
            f.taken_at,
            f.plan,
            f.goal,
            block=f.block,
        )
        for f in store.frames(day)
    )
