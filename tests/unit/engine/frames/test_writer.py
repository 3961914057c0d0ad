"""The system knows who is writing."""

import sys

import pytest

from obsy.engine.frames.writer import is_being_written

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has leases")


def test_an_open_writer_is_seen(tmp_path):
    with (tmp_path / "x").open("wb"):
        assert is_being_written(tmp_path / "x")


def test_a_closed_file_has_no_writer(make):
    assert not is_being_written(make())


def test_a_reader_is_no_writer(make):
    path = make()
    with path.open("rb"):
        assert not is_being_written(path)
