"""To which servers a process is connected is read from the kernel's own tables."""

import os
import socket
from pathlib import Path

from obsy.engine.devices.ekos.connections import addresses, connected_to
from obsy.schemas.address import ServerAddress

HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
ROW = "   {n}: 0100007F:82B6 {far} {state} 00000000:00000000 00:00000000 00000000  1000        0 {inode} 1 0\n"


def test_a_connection_of_our_own_is_seen_for_as_long_as_it_stands():
    with socket.create_server(("127.0.0.1", 0)) as server:
        there = ServerAddress("127.0.0.1", server.getsockname()[1])
        with socket.create_connection(there):
            assert there in connected_to(os.getpid())
        assert there not in connected_to(os.getpid())


def test_what_only_listens_has_ended_or_is_anothers_is_none_and_both_kinds_of_address_are_read(tmp_path: Path):
    here = tmp_path / "12"
    (here / "fd").mkdir(parents=True)
    (here / "net").mkdir()
    for number, to in enumerate(("socket:[501]", "socket:[502]", "socket:[503]", "/dev/null")):
        (here / "fd" / str(number)).symlink_to(to)
    rows = [("0100007F:1DC8", "01", 501), ("0200A8C0:1DC8", "01", 999), ("0300A8C0:1DC8", "06", 502)]
    text = "".join(ROW.format(n=n, far=far, state=state, inode=inode) for n, (far, state, inode) in enumerate(rows))
    (here / "net" / "tcp").write_text(HEAD + text)
    assert connected_to(12, tmp_path) == {("127.0.0.1", 7624)}
    mapped, own = "0000000000000000FFFF00000400A8C0:1DC9", "00000000000000000000000001000000:1DC8"
    rows = [(mapped, "01", 502), (own, "01", 503)]
    text = "".join(ROW.format(n=n, far=far, state=state, inode=inode) for n, (far, state, inode) in enumerate(rows))
    (here / "net" / "tcp6").write_text(HEAD + text)
    assert connected_to(12, tmp_path) == {("127.0.0.1", 7624), ("192.168.0.4", 7625), ("::1", 7624)}


def test_a_name_stands_for_its_addresses_and_one_that_nobody_knows_for_none():
    assert ServerAddress("127.0.0.1", 7624) in addresses(ServerAddress("localhost", 7624))
    assert addresses(ServerAddress("no such host", 7624)) == set()
