"""Files that are no frames are kept, with their reasons, and never lost on their way there."""

import os

import pytest

from obsy.engine.frames.copy import seen
from obsy.engine.frames.quarantine import move_aside, quarantine
from obsy.errors import ArchiveError, FrameError

WHY = FrameError("not-fits", "it does not begin as a FITS file does")


def test_a_file_is_put_aside_with_its_reason(tmp_path):
    odd = tmp_path / "notes.txt"
    odd.write_text("to do: clean the mirror")
    place, proven = quarantine(odd, tmp_path / "quarantine", WHY)
    assert proven == seen(odd)  # it is still there, for whoever has to note it first
    assert place.read_text() == "to do: clean the mirror"
    reason = place.with_name(place.name + ".reason.txt").read_text()
    assert reason.startswith("not-fits: it does not begin as a FITS file does\nfile: notes.txt\nbytes: 23\n")


def test_two_files_of_one_name_are_both_kept(tmp_path):
    places = []
    for words in ("one", "two"):
        (tmp_path / "odd.fits").write_text(words)
        places.append(quarantine(tmp_path / "odd.fits", tmp_path / "quarantine", WHY)[0])
    assert [place.read_text() for place in places] == ["one", "two"]


def test_the_same_file_twice_is_kept_once(tmp_path):
    (tmp_path / "odd.fits").write_text("same")
    for why in (WHY, FrameError("not-fits", "put aside before")):
        place, _ = quarantine(tmp_path / "odd.fits", tmp_path / "quarantine", why)
    assert len([path for path in (tmp_path / "quarantine").iterdir() if path.is_file()]) == 2
    assert str(WHY) in place.with_name(place.name + ".reason.txt").read_text()


def test_a_quarantine_that_cannot_be_written_leaves_the_file(tmp_path):
    odd = tmp_path / "odd.fits"
    odd.write_text("same")
    (tmp_path / "quarantine").touch()
    with pytest.raises(ArchiveError):
        quarantine(odd, tmp_path / "quarantine", WHY)
    assert odd.exists()


def test_what_a_killed_process_left_of_a_reason_is_written_over(tmp_path):
    (tmp_path / "odd.fits").write_text("same")
    place, _ = quarantine(tmp_path / "odd.fits", tmp_path / "quarantine", WHY)
    place.unlink()
    left = place.with_name(f".{place.name}.reason.txt.part")
    left.write_text("not-f")
    quarantine(tmp_path / "odd.fits", tmp_path / "quarantine", WHY)
    assert not left.exists()


HANGS = FrameError("takes-too-long", "it took longer than 30 s")


def test_what_nobody_can_read_is_moved_aside_unread_and_for_good(tmp_path, monkeypatch):
    flushed = []
    monkeypatch.setattr("obsy.engine.frames.quarantine.flush_folder", flushed.append)
    os.mkfifo(pipe := tmp_path / "pipe.fits")
    place, what = move_aside(pipe, tmp_path / "quarantine", HANGS)
    assert flushed == [place.parent]
    assert place.is_fifo()
    assert (place.suffix, what) == (".fits", seen(place))
    assert not pipe.exists()
    assert place.with_name(place.name + ".reason.txt").read_text().startswith("takes-too-long: it took longer")


def test_a_link_is_moved_aside_and_not_what_it_leads_to(tmp_path):
    (tmp_path / "far").write_text("kept")
    (link := tmp_path / "link.fits").symlink_to(tmp_path / "far")
    place, _ = move_aside(link, tmp_path / "quarantine", HANGS)
    assert place.is_symlink()
    assert (tmp_path / "far").read_text() == "kept"


def test_what_cannot_be_moved_stays_where_it_is(tmp_path):
    (odd := tmp_path / "odd.fits").write_text("same")
    (tmp_path / "quarantine").touch()
    with pytest.raises(ArchiveError):
        move_aside(odd, tmp_path / "quarantine", HANGS)
    assert odd.read_text() == "same"
