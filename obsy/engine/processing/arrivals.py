"""Files as they come in: archived and registered, put aside with a reason, or left in place and tried again."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from obsy.engine.disk import within
from obsy.engine.events.frames import ArchiveRefused, ArchiveTook, FrameQuarantined
from obsy.engine.frames.cards import Cards
from obsy.engine.frames.check import PutAside, check, move, unreadable
from obsy.engine.frames.copy import Seen, forget, release, seen
from obsy.engine.frames.fits import glance
from obsy.engine.frames.ingest import Arriving, Fetched
from obsy.engine.frames.name import readable
from obsy.engine.frames.quarantine import quarantine
from obsy.engine.identity import Identity
from obsy.engine.processing.intake import Intake, no_name
from obsy.engine.processing.limited import WorkerLostError
from obsy.engine.processing.rules import Crew
from obsy.engine.store.record import Arrival, State
from obsy.engine.store.store import StoreError
from obsy.errors import ArchiveError, FrameError

TOO_LONG = "takes-too-long"
"""What is the matter with a file that cannot be checked in time."""
LIMIT_S, SLOWEST = 30.0, 5e6
"""How long the check of a foreign file may take, and how many of its bytes may take a second more, to be copied."""
AskAside = Callable[[float, Callable[[Arriving], Any], Arriving], "Future[Any]"]
"""Have it done by a worker, within so many seconds."""


@dataclass(frozen=True, slots=True)
class Checking:
    """A foreign file that a worker checks, or moves aside unread."""

    order: Arriving
    arrival: Arrival | None
    """As what it was noted, unless no store can hold its name."""
    answer: "Future[Fetched | PutAside]"
    moves: bool


@dataclass(slots=True)
class Refused:
    """A file the archive did not take; times are seconds, monotonic."""

    since: float
    again_at: float
    reason: str = ""


class Arrivals:
    """Takes each file once; what the archive refuses stays in the camera's folder and is offered again.

    What bears our identity, or lies where files were asked for, is checked here, if a glance shows all of it. Whatever
    else comes is foreign: a worker with a time limit checks it, and no other file waits for that.
    """

    def __init__(self, crew: Crew, ask_aside: AskAside | None = None) -> None:
        self._crew, self._ask_aside, self._intake = (
            crew,
            ask_aside or crew.foreign.within,
            Intake(crew.store, crew.rules),
        )
        self._refused: dict[Path, Refused] = {}
        self._checking: dict[Path, Checking] = {}
        self._again = set[Path]()
        """What was told of again while it was checked."""

    def resume(self) -> None:
        """Take the files again of which an earlier process made nothing."""
        for arrival in self._crew.store.open_arrivals():
            self.take(arrival.path)

    def take(self, path: Path) -> None:
        """Bring a finished file on its way in: to its end, or until a worker has checked it."""
        if path in self._checking:
            self._again.add(path)
        else:
            self._guarded(self._take, path)

    def go_on(self) -> None:
        """Take on what has been checked, and offer again what was refused some time ago."""
        for path in [path for path, each in self._checking.items() if each.answer.done()]:
            self._guarded(self._take_on, path)
        for path in self._again - self._checking.keys():
            self._again.discard(path)
            self.take(path)
        for path, refused in list(self._refused.items()):
            if time.monotonic() >= refused.again_at and path not in self._checking:
                self.take(path)

    def refusal(self, path: Path) -> str | None:
        """Why the archive has not taken this file for longer than the rules' patience; None if it has not refused."""
        refused = self._refused.get(path)
        late = refused is not None and time.monotonic() - refused.since >= self._crew.rules.patience_s
        return refused.reason if refused is not None and late else None

    def _guarded(self, deed: Callable[[Path], None], path: Path) -> None:
        try:
            deed(path)
        except (ArchiveError, StoreError, OSError) as trouble:
            self._refuse(path, str(trouble))
        except FrameError:  # it went away, or changed, while it was looked at: the watch tells of it again
            self._intake.drop(path)
        else:
            if path not in self._checking:
                self._refused.pop(path, None)

    def _take(self, path: Path) -> None:
        if readable(str(path)) != str(path):  # which no store, journal or sidecar can hold
            self._have_checked(self._intake.order(path, no_name()), None)
        elif (arrival := self._noted(path)) is not None and not self._is_done(arrival):
            self._tripping(arrival, partial(self._begin, arrival))

    def _noted(self, path: Path) -> Arrival | None:
        try:
            return self._crew.store.note(Arrival(path, seen(path)))
        except FileNotFoundError:
            self._intake.drop(path)
            return None

    def _is_done(self, arrival: Arrival) -> bool:
        """Whether an earlier process did all but take the file away, which it was killed before; then that is done."""
        if arrival.state is State.QUARANTINED:
            why = FrameError(arrival.reason, "it was put aside before")
            release(arrival.path, quarantine(arrival.path, self._crew.data_root.quarantine, why)[1])
            return True
        if arrival.state is State.ARCHIVED and self._intake.is_proven(arrival):
            self._release(arrival.path, arrival.seen)
            return True
        return False

    def _begin(self, arrival: Arrival) -> None:
        order = self._intake.order(arrival.path)
        if (cards := self._cards_of_ours(arrival.path)) is None:
            return self._have_checked(order, arrival)
        found = check(order, cards)
        if found.source != arrival.seen:  # the glance may have shown the cards of the file that was there before
            found = check(order)
        return self._bring_in(arrival, found)

    def _tripping(self, arrival: Arrival, deed: Callable[[], None]) -> None:
        """Have a file put aside over which obsy trips: it must not keep all others from being taken."""
        try:
            deed()
        except (FrameError, ArchiveError, StoreError, OSError):
            raise
        except Exception as fault:
            self._have_checked(self._intake.order(arrival.path, unreadable(fault)), arrival)

    def _cards_of_ours(self, path: Path) -> Cards | None:
        """The cards of a whole file that says what it is for, or lies where it was asked for; None of any other."""
        with suppress(OSError):
            cards = None if path.is_symlink() else glance(path)
            if cards is not None and Identity() != Identity.read(cards).over(self._crew.rules.ticket(path)):
                return cards
        return None

    def _have_checked(self, order: Arriving, arrival: Arrival | None, *, moves: bool = False) -> None:
        size = arrival.seen.size if arrival is not None and not moves else 0
        answer = self._ask_aside(LIMIT_S + size / SLOWEST, move if moves else check, order)
        self._checking[order.path] = Checking(order, arrival, answer, moves)
        if answer.done():
            self._take_on(order.path)

    def _take_on(self, path: Path) -> None:
        """Take a file on that a worker was asked about."""
        asked = self._checking.pop(path)
        try:
            found = asked.answer.result()
        except (WorkerLostError, ArchiveError, OSError) as fault:
            return self._give_up(asked, fault)
        if isinstance(found, PutAside):
            return self._put_aside(path, asked.arrival, found)
        assert asked.arrival is not None  # what has a bad name is never fetched
        return self._tripping(asked.arrival, partial(self._bring_in, asked.arrival, found))

    def _give_up(self, asked: Checking, fault: Exception) -> None:
        """Have a file moved that no worker can read, or leave alone one that cannot be moved either."""
        order = asked.order
        if asked.moves and order.why is not None:
            words = f"{order.why}; it cannot be put aside either ({fault}), and is left where it is"
            where = readable(within(order.path, self._crew.data_root.folder).as_posix())
            self._tell_aside(order.path, FrameError(order.why.code, words), where)
        elif isinstance(fault, WorkerLostError):
            if asked.arrival is not None:
                forget(asked.arrival.seen, order.archive, order.quarantine)
            why = FrameError(TOO_LONG, f"it could not be checked: {fault}")
            self._have_checked(replace(order, why=why), asked.arrival, moves=True)
        else:
            raise fault

    def _bring_in(self, arrival: Arrival, found: Fetched | PutAside) -> None:
        if isinstance(found, PutAside):
            return self._put_aside(arrival.path, arrival, found)
        self._intake.take(arrival, found)
        if arrival.state is State.REFUSED or arrival.path in self._refused:
            self._crew.tell(ArchiveTook(frame=readable(arrival.path.name)))
        return self._release(arrival.path, found.source)

    def _put_aside(self, path: Path, arrival: Arrival | None, found: PutAside) -> None:
        self._tell_aside(path, found.why, self._crew.data_root.short(found.place))
        if arrival is not None:
            self._intake.put_aside(arrival, found)
        release(path, found.source)

    def _tell_aside(self, path: Path, why: FrameError, where: str) -> None:
        name = readable(path.name)
        self._crew.tell(FrameQuarantined(frame=name, code=why.code, reason=str(why), place=where))

    def _release(self, path: Path, source: Seen) -> None:
        if self._crew.rules.retention.incoming == "remove":
            release(path, source)

    def _refuse(self, path: Path, reason: str) -> None:
        now = time.monotonic()
        if path not in self._refused:
            self._crew.tell(ArchiveRefused(frame=readable(path.name), reason=reason))
        refused = self._refused.setdefault(path, Refused(now, now))
        refused.again_at, refused.reason = now + self._crew.rules.retry_s, reason
        with suppress(StoreError, OSError, UnicodeError):  # a full disk may hold the store as well
            self._crew.store.move(Arrival(path, seen(path), State.REFUSED, "refused"))
