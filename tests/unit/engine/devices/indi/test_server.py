"""Whoever was connected to a server finds the one that follows; where things are short it runs with less."""

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest

from obsy.engine.devices.indi import server
from obsy.errors import DeviceError


def test_who_follows_gets_the_port_of_who_went_before_unless_somebody_else_has_it(tmp_path: Path) -> None:
    first = server.free_port(str(tmp_path))
    assert server.free_port(str(tmp_path)) == first
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("", first))
        listening.listen()
        other = server.free_port(str(tmp_path))
        with socket.create_connection(("localhost", first)) as asked, listening.accept()[0] as answered:
            assert other != first
            answered.shutdown(socket.SHUT_RDWR)  # so that it is this end which the kernel keeps waiting
            assert asked.recv(1) == b""
    assert server.free_port(str(tmp_path)) == first


class Taken:
    """A socket where others have these ports; any that is free is 4711."""

    ports: set[int] = set()  # noqa: RUF012
    asked: list[int] = []  # noqa: RUF012

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None: ...

    def setsockopt(self, *option: int) -> None:
        assert option[:2] == (socket.SOL_SOCKET, socket.SO_REUSEADDR)

    def bind(self, address: tuple[str, int]) -> None:
        host, self.port = address
        assert host == "", "every interface"
        Taken.asked.append(self.port)
        if self.port in Taken.ports:
            raise OSError(98, "Address already in use")

    def getsockname(self) -> tuple[str, int]:
        return "0.0.0.0", self.port or 4711


def test_a_port_is_looked_for_beside_one_that_is_taken_then_anywhere_and_its_lack_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The first follows from the name: the rest of its SHA-256 by 10000, from 20000 on."""
    monkeypatch.setattr(socket, "socket", Taken)
    first = 26_748
    for taken, port in (((), first), ((0,), first + 1), ((0, 1), first + 2), ((0, 1, 2), 4711)):
        Taken.ports = {first + each for each in taken}
        assert server.free_port("obsy") == port
    Taken.ports |= {0}
    Taken.asked.clear()
    with pytest.raises(DeviceError, match="no port is free for the INDI server"):
        server.free_port("obsy")
    assert Taken.asked == [first, first + 1, first + 2, 0]


def test_the_folder_of_a_socket_is_in_memory_where_no_disk_takes_one_and_goes_when_it_is_no_longer_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, truly = list[Any](), tempfile.mkdtemp

    def full(*, prefix: str, dir: str | None = None) -> str:  # noqa: A002
        made.append(dir)
        if dir is None:
            raise OSError(28, "No space left on device")
        return truly(prefix=prefix, dir=tmp_path)

    with server.socket_folder() as folder:
        assert len(f"{folder}/indi") < 100
        (folder / "indi").touch()
    assert not folder.exists()
    monkeypatch.setattr(tempfile, "mkdtemp", full)
    with server.socket_folder() as folder:
        shutil.rmtree(folder)  # somebody tidied up
    assert made == [None, "/dev/shm"]  # noqa: S108


def test_the_simulated_camera_finds_its_stars_behind_all_other_programs_and_does_without_where_none_can_be_written(
    tmp_path: Path,
) -> None:
    around = server.with_sky({"PATH": "/usr/bin:/bin", "HOME": "/root"}, tmp_path)
    assert around == {"PATH": f"/usr/bin:/bin{os.pathsep}{tmp_path}", "HOME": "/root"}
    program = tmp_path / "gsc"
    assert program.stat().st_mode & 0o777 == 0o755
    program.write_text(program.read_text().replace("exec", "echo"))
    said = subprocess.run([program, "-c", "1 2"], capture_output=True, text=True, check=True).stdout
    assert said.endswith(" -P -m obsy.engine.sky.gsc -c 1 2\n")
    nowhere = tmp_path / "not" / "there"
    assert server.with_sky({}, nowhere) == {"PATH": f"{os.defpath}{os.pathsep}{nowhere}"}
