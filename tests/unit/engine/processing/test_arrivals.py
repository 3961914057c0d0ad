"""A file's way in, one step at a time: archived, put aside or left in place, and never lost on the way."""

import os
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from astropy.io import fits

from obsy.engine.frames.copy import copy, seen
from obsy.engine.frames.fits import GLANCE
from obsy.engine.identity import Identity
from obsy.engine.processing import arrivals as arriving
from obsy.engine.processing.arrivals import Arrivals
from obsy.engine.processing.limited import LimitedWorker, WorkerLostError
from obsy.engine.processing.sidecar import read_sidecar
from obsy.engine.store.record import Arrival, State
from obsy.engine.store.store import Store
from obsy.schemas.policy import Retention
from tests.support.bench import Bench

Open = Callable[..., Bench]
FULL = Retention(reserve="100 %")
SOON, LATE = 0.0, 1000.0
"""Seconds until something is tried again, or given up."""


def fill(room: Bench) -> None:
    """Leave no place for an archive; permissions do not bind root."""
    (room.root / "archive").touch()


def empty(room: Bench) -> None:
    (room.root / "archive").unlink()


def states(room: Bench) -> list[State]:
    return [arrival.state for arrival in room.store.arrivals()]


def test_a_file_is_archived_and_leaves_the_cameras_folder(open_room: Open) -> None:
    room = open_room(start=False)
    path = room.shoot()
    content = path.read_bytes()
    Arrivals(room.crew).take(path)
    (frame,) = room.store.frames()
    assert frame.path.read_bytes() == content
    assert not path.exists()
    assert (states(room), room.events) == ([State.ARCHIVED], [])


def test_a_file_whose_archiving_was_finished_is_removed_though_the_archive_would_take_it_no_more(
    open_room: Open,
) -> None:
    room = open_room(start=False, retention=Retention(incoming="keep", reserve="0 %"))
    path = room.shoot()
    Arrivals(room.crew).take(path)
    later = open_room(start=False, retention=FULL)
    Arrivals(later.crew).take(path)
    assert not path.exists()
    assert (states(later), later.events) == ([State.ARCHIVED], [])


def test_a_refused_file_is_told_of_once_and_offered_again_when_its_time_has_come(open_room: Open) -> None:
    room = open_room(start=False, retry_s=SOON, patience_s=LATE)
    arrivals, path = Arrivals(room.crew), room.shoot()
    fill(room)
    arrivals.take(path)
    assert [event.name for event in room.events] == ["archive-refused"]
    arrivals.go_on()
    assert (states(room), path.exists(), arrivals.refusal(path)) == ([State.REFUSED], True, None)
    assert [event.name for event in room.events] == ["archive-refused"]
    empty(room)
    arrivals.go_on()
    assert (states(room), path.exists()) == ([State.ARCHIVED], False)
    assert [event.name for event in room.events] == ["archive-refused", "archive-took"]
    fill(room)
    arrivals.go_on()
    assert len(room.events) == 2, "what was taken is offered no more"


def test_a_refused_file_is_not_offered_before_its_time(open_room: Open) -> None:
    room = open_room(start=False, retry_s=LATE)
    arrivals, path = Arrivals(room.crew), room.shoot()
    fill(room)
    arrivals.take(path)
    empty(room)
    arrivals.go_on()
    assert path.exists()


def test_why_a_file_is_refused_is_said_once_the_patience_is_over(open_room: Open) -> None:
    room = open_room(start=False, patience_s=SOON)
    arrivals, path = Arrivals(room.crew), room.shoot()
    assert arrivals.refusal(path) is None
    fill(room)
    arrivals.take(path)
    assert "cannot take Light_001.fits" in str(arrivals.refusal(path))
    assert arrivals.refusal(path.with_name("other.fits")) is None
    empty(room)
    arrivals.take(path)
    assert arrivals.refusal(path) is None


def test_what_an_earlier_process_was_refused_is_taken_and_told_of(open_room: Open) -> None:
    room = open_room(start=False)
    path = room.shoot()
    fill(room)
    Arrivals(room.crew).take(path)
    empty(room)
    later = open_room(start=False)
    Arrivals(later.crew).resume()
    assert (states(later), path.exists()) == ([State.ARCHIVED], False)
    assert [event.name for event in later.events] == ["archive-took"]


