"""Whether a PHD2 is there, without asking anything of it."""

import socket

ANSWERS_S = 2.0
LONGEST_GREETING = 65536


def is_present(address: str) -> bool:
    """Return whether PHD2 greets whoever connects at host:port: its first line tells its version.

    Source: shared facts of PHD2 2.6.13, as observed.
    """
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host, int(port)), ANSWERS_S) as line, line.makefile("rb") as told:
            return b'"PHDVersion"' in told.readline(LONGEST_GREETING)
    except OSError:
        return False
