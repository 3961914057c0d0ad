"""The order of writes: stopped after any one of them, nothing is lost, and the next process doubles nothing.

Deterministic: real functions that count what they touch, and stop for good after the n-th; a power cut without a fork.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from obsy.engine.frames import copy
from obsy.engine.processing.processing import Processing
from obsy.engine.processing.rebuild import rebuild
from obsy.engine.processing.rules import Crew, ProcessingRules
from obsy.engine.processing.sidecar import read_sidecar
from obsy.engine.store.record import State
from obsy.engine.store.store import Store
from tests.support.bench import Bench, Hands, HereAndNow, sha256_of, store_in

ROWS = ("note", "move", "archive", "put", "forget", "put_product")
NOTES = b"clean the mirror"


class Stopped(BaseException):
    """The power is cut: nothing that catches an Exception may go on."""


class AtOnce(Executor):
    """Does the work where it is asked for."""

    def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
        answer: Future[Any] = Future()
        answer.set_result(fn(*args, **kwargs))
        return answer


@dataclass
class Power:
    """Lets so many writes happen, and then none."""

    left: int | None = None
    """None: as many as there are."""
    done: list[str] = field(default_factory=list)

    def spend(self, what: str, write: Callable[[], Any]) -> Any:
        if self.left == len(self.done):
            raise Stopped(what)
        made = write()
        self.done.append(what)
        if self.left == len(self.done):
            raise Stopped(what)
        return made


@pytest.fixture
def power(monkeypatch: pytest.MonkeyPatch) -> Power:
    """Power for every write of processing's own: files, their names, and rows."""
    power = Power()

    def tap(owner: Any, name: str, label: Callable[..., str]) -> None:
        real = getattr(owner, name)
        monkeypatch.setattr(owner, name, lambda *a, **k: power.spend(label(*a, **k), lambda: real(*a, **k)))

    tap(os, "fsync", lambda handle: "flush")
    tap(Path, "replace", lambda path, target: f"name {_what(target)}")
    tap(Path, "unlink", lambda path, missing_ok=False: f"remove {_what(path)}")
    tap(copy, "sha256_of", lambda path: f"verify {_what(path)}")
    for row in ROWS:
        tap(Store, row, lambda store, *a, row=row: f"row {row}")
    return power


def _what(path: Path) -> str:
    if path.suffix in {".json", ".txt", ".part"}:
        return path.suffix[1:]
    known = (copy.STAGING, "incoming", "archive", "quarantine")
    return next((name for name in known if name in path.parts), "other")


@dataclass
class Place:
    """A data folder with one light and one file that is no frame, as they were delivered."""

    root: Path
    rules: ProcessingRules
    light: Path
    notes: Path
    sha256: str
    hands: Hands = field(default_factory=Hands)

    def live(self) -> None:
        """One process: it takes up what is there, and ends when nothing is left to do."""
        with store_in(self.root) as store:
            work = self.hands.reduce_light, self.hands.build_master, self.hands.add_live, self.hands.combine_stack
            processing = Processing(Crew(store, self.rules, AtOnce(), lambda event: None, *work, HereAndNow()))
            for path in (self.light, self.notes):
                if path.exists():
                    processing.found(path)
            for _ in range(10):  # more than it takes
                while not processing._inbox.empty():
                    if (message := processing._inbox.get()) is not None:
                        message()
                processing._pass()
                if not store.open_frames() and processing._inbox.empty():
                    break
            assert not store.open_frames()

    def archived(self) -> list[Path]:
        found = (self.root / "archive").rglob("*.fits") if (self.root / "archive").exists() else ()
        return [path for path in found if copy.STAGING not in path.parts]

    def assert_nothing_is_lost(self) -> None:
        """What holds at every moment."""
        with store_in(self.root) as store:
            frames = store.frames()
        whole = [path for path in self.archived() if sha256_of(path) == self.sha256]
        for frame in frames:
            assert frame.path in whole  # a row only of what is proven
            assert read_sidecar(frame.path, self.root).frame  # and of which the files know as much
        if not self.light.exists():
            assert frames
        if not self.notes.exists():
            (aside,) = (self.root / "quarantine").glob("notes_*.fits")
            assert aside.read_bytes() == NOTES
            assert aside.with_name(aside.name + ".reason.txt").stat().st_size > 0

    def assert_all_is_done_once(self) -> None:
        with store_in(self.root) as store, store_in(self.root, "again.sqlite") as again:
            (frame,) = store.frames()
            assert (frame.state, frame.accepted, frame.pending) == (State.STACKED, True, False)
            assert sorted(arrival.state for arrival in store.arrivals()) == [State.ARCHIVED, State.QUARANTINED]
            assert [sha256_of(each.path) == each.sha256 for each in store.products()] == [True, True]
            assert rebuild(again, self.rules).amiss == ()
            assert (again.frames(), again.products()) == (store.frames(), store.products())
            assert sorted(map(repr, again.arrivals())) == sorted(map(repr, store.arrivals()))
        assert self.archived() == [frame.path]
        assert set(self.hands.lives) == {self.sha256}
        assert len(list((self.root / "quarantine").glob("*.fits"))) == 1
        left = [path for name in ("archive", "quarantine") for path in (self.root / name / copy.STAGING).glob("*")]
        assert [*left, *(self.root / "incoming").iterdir()] == []


