"""Put aside, with the reason, and nothing lost."""

import pytest

from obsy.engine.frames.copy import seen
from obsy.engine.frames.quarantine import quarantine
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
