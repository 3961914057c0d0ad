"""A night that was killed finds each delivered file again by its place among the arrivals, and none twice."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from obsy.engine.fold import fold
from obsy.engine.frames.frame import FrameKind
from obsy.engine.journal import stamp
from obsy.engine.night.delivery import deliver
from obsy.engine.night_record import Capture
from obsy.engine.runtime.recovery import recover
from obsy.engine.runtime.setup import archived
from obsy.engine.store.record import StoredFrame
from obsy.engine.store.store import Store
from tests.support.frames import A_LIGHT
from tests.support.stage import START, Stage

DAY = date(2026, 11, 21)


@pytest.fixture
def stage() -> Iterator[Stage]:
    stage = Stage()
    yield stage
    stage.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "store.sqlite") as store:
        yield store


def kept(number: int, source: str, folder: Path) -> StoredFrame:
    """An archived light, delivered as `source`."""
    own = {"sha256": f"{number:064x}", "path": folder / "archive" / f"{number}.fits", "plan": "m31", "goal": "L-180s"}
    said = A_LIGHT | own | {"taken_at": A_LIGHT["taken_at"] + timedelta(minutes=5 * number), "kind": FrameKind.LIGHT}
    return StoredFrame(**said, train="newton", source=source, night=DAY)


def journaled(stage: Stage, *captures: Capture) -> list[dict[str, Any]]:
    """What the journal holds once these were delivered, as it is read again."""

    async def night() -> None:
        for capture in captures:
            deliver(stage.context, capture)

    stage.runner.run(night())
    return [{**entry, "time": stamp(entry["time"]), "began": stamp(entry["began"])} for entry in stage.journal.entries]


def recovered(stage: Stage, entries: list[dict[str, Any]], store: Store, incoming: Path) -> list[str]:
    """The files that a new process finds, of which its journal did not know."""
    stage.journal.entries.clear()
    before = fold(entries, incoming)
    stage.runner.run(recover(stage.context, before, archived(DAY, store, incoming)))
    return [entry["frame"] for entry in stage.journal.entries if entry["event"] == "frame-recovered"]


def test_files_of_one_name_in_two_folders_are_two_files_after_a_kill(
    stage: Stage, store: Store, tmp_path: Path
) -> None:
    incoming = stage.context.incoming = tmp_path / "incoming"
    for number, source in enumerate(("one/Light_001.fits", "two/Light_001.fits")):
        store.register(kept(number, source, tmp_path))
    first = Capture(incoming / "one" / "Light_001.fits", "newton", "light", "L", 180.0, START, "m31", "L-180s")
    entries = journaled(stage, first)
    assert [entry["frame"] for entry in entries if entry["event"] == "frame-taken"] == ["one/Light_001.fits"]
    assert recovered(stage, entries, store, incoming) == ["two/Light_001.fits"]


def test_a_journal_and_a_store_of_an_older_version_still_know_their_files(
    stage: Stage, store: Store, tmp_path: Path
) -> None:
    incoming = stage.context.incoming = tmp_path / "incoming"
    store.register(kept(1, "Light_001.fits", tmp_path))  # it lay in a folder, and neither said so
    old = {"kind": "light", "filter": "L", "exposure_s": 180.0, "plan": "m31", "goal": "L-180s", "began": stamp(START)}
    entry = {"time": stamp(START), "night": DAY.isoformat(), "event": "frame-taken", "frame": "Light_001.fits", **old}
    assert recovered(stage, [entry], store, incoming) == []
    assert [each["event"] for each in stage.journal.entries] == ["frame-accepted"]  # the verdict that was owed
