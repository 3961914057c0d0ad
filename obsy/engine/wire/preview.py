"""What a night would be: the same intent that `apply` carries out, and nothing touched."""

from datetime import UTC, date, datetime
from pathlib import Path

from obsy.engine.declare.observatory import Observatory
from obsy.engine.intent import Intent
from obsy.engine.night.book import Book
from obsy.engine.wire.planner import prepare
from obsy.engine.wire.realm import Realm


def preview(observatory: Observatory, root: Path, day: date, simulate: bool) -> Intent:
    """The intent of a night, from its beginning or, for a real night that has begun, from now."""
    planner, realm = prepare(observatory, day), Realm.of(root, observatory.site, simulate)
    known = _book(realm) if realm.store.exists() else Book()  # a dry run makes no store
    start = planner.night.start
    return planner.intent(known, start if simulate else max(start, min(datetime.now(UTC), planner.night.end)))


def _book(realm: Realm) -> Book:
    from obsy.engine.store.open import open_store  # noqa: PLC0415  Django loads only where a store is used
    from obsy.engine.wire.shelf import book  # noqa: PLC0415

    open_store(realm.store)
    return book(realm.folder)
