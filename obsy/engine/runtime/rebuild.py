"""The store of a data folder made again, and put in the place of the old one."""

from itertools import count
from pathlib import Path

from obsy.engine.disk import flush_folder
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.processing.rebuild import Rebuilt, Track, rebuild
from obsy.engine.processing.rules import ProcessingRules
from obsy.engine.safety.lock import only_one
from obsy.engine.store.store import Store
from obsy.errors import UserError


def rebuild_store(data_root: DataRoot, rules: ProcessingRules, track: Track = iter) -> tuple[Rebuilt, Path | None]:
    """Make the store again; the old one stays until the new one is whole.

    Returns also where the old one was put aside, if it could not be opened. Raises NightRunning while a night runs.
    """
    fresh = data_root.store.with_name("rebuilt.sqlite")
    with only_one(data_root.lock):
        for part in _parts(fresh):
            part.unlink(missing_ok=True)
        with Store(fresh) as store:
            rebuilt = rebuild(store, rules, track)
        aside = None if _can_be_opened(data_root.store) else _put_aside(data_root.store)
        for part in _parts(data_root.store)[1:]:
            part.unlink(missing_ok=True)
        fresh.replace(data_root.store)
        flush_folder(data_root.folder)
    return rebuilt, aside


def _parts(store: Path) -> list[Path]:
    """A store's file, and SQLite's own beside it."""
    return [store.with_name(store.name + end) for end in ("", "-wal", "-shm")]


def _can_be_opened(store: Path) -> bool:
    if store.exists():
        try:
            Store(store).close()
        except UserError:
            return False
    return True


def _put_aside(store: Path) -> Path:
    """Give a store a name that is still free."""
    names = (store.with_name(f"damaged-{number}.sqlite") for number in count(1))
    aside = next(name for name in names if not name.exists())
    for part, kept in zip(_parts(store), _parts(aside), strict=True):
        if part.exists():
            part.rename(kept)
    return aside
