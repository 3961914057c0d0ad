"""The store of a data folder made again, and put in the place of the old one."""

from obsy.engine.frames.data_root import DataRoot
from obsy.engine.night.lock import only_one
from obsy.engine.processing.rebuild import Rebuilt, Track, rebuild
from obsy.engine.processing.rules import ProcessingRules
from obsy.engine.store.store import Store

_ENDS = ("", "-wal", "-shm")
"""SQLite's own files beside a store's."""


def rebuild_store(data_root: DataRoot, rules: ProcessingRules, track: Track = iter) -> Rebuilt:
    """Make the store again; the old one stays until the new one is whole.

    Raises NightRunning while a night runs.
    """
    fresh = data_root.store.with_name("rebuilt.sqlite")
    with only_one(data_root.lock):
        for end in _ENDS:
            fresh.with_name(fresh.name + end).unlink(missing_ok=True)
        with Store(fresh) as store:
            rebuilt = rebuild(store, rules, track)
        for end in _ENDS[1:]:
            data_root.store.with_name(data_root.store.name + end).unlink(missing_ok=True)
        fresh.replace(data_root.store)
    return rebuilt
