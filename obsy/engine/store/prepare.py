"""Django without a project: settings made in code, and a hub's own left alone."""

import fcntl
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

from django.apps import AppConfig, apps
from django.conf import settings
from django.db import DatabaseError, OperationalError, connections

APP = "obsy.engine.store.prepare.StoreApp"


class StoreApp(AppConfig):
    """The store as Django knows it."""

    name = "obsy.engine.store"
    label = "obsy_store"


def prepare() -> None:
    """Make Django ready for the store's models, unless a project around us has done so."""
    # The night asks the store from its event loop; a query takes a millisecond, and no loop is ever shared.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    if settings.configured:
        return
    settings.configure(
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:", "OPTIONS": OPTIONS}},
        INSTALLED_APPS=[APP],
        USE_TZ=True,
        TIME_ZONE="UTC",
        LOGGING_CONFIG=None,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    )
    # What `django.setup()` does, but for the addresses of pages, of which a store has none: a tenth of Django's start.
    apps.populate(settings.INSTALLED_APPS)
    # One connection a thread, in an event loop too: Django's own way opens one for each task, and leaves it open.
    vars(connections)["_connections"] = threading.local()


@contextmanager
def one_at_a_time(path: Path) -> Iterator[None]:
    """Let the tables of a SQLite file be made, by several who begin at once one after the other.

    Where its folder cannot be locked (on some network file systems), nobody waits. Raises what Django would
    if the file cannot be opened.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as held:
        with suppress(OSError):
            handle = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
            held.callback(os.close, handle)
            fcntl.flock(handle, fcntl.LOCK_EX)
        _try_out(path)
        yield


def _try_out(path: Path) -> None:
    """Open the SQLite file, made if it is not there, and close it again; Django leaves one open that it cannot prepare.

    Raises what Django would.
    """
    try:
        with closing(sqlite3.connect(path)) as database:
            database.execute("PRAGMA journal_mode=WAL")
    except sqlite3.OperationalError as refusal:
        raise OperationalError(*refusal.args) from refusal
    except sqlite3.DatabaseError as damage:
        raise DatabaseError(*damage.args) from damage


OPTIONS = {
    "timeout": 30,  # seconds another process may hold the file
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
}
