"""A new store whose tables lie there ready: Django needs 20 ms of CPU to make them, and hundreds of tests begin so."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.db import connections

from obsy.engine.store.store import Store

USUAL = Store._make
EMPTY_BYTES = 4096
"""SQLite's file without a table."""


@cache
def as_made() -> bytes:
    """An empty store's file, as obsy makes it."""
    with pytest.MonkeyPatch.context() as usual, TemporaryDirectory() as folder:
        usual.setattr(Store, "_make", USUAL)
        path = Path(folder, "store.sqlite")
        Store(path).close()
        return path.read_bytes()


def made(store: Store) -> str:
    """Make a file that is empty as it was made before; any other as ever."""
    path = Path(connections[store._alias].settings_dict["NAME"])
    if path.stat().st_size == EMPTY_BYTES:
        path.write_bytes(as_made())
    return USUAL(store)


@contextmanager
def made_before() -> Iterator[None]:
    """Let each new store be a copy of the first."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Store, "_make", made)
        yield
