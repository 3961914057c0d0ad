"""A copy is on the disk before it counts, or a second name of the very file; what goes wrong is told as what it is."""

import errno
import hashlib
import os
from pathlib import Path

import pytest

from obsy.engine.frames import copy as copying
from obsy.engine.frames.copy import CHUNK, STAGING, copy, forget, name, reading, seen, sweep, trouble
from obsy.errors import ArchiveError, FrameError, SourceError


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (path := tmp_path / "light.fits").write_bytes(b"a light")
    return path


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "archive"


def staged(archive: Path) -> list[Path]:
    return [*(archive / STAGING).iterdir()]


def test_a_copy_is_on_the_disk_before_it_is_read_back_and_is_read_from_there(
    source: Path, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[object] = []
    whole = b"a light" + bytes(CHUNK)
    source.write_bytes(whole)
    monkeypatch.setattr(os, "fsync", lambda file: told.append(os.fstat(file).st_size))
    monkeypatch.setattr(os, "posix_fadvise", lambda _, *how: told.append(how))
    truly = copying.sha256_of
    monkeypatch.setattr(copying, "sha256_of", lambda path: (told.append("read back"), truly(path))[1])
    monkeypatch.setattr(copying, "make_folder", lambda folder: folder.mkdir(parents=True))
    copied = copy(source, archive)
    assert told == [len(whole), (0, 0, os.POSIX_FADV_DONTNEED), "read back"]
    assert copied.path.read_bytes() == whole
    assert (copied.sha256, copied.source) == (hashlib.sha256(whole).hexdigest(), seen(source))


def test_a_linked_one_is_the_very_file_whatever_was_left_in_its_place(source: Path, archive: Path) -> None:
    for _ in range(2):
        copied = copy(source, archive, linked=True)
        assert copied.path.samefile(source)
        assert (copied.sha256, copied.source) == (hashlib.sha256(b"a light").hexdigest(), seen(source))
        assert staged(archive) == [copied.path]


def test_what_is_unpacked_is_a_copy_also_where_second_names_are_asked_for(source: Path, archive: Path) -> None:
    copied = copy(source, archive, pieces=[b"un", b"packed"], linked=True)
    assert copied.path.read_bytes() == b"unpacked"
    assert source.read_bytes() == b"a light"


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.EXDEV, SourceError("no-link", "it can have no second name in the archive")),
        (errno.ENOSPC, ArchiveError("cannot take light.fits")),
    ],
)
def test_a_second_name_that_cannot_be_is_told_and_nothing_is_left(
    number: int, told: Exception, source: Path, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "hardlink_to", refuses)
    with pytest.raises(type(told), match=str(told)):
        copy(source, archive, linked=True)
    assert staged(archive) == []


def test_a_file_that_cannot_be_read_is_no_fault_of_the_archive_and_one_that_has_gone_none_at_all(source: Path) -> None:
    for number in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
        with pytest.raises(FrameError, match="went away before it was copied"), reading(source):
            raise OSError(number, os.strerror(number))
    with pytest.raises(SourceError, match="it cannot be read: Input/output error") as unreadable, reading(source):
        raise OSError(errno.EIO, "Input/output error")
    assert unreadable.value.code == "unreadable"


def test_a_refusal_is_the_archives_unless_the_file_has_gone(source: Path, archive: Path) -> None:
    with pytest.raises(ArchiveError, match="cannot take light.fits: .*make room or mend"), trouble(archive, source):
        raise OSError(errno.ENOSPC, "No space left on device")
    source.unlink()
    with pytest.raises(FrameError, match="light.fits went away") as gone, trouble(archive, source):
        raise OSError(errno.ENOENT, "No such file")
    assert gone.value.code == "vanished"


def test_a_name_is_on_the_disk_when_it_is_given(source: Path, archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[Path] = []
    copied = copy(source, archive)
    monkeypatch.setattr(copying, "flush_folder", lambda folder: flushed.append(folder) or True)
    place = archive / "light.fits"
    name(copied, place)
    assert (place.read_bytes(), staged(archive), flushed) == (b"a light", [], [archive])


def test_what_others_remove_meanwhile_is_not_missed(
    source: Path, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "glob", lambda folder, _: [folder / "gone"])
    forget(seen(source), archive)
    sweep(archive)
