"""Where a server listens: one value, whether a file, a flag or a guard says it."""

import re
from typing import NamedTuple, Self

LAST_PORT = 65535
NAME = r"[^\s/:.?#@\[\]]{1,63}(\.[^\s/:.?#@\[\]]{1,63})*\.?"
"""A label of a host's name has 1 to 63 letters. Source: RFC 1035, 2.3.4."""
HOST = rf"^{NAME}(:[0-9]{{1,5}})?$"


class ServerAddress(NamedTuple):
    """A host and a port; its text is `host:port`."""

    host: str
    port: int

    @classmethod
    def of(cls, said: str, usual: int) -> Self:
        """Return what `host` or `host:port` means. Raise ValueError if it is neither, or its port cannot be one."""
        host, _, port = said.partition(":")
        spelt = said.isprintable() and re.fullmatch(NAME, host) and re.fullmatch("[0-9]{0,5}", port)
        if not spelt or not 0 < int(port or usual) <= LAST_PORT:
            raise ValueError(f"'{said}' is no host, or 'host:port'")
        return cls(host, int(port or usual))

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"
