"""A short verb searches for no garbage: thousands of objects are made, and nearly all stay until it is done."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Do without Python's search for garbage, and begin it again where it was at work."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.freeze()  # what was made is not looked through later either
            gc.enable()
