import pytest

from obsy.engine.devices.ekos.installed import kstars_version, read_version
from obsy.errors import DeviceError


def test_the_version_is_read_from_what_kstars_prints():
    assert read_version("kstars 3.6.2 Stable\n") == (3, 6, 2)


def test_a_version_of_something_else_is_none_of_kstars():
    assert read_version("Qt 5.15.8 (kstars)\nkstars 3.7.6\n") == (3, 7, 6)
    with pytest.raises(DeviceError, match="answered 'Qt 5.15.8'"):
        read_version("Qt 5.15.8")


def test_an_answer_without_a_version_is_told():
    with pytest.raises(DeviceError, match="answered 'no such thing'"):
        read_version("no such thing")


def test_bytes_that_are_no_text_are_no_obstacle(tmp_path, monkeypatch):
    program = tmp_path / "kstars"
    program.write_bytes(b"#!/bin/sh\nprintf 'M\\366on\\nkstars 3.6.2 Stable\\n'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert kstars_version() == (3, 6, 2)