@pytest.mark.parametrize("state", [State.ARRIVED, State.REFUSED])
def test_a_file_that_went_away_is_forgotten_unless_it_was_archived(open_room: Open, state: State) -> None:
    room = open_room(start=False)
    arrivals, path, gone = Arrivals(room.crew), room.shoot(1), room.shoot(2)
    arrivals.take(path)
    room.store.note(Arrival(gone, seen(gone), state))
    gone.unlink()
    for each in (gone, path, path.with_name("never.fits")):
        arrivals.take(each)
    assert [(arrival.path, arrival.state) for arrival in room.store.arrivals()] == [(path, State.ARCHIVED)]


@pytest.mark.parametrize("incoming", ["keep", "remove"])
@pytest.mark.parametrize("left", [None, b"other bytes"])
def test_a_file_whose_archived_copy_is_lost_or_spoilt_is_archived_again_before_it_goes(
    open_room: Open, incoming: Literal["keep", "remove"], left: bytes | None
) -> None:
    room = open_room(start=False, retention=Retention(incoming="keep", reserve="0 %"))
    path = room.shoot()
    content = path.read_bytes()
    Arrivals(room.crew).take(path)
    (frame,) = room.store.frames()
    frame.path.unlink() if left is None else frame.path.write_bytes(left)
    again = open_room(start=False, retention=Retention(incoming=incoming, reserve="0 %"))
    Arrivals(again.crew).take(path)
    as_it_was = left is not None and incoming == "keep"  # what stays where it is may be compared another time
    assert frame.path.read_bytes() == (left if as_it_was else content)
    assert path.exists() is (incoming == "keep")
    assert [arrival.path for arrival in read_sidecar(frame.path, room.store.folder).arrivals] == [path]


def test_a_file_that_changes_after_it_was_noted_is_another_file(open_room: Open) -> None:
    room = open_room(start=False)
    path, other = room.shoot(1), room.shoot(2)

    class Slow(Store):
        """It takes so long to note a file that the file is another one then."""

        def note(self, arrival: Arrival) -> Arrival:
            noted = super().note(arrival)
            if other.exists():
                other.replace(path)
            return noted

    with Slow(room.root / "store.sqlite") as store:
        Arrivals(replace(room.crew, store=store)).take(path)
    (arrival,) = room.store.arrivals()
    assert arrival.sha256 == room.store.frames()[0].sha256
    assert (states(room), path.exists()) == ([State.ARCHIVED], False)


