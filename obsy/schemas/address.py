"""Where a server listens: one value, whether a file, a flag or a guard says it."""

from typing import NamedTuple, Self


class ServerAddress(NamedTuple):
    """A host and a port; its text is `host:port`."""

    host: str
    port: int

    @classmethod
    def of(cls, said: str, usual: int) -> Self:
        """Return what `host` or `host:port` means. Raise ValueError if its port is no number."""
        host, _, port = said.partition(":")
        return cls(host, int(port or usual))

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"
