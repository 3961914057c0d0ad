"""A file is there whole or as it was before, and its name is on the disk."""

import os

import pytest

from obsy.engine.disk import make_folder, write_whole


def test_a_file_is_written_with_its_folders_and_nothing_is_left_beside_it(tmp_path):
    write_whole(tmp_path / "a" / "b" / "page.html", b"new")
    assert [path.name for path in (tmp_path / "a" / "b").iterdir()] == ["page.html"]
    assert (tmp_path / "a" / "b" / "page.html").read_bytes() == b"new"


def test_a_private_file_is_private_from_its_first_byte_on(tmp_path, monkeypatch):
    modes, flush = [], os.fsync

    def noted_flush(handle):
        modes.append(os.fstat(handle).st_mode & 0o777)
        flush(handle)

    monkeypatch.setattr(os, "fsync", noted_flush)
    write_whole(tmp_path / "secret.json", b"new", 0o600)
    assert modes[0] == (tmp_path / "secret.json").stat().st_mode & 0o777 == 0o600


def test_a_disk_that_refuses_leaves_what_was_there(tmp_path, monkeypatch):
    def full(handle):
        raise OSError("no space left on device")

    (tmp_path / "page.html").write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        write_whole(tmp_path / "page.html", b"new")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"page.html": b"old"}


def test_bytes_are_on_the_disk_before_their_name_and_the_name_before_it_returns(tmp_path, monkeypatch):
    """Source: rename(2) orders nothing by itself; a power cut may keep the name and lose the bytes."""
    steps, flush, replace = [], os.fsync, type(tmp_path).replace

    def noted_flush(handle):
        steps.append("folder" if os.path.isdir(f"/proc/self/fd/{handle}") else "bytes")
        flush(handle)

    def noted_replace(self, target):
        steps.append("name")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", noted_flush)
    monkeypatch.setattr(type(tmp_path), "replace", noted_replace)
    write_whole(tmp_path / "page.html", b"new")
    assert steps == ["bytes", "name", "folder"]


def test_a_folder_that_is_there_is_left_alone(tmp_path):
    make_folder(tmp_path)
    assert tmp_path.is_dir()