@pytest.fixture
def deliver(tmp_path: Path, rules: ProcessingRules) -> Iterator[Callable[[str], Place]]:
    def make(name: str) -> Place:
        camera = Bench(tmp_path / name, *[None] * 5)  # type: ignore[arg-type]
        camera.root.mkdir()
        light = camera.shoot(1)
        notes = light.with_name("notes.fits")
        notes.write_bytes(NOTES)
        return Place(camera.root, rules, light, notes, sha256_of(light))

    yield make


def test_a_row_follows_its_sidecar_and_a_file_leaves_last(deliver: Callable[[str], Place], power: Power) -> None:
    place = deliver("one")
    place.notes.unlink()
    power.done.clear()
    place.live()
    told = [step for step in power.done if step not in {"flush", "remove part"}]
    assert told == [
        "row note",
        f"verify {copy.STAGING}",
        "name archive",
        "name json",
        *("row note", "row move", "row archive"),
        "remove incoming",
        "row put",  # what it counts for
        *("row put_product", "row put_product", "row put"),  # reduced
        "row put",  # graded
        *("name json", "row put"),  # stacked
    ]


def test_a_file_that_is_put_aside_leaves_once_that_is_noted(deliver: Callable[[str], Place], power: Power) -> None:
    place = deliver("one")
    place.light.unlink()
    power.done.clear()
    place.live()
    told = [step for step in power.done if step not in {"flush", "remove part"}]
    aside = ["name txt", "name quarantine", "name json", "row move"]
    assert told == ["row note", f"verify {copy.STAGING}", *aside, "remove incoming"]


@pytest.mark.slow
@pytest.mark.once
def test_stopped_after_any_write_nothing_is_lost_and_nothing_doubled(
    deliver: Callable[[str], Place], power: Power
) -> None:
    number, ended = 0, False
    while not ended:
        place, number = deliver(f"try-{number}"), number + 1
        power.left, power.done = number, []
        try:
            place.live()
            ended = True
        except Stopped:
            pass
        power.left = None
        place.assert_nothing_is_lost()
        place.live()
        place.assert_all_is_done_once()
    assert number > 40  # it has been stopped, and more than now and then


def test_a_copy_that_reads_back_otherwise_is_no_copy(
    deliver: Callable[[str], Place], power: Power, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = deliver("worn")
    real = copy._write

    def worn(pieces: Iterable[bytes], target: Path) -> str:
        sha256 = real(pieces, target)
        target.write_bytes(target.read_bytes()[:-1] + b"?")
        return sha256

    monkeypatch.setattr(copy, "_write", worn)
    place.live()
    assert place.archived() == []
    assert sha256_of(place.light) == place.sha256
    assert place.notes.read_bytes() == NOTES
