"""A file that has come in is copied into the archive, put aside, or left for another time."""

import os
from dataclasses import replace

import pytest

from obsy.engine.frames import check as checking
from obsy.engine.frames.check import PutAside, check, move
from obsy.engine.frames.fits import glance
from obsy.engine.frames.header import read
from obsy.engine.frames.ingest import Arriving, Fetched
from obsy.engine.identity import SIMULATED
from obsy.errors import ArchiveError, FrameError, SourceError


@pytest.fixture
def order(tmp_path):
    return lambda path, why=None: Arriving(path, tmp_path / "archive", tmp_path / "quarantine", 0.0, why)


def test_a_frame_is_copied_with_its_cards(make, order):
    found = check(order(path := make()))
    assert isinstance(found, Fetched)
    assert found.copied.path.read_bytes() == path.read_bytes()
    assert not found.copied.path.samefile(path)
    assert found.frame == read(path)


def test_what_a_glance_has_shown_is_not_read_again(make, order):
    found = check(order(make()), {**glance(make()), "OBJECT": "as it was seen"})
    assert isinstance(found, Fetched)
    assert found.frame.object == "as it was seen"


def test_a_pipe_is_put_aside_without_waiting_for_its_writer(tmp_path, order):
    os.mkfifo(pipe := tmp_path / "pipe.fits")
    found = check(order(pipe))
    assert isinstance(found, PutAside)
    assert (found.why.code, found.place.is_fifo(), pipe.exists()) == ("not-a-file", True, False)


def test_a_file_that_trips_obsy_up_is_put_aside(make, order, monkeypatch):
    def trips(*_, **__):
        raise RecursionError("too deep")

    monkeypatch.setattr(checking, "fetch", trips)
    found = check(order(path := make()))
    assert isinstance(found, PutAside)
    assert str(found.why) == "obsy cannot read it (RecursionError: too deep)"
    assert found.place.read_bytes() == path.read_bytes()


def test_a_file_that_went_away_is_neither_kept_nor_put_aside(tmp_path, order):
    with pytest.raises(FrameError, match="went away"):
        check(order(tmp_path / "gone.fits"))
    assert not (tmp_path / "quarantine").exists()


def test_an_archive_that_is_full_is_no_fault_of_the_file(make, order, tmp_path):
    (tmp_path / "archive").touch()
    with pytest.raises(ArchiveError):
        check(order(make()))


def test_a_file_is_moved_for_the_reason_that_is_known(make, order):
    why = FrameError("takes-too-long", "it took longer than 30 s")
    found = move(order(path := make(), why))
    assert found.why is why
    assert (found.place.exists(), path.exists()) == (True, False)


@pytest.mark.parametrize("code", ["vanished", "still-changing"])
def test_a_fault_of_the_moment_puts_no_file_aside(make, order, monkeypatch, code):
    def changes(*_, **__):
        raise FrameError(code, "for now")

    monkeypatch.setattr(checking, "fetch", changes)
    with pytest.raises(FrameError, match="for now"):
        check(order(path := make()))
    assert path.exists()


@pytest.mark.parametrize("old", [True, False])
def test_of_what_is_anybodys_a_rehearsal_is_left_alone(make, order, tmp_path, old):
    cards = glance(path := make())
    cards.remarks.append(SIMULATED)
    asked = replace(order(path), old=old)
    if old:
        with pytest.raises(SourceError, match="simulated observatory") as left:
            check(asked, cards)
        assert left.value.code == "rehearsal"
        assert not (tmp_path / "archive").exists()
    else:
        assert isinstance(check(asked, cards), Fetched)
    assert path.exists()
    assert not (tmp_path / "quarantine").exists()


def test_of_what_is_anybodys_a_frame_is_copied_a_pipe_left_alone_and_what_is_broken_put_aside(make, order, tmp_path):
    whole, broken, pipe = make("whole.fits"), make("broken.fits"), tmp_path / "pipe.fits"
    broken.write_bytes(b"no frame")
    os.mkfifo(pipe)
    found = check(replace(order(whole), old=True))
    assert isinstance(found, Fetched)
    assert found.copied.path.read_bytes() == whole.read_bytes()
    with pytest.raises(SourceError, match="a pipe"):
        check(replace(order(pipe), old=True))
    assert isinstance(check(replace(order(broken), old=True)), PutAside)
    assert pipe.is_fifo()
