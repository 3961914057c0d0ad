"""What becomes of a file that has been checked; it stays where it is, and what is made of it is noted."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from obsy.engine.frames.check import PutAside, check
from obsy.engine.frames.copy import seen
from obsy.engine.frames.ingest import Fetched
from obsy.engine.processing.intake import Intake, no_name
from obsy.engine.processing.sidecar import read_sidecar
from obsy.engine.store.record import Arrival, State, StoredFrame
from obsy.schemas.policy import Retention
from tests.support.bench import Bench


@pytest.fixture
def room(open_room: Callable[..., Bench]) -> Bench:
    return open_room(start=False, retention=Retention(incoming="remove", reserve="0 %"))


def test_a_frame_is_registered_once_though_it_comes_under_two_names(room: Bench) -> None:
    intake, first = Intake(room.store, room.crew.rules), room.shoot()
    (second := first.with_name("again.fits")).write_bytes(first.read_bytes())
    for path in (first, second):
        taken = intake.take(room.store.note(Arrival(path, seen(path))), check(intake.order(path)))
        assert isinstance(taken, StoredFrame)
        assert (taken.source, taken.path.read_bytes()) == (first.name, path.read_bytes())
    assert len(list(room.store.frames())) == 1
    assert [each.state for each in room.store.arrivals(taken.sha256)] == [State.ARCHIVED] * 2


def test_a_file_that_has_changed_since_it_was_noted_is_noted_as_it_was_taken(room: Bench) -> None:
    intake, path = Intake(room.store, room.crew.rules), room.shoot()
    before = room.store.note(Arrival(path, replace(seen(path), size=1)))
    intake.take(before, check(intake.order(path)))
    assert [each.seen for each in room.store.arrivals()] == [seen(path)]


def test_a_frame_whose_file_was_lost_lies_where_it_is_put_back(room: Bench) -> None:
    first, path = Intake(room.store, room.crew.rules), room.shoot()
    lost = first.take(room.store.note(Arrival(path, seen(path))), check(first.order(path)))
    assert isinstance(lost, StoredFrame)
    lost.path.unlink()
    elsewhere = replace(room.crew.rules, night_of=lambda moment: (moment - timedelta(days=3)).date())
    again = Intake(room.store, elsewhere).take(room.store.arrivals()[0], check(first.order(path)))
    assert isinstance(again, StoredFrame)
    assert (again.path != lost.path, again.path.read_bytes()) == (True, path.read_bytes())
    assert room.store.frames() == (again,)


def test_what_is_put_aside_says_as_what_it_came(room: Bench) -> None:
    intake, path = Intake(room.store, room.crew.rules), room.shoot()
    found = check(intake.order(path, no_name()))
    assert intake.take(room.store.note(Arrival(path, seen(path))), found) is found
    assert isinstance(found, PutAside)
    (arrival,) = read_sidecar(found.place, room.store.folder).arrivals
    assert room.store.arrivals() == (arrival,)
    assert (arrival.state, arrival.reason, path.exists()) == (State.QUARANTINED, "bad-name", True)


def test_a_file_of_which_nothing_was_made_is_forgotten_and_no_other(room: Bench) -> None:
    intake, path, other = Intake(room.store, room.crew.rules), room.shoot(1), room.shoot(2)
    room.store.note(Arrival(path, seen(path)))
    found = check(intake.order(other))
    assert isinstance(found, Fetched)
    intake.take(room.store.note(Arrival(other, seen(other))), found)
    for each in (path, other):
        intake.drop(each)
    assert [each.path.name for each in room.store.arrivals()] == [other.name]


def test_a_file_that_was_never_noted_is_not_forgotten_as_another_of_its_name(room: Bench) -> None:
    intake, path = Intake(room.store, room.crew.rules), room.shoot()
    room.store.note(Arrival(path, seen(path)))
    intake.drop(path.parent / "elsewhere" / path.name)
    assert [each.path for each in room.store.arrivals()] == [path]


def test_a_copy_that_is_spoilt_proves_nothing_where_its_source_is_about_to_go(room: Bench) -> None:
    intake, path = Intake(room.store, room.crew.rules), room.shoot()
    frame = intake.take(room.store.note(Arrival(path, seen(path))), check(intake.order(path)))
    assert isinstance(frame, StoredFrame)
    (arrival,) = room.store.arrivals()
    assert intake.is_proven(arrival)
    frame.path.write_bytes(b"spoilt")
    assert not intake.is_proven(arrival)
    frame.path.unlink()
    assert not intake.is_proven(arrival)
