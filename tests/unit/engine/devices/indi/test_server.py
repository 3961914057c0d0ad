"""Whoever was connected to a server finds the one that follows."""

import socket
from pathlib import Path

from obsy.engine.devices.indi import server


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
