"""Star tables that were read, kept for who asks next: a night's page asks for each of them thrice, a watch more often.

The longest unasked go first once they take too much memory, and a page that is told lets go of all.
"""

from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from obsy.engine.reduce.star_table import StarTable

MOST = 256_000_000
"""Bytes of memory that are kept."""
A_BYTE = 2.0
"""Bytes of memory for a byte of a file; measured were 1.7 of 20 stars and 0.85 of 2,000."""

_Seen = tuple[int, int]
"""When a file was written, ns, and its size, bytes."""


class KeptTables:
    """Tables by path, each as its file was when it was read; usable from any thread."""

    def __init__(self, most: float = MOST) -> None:
        """Nothing is kept yet; most: bytes of memory."""
        self._most, self._lock = most, Lock()
        self._tables: dict[Path, tuple[_Seen, StarTable]] = {}
        """The last asked for is the last."""

    def read(self, path: Path) -> "StarTable":
        """Return a table, that of the last time if its file is as it was. Raises FrameError if it is none."""
        from obsy.engine.reduce.star_table import StarTable  # noqa: PLC0415  few nights measure stars; it needs astropy

        try:
            found = path.stat()
        except OSError:
            return StarTable.read(path)
        seen = found.st_mtime_ns, found.st_size
        with self._lock:
            was = self._tables.pop(path, None)
        table = was[1] if was and was[0] == seen else StarTable.read(path)
        with self._lock:
            self._tables[path] = seen, table
            while self.bytes > self._most:
                del self._tables[next(iter(self._tables))]
        return table

    @property
    def bytes(self) -> float:
        """How much memory they take."""
        return A_BYTE * sum(size for (_, size), _ in self._tables.values())

    def forget(self) -> None:
        """Let go of all."""
        with self._lock:
            self._tables.clear()


KEPT = KeptTables()
"""Those of this process."""
