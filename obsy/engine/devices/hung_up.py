"""How long an HTTP server may take, whatever it does meanwhile."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from threading import Timer


@contextmanager
def hung_up_after(seconds: float, connection: HTTPConnection) -> Iterator[None]:
    """Connect, and break off whatever waits for this connection after that long.

    Its own time-out is for each piece that arrives: a server that sends a byte a second would keep it for ever.
    """
    connection.connect()
    line = connection.sock  # an answer that ends the connection takes it out of `connection`

    def hang_up() -> None:
        with suppress(OSError):  # closed already
            line.shutdown(socket.SHUT_RDWR)

    end = Timer(seconds, hang_up)
    end.daemon = True
    end.start()
    try:
        yield
    finally:
        end.cancel()
