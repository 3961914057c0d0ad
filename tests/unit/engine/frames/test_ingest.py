"""Into the archive, once, proven, and never at the cost of the file itself."""

import gzip
import hashlib
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from obsy.engine.frames import copy as copying
from obsy.engine.frames import ingest as ingesting
from obsy.engine.frames.copy import STAGING, release, seen, sweep
from obsy.engine.frames.fits import glance
from obsy.engine.frames.ingest import Arriving, Ingested, NightOf, fetch, shelve
from obsy.errors import ArchiveError, FrameError


def night_of(moment: datetime) -> date:
    return (moment - timedelta(hours=12)).date()


def ingest(path: Path, archive: Path, night_of: NightOf, reserve_percent: float = 0.0) -> Ingested:
    return shelve(fetch(Arriving(path, archive, archive, reserve_percent)), archive, night_of)


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_a_frame_lies_in_the_archive_byte_for_byte(make, tmp_path):
    path = make()
    ingested = ingest(path, tmp_path / "archive", night_of)
    assert ingested.archived.read_bytes() == path.read_bytes()
    assert ingested.frame.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert ingested.frame.path == ingested.archived
    assert ingested.night == date(2026, 11, 21)


def test_a_frame_after_midnight_belongs_to_the_evening_before(make, tmp_path):
    assert ingest(make(DATE_OBS="2026-11-22T03:00:00"), tmp_path / "archive", night_of).night == date(2026, 11, 21)


def test_the_same_bytes_twice_are_one_frame(make, tmp_path):
    first = ingest(make("one.fits"), tmp_path / "archive", night_of)
    second = ingest(make("two.fits"), tmp_path / "archive", night_of)
    assert first.archived == second.archived
    assert files(tmp_path / "archive") == [first.archived]


def test_a_spoilt_copy_in_the_archive_is_put_right(make, tmp_path):
    path = make()
    archived = ingest(path, tmp_path / "archive", night_of).archived
    archived.write_bytes(b"spoilt")
    ingest(path, tmp_path / "archive", night_of)
    assert archived.read_bytes() == path.read_bytes()


def test_the_source_is_removed_only_when_asked_and_only_if_it_is_still_the_same(make, tmp_path):
    path = make()
    ingested = ingest(path, tmp_path / "archive", night_of)
    assert path.exists()
    make(seed=5)
    assert not release(path, ingested.source)
    assert path.exists()
    assert release(path, ingest(path, tmp_path / "archive", night_of).source)
    assert not path.exists()
    assert not release(path, ingested.source)


def test_an_archive_below_its_reserve_refuses_and_nothing_is_lost(make, tmp_path):
    path = make()
    with pytest.raises(ArchiveError, match="reserve.*make room"):
        ingest(path, tmp_path / "archive", night_of, reserve_percent=100.0)
    assert path.exists()
    assert files(tmp_path / "archive") == []


def test_a_full_disk_refuses_and_nothing_is_lost(make, tmp_path):
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no /dev/full on this system")
    path = make()
    staging = tmp_path / "archive" / STAGING
    staging.mkdir(parents=True)
    status = path.stat()
    (staging / f"{status.st_ino}-{status.st_mtime_ns}-{os.getpid()}").symlink_to(full)
    with pytest.raises(ArchiveError, match="No space left"):
        ingest(path, tmp_path / "archive", night_of)
    assert path.exists()
    assert files(tmp_path / "archive") == []


def test_an_archive_that_cannot_be_written_refuses_and_nothing_is_lost(make, tmp_path):
    path = make()
    (tmp_path / "archive").write_text("a file where the folder should be")  # permissions do not bind root
    with pytest.raises(ArchiveError, match="cannot take"):
        ingest(path, tmp_path / "archive", night_of)
    assert path.exists()


def test_a_copy_that_reads_back_differently_is_refused(make, tmp_path, monkeypatch):
    path = make()
    monkeypatch.setattr(copying, "sha256_of", lambda place: "0" * 64)
    with pytest.raises(ArchiveError, match="other bytes"):
        ingest(path, tmp_path / "archive", night_of)
    assert path.exists()
    assert files(tmp_path / "archive") == []


def test_a_source_that_changes_meanwhile_is_left_for_later(make, tmp_path, monkeypatch):
    path = make()
    write = copying._write
    monkeypatch.setattr(copying, "_write", lambda *how: (write(*how), make(seed=9))[0])
    with pytest.raises(FrameError) as refused:
        ingest(path, tmp_path / "archive", night_of)
    assert refused.value.code == "still-changing"
    assert files(tmp_path / "archive") == []