def test_a_file_that_another_one_replaces_after_a_glance_is_not_taken_with_the_cards_of_the_first(
    open_room: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, glance = open_room(start=False), arriving.glance
    path, other = room.shoot(1, OBSYSITE="home", OBJECT="M 31"), room.shoot(2, OBSYSITE="home", OBJECT="M 42")

    def slow(each: Path) -> Any:
        cards = glance(each)
        other.replace(path)
        return cards

    monkeypatch.setattr(arriving, "glance", slow)
    Arrivals(room.crew).take(path)
    (frame,) = room.store.frames()
    assert frame.object == "M 42"


def test_a_file_whose_name_is_not_utf8_is_put_aside(open_room: Open) -> None:
    room = open_room(start=False)
    odd = room.root / "incoming" / os.fsdecode(b"m31\xff.fits")
    room.shoot().rename(odd)
    Arrivals(room.crew).take(odd)
    assert not odd.exists()
    assert [event.facts()["code"] for event in room.events] == ["bad-name"]
    assert states(room) == []


def test_a_file_that_goes_away_while_it_is_put_aside_is_forgotten(open_room: Open) -> None:
    def ticket(path: Path) -> None:
        path.unlink()
        raise OverflowError

    room = open_room(start=False, ticket=ticket)
    Arrivals(room.crew).take(room.shoot())
    assert (states(room), room.events) == ([], [])


@pytest.mark.parametrize("again", [False, True])
def test_a_file_that_is_no_frame_is_put_aside_with_its_reason_before_it_goes(open_room: Open, again: bool) -> None:
    room = open_room(start=False)
    (path := room.root / "incoming" / "notes.txt").parent.mkdir()
    path.write_text("clean the mirror")
    if again:  # an earlier process had noted that it was put aside, and was killed before it was
        room.store.note(Arrival(path, seen(path), State.QUARANTINED, "not-fits"))
    Arrivals(room.crew).take(path)
    (place,) = (each for each in room.crew.data_root.quarantine.glob("notes_*.txt") if "reason" not in each.name)
    assert place.read_text() == "clean the mirror"
    assert place.with_name(place.name + ".reason.txt").exists()
    assert not path.exists()
    said = [(arrival.path, arrival.reason) for arrival in read_sidecar(place, room.store.folder).arrivals]
    assert said == [(path, "not-fits")] * (not again)
    assert states(room) == [State.QUARANTINED]
    assert [event.name for event in room.events] == ["frame-quarantined"] * (not again)


def test_the_same_bytes_under_another_name_keep_what_is_known_of_the_frame(open_room: Open) -> None:
    room = open_room(start=False)
    arrivals, first = Arrivals(room.crew), room.shoot()
    content = first.read_bytes()
    arrivals.take(first)
    (frame,) = room.store.frames()
    room.store.put(replace(frame, accepted=True))
    second = first.with_name("copy.fits")
    second.write_bytes(content)
    arrivals.take(second)
    (kept,) = room.store.frames()
    assert (kept.accepted, kept.source) == (True, first.name)
    sidecar = read_sidecar(frame.path, room.store.folder)
    assert [arrival.path for arrival in sidecar.arrivals] == [first, second]


class Busy(LimitedWorker):
    """A worker that answers when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[Future[Any], Callable[[], Any], float]] = []

    def within(self, seconds, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
        self.asked.append((Future(), partial(fn, *args, **kwargs), seconds))
        return self.asked[-1][0]

    def work(self) -> None:
        answer, work, _ = self.asked.pop(0)
        try:
            answer.set_result(work())
        except Exception as fault:
            answer.set_exception(fault)

    def hang(self) -> None:
        self.asked.pop(0)[0].set_exception(WorkerLostError("it took longer than 30 s"))


def test_a_worker_that_cannot_be_begun_now_puts_no_file_aside_and_it_is_offered_again(open_room: Open) -> None:
    room = open_room(start=False, foreign=(busy := Busy()))
    arrivals, foreign = Arrivals(room.crew), room.shoot(1)
    arrivals.take(foreign)
    busy.asked.pop(0)[0].set_exception(BlockingIOError("no process can be had"))
    arrivals.go_on()
    assert (foreign.exists(), states(room)) == (True, [State.REFUSED])
    arrivals._refused[foreign] = replace(arrivals._refused[foreign], again_at=0.0)
    arrivals.go_on()
    busy.work()
    arrivals.go_on()
    assert states(room) == [State.ARCHIVED]


def test_what_says_or_lies_where_it_was_asked_for_is_ours_and_needs_no_worker(open_room: Open) -> None:
    busy = Busy()
    room = open_room(start=False, foreign=busy, ticket=lambda path: Identity(plan="m31" if "2" in path.name else None))
    arrivals = Arrivals(room.crew)
    arrivals.take(room.shoot(1, OBSYSITE="home"))
    arrivals.take(room.shoot(2))
    assert (states(room), busy.asked) == ([State.ARCHIVED] * 2, [])


def test_a_foreign_file_is_checked_by_a_worker_and_no_other_waits_for_it(open_room: Open) -> None:
    room = open_room(start=False, foreign=(busy := Busy()))
    arrivals, foreign = Arrivals(room.crew), room.shoot(1)
    arrivals.take(foreign)
    arrivals.take(room.shoot(2, OBSYSITE="home"))
    arrivals.go_on()
    assert states(room) == [State.ARRIVED, State.ARCHIVED]
    assert busy.asked[0][2] == 30 + foreign.stat().st_size / 5e6
    busy.work()
    arrivals.go_on()
    assert (states(room), foreign.exists(), busy.asked) == ([State.ARCHIVED] * 2, False, [])


@pytest.mark.parametrize("odd", ["claims", "links", "parts"])
def test_what_says_that_it_is_ours_and_is_not_plainly_so_is_foreign(open_room: Open, odd: str) -> None:
    room = open_room(start=False, foreign=(busy := Busy()))
    path = room.shoot(OBSYSITE="home")
    if odd == "claims":
        path.write_bytes(path.read_bytes()[:-2880])
    elif odd == "links":
        path.symlink_to(path.rename(room.root / "far.fits"))
    else:
        for _ in range(GLANCE.parts):
            fits.append(path, np.zeros((2, 2)))
    Arrivals(room.crew).take(path)
    assert (states(room), len(busy.asked)) == ([State.ARRIVED], 1)


def test_a_file_that_cannot_be_checked_in_time_is_moved_aside_unread(open_room: Open) -> None:
    room = open_room(start=False, foreign=(busy := Busy()))
    arrivals, path = Arrivals(room.crew), room.shoot()
    content, left = path.read_bytes(), copy(path, room.crew.data_root.archive).path
    other = copy(room.shoot(2), room.crew.data_root.archive).path
    arrivals.take(path)
    busy.hang()
    arrivals.go_on()
    assert (left.exists(), other.exists()) == (False, True)
    busy.work()
    arrivals.go_on()
    (place,) = room.crew.data_root.quarantine.glob("*.fits")
    assert (place.read_bytes(), path.exists(), busy.asked) == (content, False, [])
    assert [event.facts()["code"] for event in room.events] == ["takes-too-long"]
    assert [arrival.reason for arrival in read_sidecar(place, room.store.folder).arrivals] == ["takes-too-long"]
    assert states(room) == [State.QUARANTINED]


@pytest.mark.parametrize("moving_hangs", [True, False])
def test_a_file_that_can_be_neither_checked_nor_moved_is_left_alone_and_told_of_once(
    open_room: Open, moving_hangs: bool
) -> None:
    room = open_room(start=False, foreign=(busy := Busy()), retry_s=SOON)
    arrivals, path = Arrivals(room.crew), room.shoot()
    arrivals.take(path)
    busy.hang()
    arrivals.go_on()
    room.crew.data_root.quarantine.touch()
    busy.hang() if moving_hangs else busy.work()
    arrivals.go_on()
    arrivals.go_on()
    assert (path.exists(), busy.asked) == (True, [])
    (told,) = room.heard("frame-quarantined")
    assert told["place"] == f"incoming/{path.name}"
    assert "left where it is" in str(told["reason"])


def test_a_file_that_is_told_of_again_while_it_is_checked_is_looked_at_again(open_room: Open) -> None:
    room = open_room(start=False, foreign=(busy := Busy()))
    arrivals, path = Arrivals(room.crew), room.shoot(1)
    other = room.shoot(2).read_bytes()
    arrivals.take(path)
    busy.work()  # and before anybody hears of that, another file has taken its name
    path.write_bytes(other)
    arrivals.take(path)
    arrivals.go_on()
    busy.work()
    arrivals.go_on()
    assert {frame.path.read_bytes() == other for frame in room.store.frames()} == {True, False}
    assert (states(room), path.exists()) == ([State.ARCHIVED] * 2, False)


def test_what_was_told_of_again_is_looked_at_once_more_and_not_for_ever(open_room: Open) -> None:
    room = open_room(start=False, foreign=(busy := Busy()))
    arrivals, path = Arrivals(room.crew), room.shoot(1)
    for _ in range(2):
        arrivals.take(path)
    for _ in range(2):
        arrivals.go_on()
        busy.work()
        arrivals.go_on()
        if not busy.asked:
            break
    room.shoot(1)  # of this nobody has told
    arrivals.go_on()
    assert (busy.asked, path.exists()) == ([], True)


def test_a_file_that_stays_after_it_was_archived_is_not_checked_again(open_room: Open) -> None:
    room = open_room(start=False, foreign=(busy := Busy()), retention=Retention(incoming="keep", reserve="0 %"))
    arrivals, path = Arrivals(room.crew), room.shoot()
    arrivals.take(path)
    busy.work()
    arrivals.go_on()
    arrivals.take(path)
    assert (states(room), path.exists(), busy.asked) == ([State.ARCHIVED], True, [])


def test_a_file_with_a_bad_name_whose_check_hangs_is_moved_aside_unread(open_room: Open) -> None:
    room = open_room(start=False, foreign=(busy := Busy()))
    arrivals, path = Arrivals(room.crew), room.shoot()
    path = path.rename(Path(os.fsdecode(bytes(path.parent) + b"/im\xff.fits")))
    arrivals.take(path)
    busy.hang()
    arrivals.go_on()
    assert (len(busy.asked), room.events, path.exists()) == (1, [], True)
    busy.work()
    arrivals.go_on()
    assert (len(room.heard("frame-quarantined")), path.exists()) == (1, False)


def test_a_file_of_ours_that_is_no_frame_is_put_aside_at_once(open_room: Open) -> None:
    room = open_room(start=False, foreign=(busy := Busy()))
    path = room.shoot(OBSYSITE="home", EXPTIME="long")
    Arrivals(room.crew).take(path)
    assert (states(room), busy.asked, path.exists()) == ([State.QUARANTINED], [], False)
    assert len(room.heard("frame-quarantined")) == 1


def test_what_an_earlier_process_had_put_aside_is_taken_away_and_not_checked_again(open_room: Open) -> None:
    room = open_room(start=False, foreign=(busy := Busy()))
    path = room.shoot()
    room.store.note(Arrival(path, seen(path), State.QUARANTINED, "not-fits"))
    Arrivals(room.crew).take(path)
    assert (path.exists(), busy.asked, states(room)) == (False, [], [State.QUARANTINED])
