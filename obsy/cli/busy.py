"""What takes over a second says so on a terminal: what is done, and for how long already."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress


@contextmanager
def busy(what: str, stream: TextIO | None = None, after_s: float = 1.0) -> Iterator[None]:
    """Tell on standard error, if that is a terminal, what goes on within; no word is left of it."""
    stream = stream or sys.stderr
    shown: list[Progress] = []
    timer = Timer(after_s, lambda: shown.append(_shown(what, stream, after_s)))
    timer.daemon = True
    if stream.isatty():
        timer.start()
    try:
        yield
    finally:
        timer.cancel()
        if timer.ident is not None:
            timer.join()
        for each in shown:
            each.stop()


def _shown(what: str, stream: TextIO, since_s: float) -> "Progress":
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn()
    progress = Progress(*columns, console=Console(file=stream), transient=True, refresh_per_second=4)
    progress.add_task(what)
    progress.tasks[0].start_time = progress.get_time() - since_s
    progress.start()
    return progress
