"""Waiting for another thread or process, never for ever."""

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")
PATIENCE_S = 60.0
"""Longer than anything takes on two busy cores; a test that waits so long has failed."""


def wait_until(ask: Callable[[], Found], within_s: float = PATIENCE_S, every_s: float = 0.01) -> Found:
    """Return the first true answer of `ask`; raise TimeoutError where there is none within `within_s`."""
    deadline = time.monotonic() + within_s
    while not (found := ask()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"nothing came within {within_s:g} s; the last answer was {found!r}")
        time.sleep(every_s)
    return found