def test_a_source_that_is_gone_says_so(tmp_path):
    with pytest.raises(FrameError) as refused:
        ingest(tmp_path / "gone.fits", tmp_path / "archive", night_of)
    assert refused.value.code == "vanished"


def test_a_truncated_file_takes_no_room(make, tmp_path):
    path = make()
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(FrameError):
        ingest(path, tmp_path / "archive", night_of)
    assert not (tmp_path / "archive").exists()


def test_what_a_killed_process_left_is_swept(tmp_path):
    left = tmp_path / STAGING / "1-2-3"
    left.parent.mkdir()
    left.touch()
    sweep(tmp_path)
    assert not left.exists()


def test_nights_are_told_in_utc(make, tmp_path):
    assert ingest(make(), tmp_path / "archive", night_of).frame.taken_at.tzinfo is UTC


@pytest.mark.parametrize(("free", "fits"), [(20_000, True), (20_000 + 8640, True), (20_000 - 1, False)])
def test_the_reserve_is_kept_to_the_byte(make, tmp_path, monkeypatch, free, fits):
    path = make()
    size = path.stat().st_size
    disk = type("Disk", (), {"total": 100_000, "free": free + size})
    monkeypatch.setattr("obsy.engine.frames.ingest.shutil.disk_usage", lambda archive: disk)
    if fits:
        assert ingest(path, tmp_path / "archive", night_of, reserve_percent=20.0).archived.exists()
        return
    with pytest.raises(ArchiveError):
        ingest(path, tmp_path / "archive", night_of, reserve_percent=20.0)


def test_a_refusal_says_how_much_room_there_is(make, tmp_path, monkeypatch):
    path = make()
    disk = type("Disk", (), {"total": 2_000_000_000_000, "free": 1_540_000_000})
    monkeypatch.setattr("obsy.engine.frames.ingest.shutil.disk_usage", lambda archive: disk)
    with pytest.raises(ArchiveError) as refused:
        ingest(path, tmp_path / "archive", night_of, reserve_percent=2.5)
    assert str(refused.value).endswith(
        "archive has 1.5 GB free of 2000.0 GB, and 2.5 % are held in reserve; "
        "make room, or declare a smaller reserve in the retention policy"
    )


def test_without_a_reserve_a_disk_may_be_filled_to_the_last_byte(make, tmp_path, monkeypatch):
    path = make()
    disk = type("Disk", (), {"total": 100_000, "free": path.stat().st_size})
    monkeypatch.setattr("obsy.engine.frames.ingest.shutil.disk_usage", lambda archive: disk)
    assert ingest(path, tmp_path / "archive", night_of).archived.exists()


def test_a_file_that_says_too_little_is_refused_for_that_and_needs_no_room(make, tmp_path):
    path = make(DATE_OBS=None)
    with pytest.raises(FrameError):
        ingest(path, tmp_path / "archive", night_of, reserve_percent=100.0)
    assert not (tmp_path / "archive").exists()


def test_a_source_that_changes_between_the_look_and_the_copy_is_left_for_later(make, tmp_path, monkeypatch):
    path = make()
    monkeypatch.setattr(ingesting, "_require_room", lambda *_: make(seed=9))
    with pytest.raises(FrameError, match=r"light.fits changed while it was copied") as refused:
        ingest(path, tmp_path / "archive", night_of)
    assert refused.value.code == "still-changing"
    assert files(tmp_path / "archive") == []


def test_what_was_looked_at_already_is_copied_as_it_is(make, tmp_path):
    path = make()
    fetched = fetch(Arriving(path, tmp_path / "archive", tmp_path, 0.0), glance(path))
    assert fetched.copied.path.read_bytes() == path.read_bytes()
    assert fetched.source == seen(path)


def packed(path: Path) -> Path:
    place = path.with_suffix(".fits.gz")
    place.write_bytes(gzip.compress(path.read_bytes()))
    return place


def test_a_packed_frame_lies_in_the_archive_unpacked(make, tmp_path):
    path = make()
    ingested = ingest(packed(path), tmp_path / "archive", night_of)
    assert ingested.archived.read_bytes() == path.read_bytes()
    assert ingested.frame.object == "m31"


def test_a_packed_file_that_says_too_little_is_refused_and_nothing_is_left_of_it(make, tmp_path):
    path = packed(make(DATE_OBS=None))
    with pytest.raises(FrameError) as refused:
        fetch(Arriving(path, tmp_path / "archive", tmp_path, 0.0))
    assert refused.value.code == "no-time"
    assert files(tmp_path / "archive") == []
    assert path.exists()
