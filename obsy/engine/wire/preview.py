"""What a night would be: the same intent that `apply` carries out, and nothing touched."""

from datetime import UTC, date, datetime
from pathlib import Path

from obsy.engine.declare.observatory import Observatory
from obsy.engine.intent import Intent, intent
from obsy.engine.journal import read
from obsy.engine.night.book import Book
from obsy.engine.night.resume import past
from obsy.engine.schedule.block import Schedule
from obsy.engine.wire.planner import prepare
from obsy.engine.wire.realm import Realm


def preview(observatory: Observatory, root: Path, day: date, simulate: bool) -> Intent:
    """The intent of a night: from its beginning, from where its journal ends, or from now if the real one goes on.

    Nothing is left of a night that is finished.
    """
    planner, realm = prepare(observatory, day), Realm.of(root, observatory.site, simulate)
    before = past(read(realm.journal(day)), realm.incoming)
    if before.finished:
        return intent(planner.night, observatory.site.name, Schedule((), ()), ())
    known = _book(realm) if realm.store.exists() else Book()  # a dry run makes no store
    night = planner.night
    begin = night.start if simulate else min(max(night.start, datetime.now(UTC)), night.end)
    return planner.intent(known, max(begin, before.last or begin))


def _book(realm: Realm) -> Book:
    from obsy.engine.store.open import open_store  # noqa: PLC0415  Django loads only where a store is used
    from obsy.engine.wire.shelf import book  # noqa: PLC0415

    open_store(realm.store)
    return book(realm.folder)
