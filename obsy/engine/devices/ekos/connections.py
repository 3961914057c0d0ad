"""To which servers a process is connected, as the kernel has it."""

import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from ipaddress import IPv6Address, ip_address
from pathlib import Path

from obsy.schemas.address import ServerAddress

ESTABLISHED = "01"


def connected_to(process: int, proc: Path = Path("/proc")) -> set[ServerAddress]:
    """Return the far ends of a process's TCP connections; hosts are addresses. Raise OSError if it is not ours to see.

    Source: proc_pid_net(5): address and port in hexadecimal, each word of an address in the order of this machine.
    """
    here, own = proc / str(process), set[str]()
    for each in (here / "fd").iterdir():
        with suppress(OSError):  # closed meanwhile
            own.add(os.readlink(each))
    found = set[ServerAddress]()
    for table in ("tcp", "tcp6"):
        with suppress(FileNotFoundError):
            found.update(_ends((here / "net" / table).read_text(), own))
    return found


def _ends(table: str, own: set[str]) -> Iterator[ServerAddress]:
    for line in table.splitlines()[1:]:
        words = line.split()
        if words[3] == ESTABLISHED and f"socket:[{words[9]}]" in own:
            host, _, port = words[2].partition(":")
            yield ServerAddress(_host(host), int(port, 16))


def _host(said: str) -> str:
    raw = b"".join(bytes.fromhex(said[at : at + 8])[::-1] for at in range(0, len(said), 8))
    address = ip_address(raw)
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)


def addresses(server: ServerAddress) -> set[ServerAddress]:
    """Return the addresses that a host's name stands for; none if nobody knows it."""
    with suppress(OSError):
        known = socket.getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM)
        return {ServerAddress(str(each[4][0]), server.port) for each in known}
    return set()
