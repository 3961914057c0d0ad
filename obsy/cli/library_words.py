"""What libraries in C print goes to a log: libindi prints a line for each server, and raw XML where a driver dies."""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

STDERR = 2
KEPT_BYTES = 1_000_000
"""What stays of earlier nights' words when a night begins."""


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
    if kept is None:
        yield
        return
    if (before := _lead(log)) is None:
        os.close(kept)
        yield
        return
    watched = open(kept, "w", encoding=own.encoding, errors=own.errors, buffering=1)  # noqa: SIM115  closed below
    sys.stderr = watched
    try:
        yield
    finally:
        sys.stderr = own
        with suppress(OSError, ValueError):
            watched.flush()
        with suppress(OSError):
            os.dup2(kept, STDERR)
        with suppress(OSError, ValueError):  # what nobody could read is tried once more, and fails once more
            watched.close()
        _name(log, before)


def _lead(log: Path) -> int | None:
    """Lead the descriptor to the log; return how many bytes were in it, None if that cannot be done."""
    try:
        sys.stderr.flush()
        with log.open("a+b") as words:
            _shorten(words)
            size = words.seek(0, os.SEEK_END)
            os.dup2(words.fileno(), STDERR)
    except (OSError, ValueError):
        return None
    return size


def _shorten(words: io.BufferedRandom) -> None:
    """Keep the last whole lines of a log that has grown too long."""
    if words.seek(0, os.SEEK_END) <= KEPT_BYTES:
        return
    words.seek(-KEPT_BYTES, os.SEEK_END)
    last = words.read()
    words.truncate(0)
    words.write(last[last.find(b"\n") + 1 :])
    words.flush()


def _name(log: Path, before: int) -> None:
    """Tell of the log if something was written to it since it had so many bytes."""
    from obsy.engine.journal import tell_stderr

    with suppress(OSError):
        if log.stat().st_size > before:
            tell_stderr(f"What the libraries of devices printed is in {log}.")
