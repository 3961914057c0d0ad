"""One KStars and only one is found on a message bus, and where its process keeps its files."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest

from obsy.engine.devices.ekos.found import find_kstars
from obsy.errors import DeviceError

ENDED = 0
"""The process of a connection that has ended since it was named."""


class Session:
    """A message bus with these connections, by the process of each."""

    def __init__(self, processes: Mapping[str, int]) -> None:
        self._processes = processes

    async def names(self) -> list[str]:
        return ["org.freedesktop.DBus", *self._processes]

    async def process(self, name: str) -> int:
        if self._processes[name] == ENDED:
            raise DeviceError(f"Could not get PID of name '{name}': no such name")
        return self._processes[name]


@pytest.fixture
def proc(tmp_path: Path) -> Path:
    """Three processes: two KStars and something else."""
    for number, name in ((12, "kstars"), (76, "kstars"), (80, "plasmashell")):
        here = tmp_path / str(number)
        here.mkdir()
        (here / "comm").write_text(f"{name}\n")
        (here / "environ").write_bytes(b"PATH=/bin\0HOME=/disk/ann\0NOTE=a=b\0")
        (here / "exe").symlink_to(f"/opt/{name}")
    return tmp_path


def found(processes: Mapping[str, int], proc: Path):
    return asyncio.run(find_kstars(Session(processes), proc))


def test_the_one_that_answers_is_found_with_its_program_and_its_database(proc):
    one = found({":1.1": 12, "org.kde.kstars": 12, ":1.2": 80, ":1.3": 12, ":1.4": 999}, proc)
    assert one == (12, "/opt/kstars", Path("/disk/ann/.local/share/kstars/userdb.sqlite"))


def test_connections_that_have_ended_since_they_were_named_are_nobody(proc):
    assert found({":1.4": ENDED, "org.kde.kstars": 12, ":1.5": ENDED}, proc).process == 12
    with pytest.raises(DeviceError, match="2 KStars run in this session"):
        found({":1.4": ENDED, "org.kde.kstars": 12, ":1.9": 76}, proc)


def test_a_kstars_that_has_ended_since_it_was_named_is_told(proc):
    with pytest.raises(DeviceError, match="no such name"):
        found({"org.kde.kstars": ENDED, ":1.2": 80}, proc)


def test_data_that_lie_elsewhere_are_found_there(proc):
    (proc / "12" / "environ").write_bytes(b"HOME=/disk/ann\0XDG_DATA_HOME=/data\0")
    assert found({"org.kde.kstars": 12}, proc).database == Path("/data/kstars/userdb.sqlite")


def test_without_any_one_is_asked_for(proc):
    with pytest.raises(DeviceError, match="no KStars runs in this desktop session: start it"):
        found({":1.2": 80}, proc)


def test_of_two_that_run_none_is_taken_though_one_alone_answers(proc):
    with pytest.raises(DeviceError, match=r"2 KStars run in this session \(processes 12, 76\): end all but the one"):
        found({":1.1": 12, "org.kde.kstars": 12, ":1.9": 76}, proc)


def test_another_persons_is_not_taken(proc):
    (proc / "12" / "environ").unlink()
    with pytest.raises(DeviceError, match=r"process 12\) cannot be looked at.*run obsy as the person who runs KStars"):
        found({"org.kde.kstars": 12}, proc)
