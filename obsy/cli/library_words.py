"""What libraries in C print goes to a log: libindi prints a line for each server, and raw XML where a driver dies."""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

STDERR = 2


@contextmanager
def library_words_to(log: Path) -> Iterator[None]:
    """Lead the file descriptor of stderr to a log while the block runs; `sys.stderr` goes on to whoever watches.

    Nothing changes where `sys.stderr` is no longer the process's own, or the log cannot be written.
    """
    own = sys.stderr
    try:
        log.parent.mkdir(exist_ok=True)
        kept = os.dup(STDERR) if own is not None and own.fileno() == STDERR else None
    except (OSError, ValueError, io.UnsupportedOperation):
        kept = None
    if kept is None or not _lead(log):
        yield
        return
    with open(kept, "w", encoding=own.encoding, errors=own.errors, buffering=1) as watched:
        sys.stderr = watched
        try:
            yield
        finally:
            sys.stderr = own
            with suppress(OSError, ValueError):
                watched.flush()
            os.dup2(kept, STDERR)


def _lead(log: Path) -> bool:
    """Return whether the descriptor leads to the log now."""
    try:
        sys.stderr.flush()
        with log.open("ab") as words:
            os.dup2(words.fileno(), STDERR)
    except (OSError, ValueError):
        return False
    return True
