"""The store is an index: whatever is deleted of it, the files give it back, and what is amiss is said."""

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from obsy.engine.events.frames import FrameTaken
from obsy.engine.frames.copy import STAGING
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.journal import Journal
from obsy.engine.processing.rebuild import rebuild, rebuild_store
from obsy.engine.processing.rules import ProcessingRules
from obsy.engine.store.store import DiskError, Store
from tests.support.bench import NIGHT, SOON_S, START, Bench, rooms, store_in


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, rules: ProcessingRules) -> Path:
    """A night with everything in it: masters, lights of each verdict, one file twice, one that is no frame, a stack."""
    root = tmp_path_factory.mktemp("played")
    with rooms(root, rules) as make:
        room = make()
        for kind, exposure_s, role in (("Bias", 0.0, None), ("Dark", 180.0, None), ("Flat", 2.0, "L")):
            room.master(kind, exposure_s, role)
        lights = [
            room.shoot(30),
            room.shoot(31, AIRMASS=3.0),
            room.shoot(32, OBJECT="unknown"),
            room.shoot(33, FILTER="R"),
        ]
        twice, notes = lights[0].with_name("copy.fits"), lights[0].with_name("notes.fits")
        twice.write_bytes(lights[0].read_bytes())
        notes.write_text("clean the mirror")
        room.take(*lights, twice, notes)
        room.processing.finish(NIGHT).result(SOON_S)
    return root


@pytest.fixture
def night(played: Path, tmp_path: Path, rules: ProcessingRules) -> Iterator[Bench]:
    """A copy of that night, which the test may spoil."""
    shutil.copytree(played, tmp_path, dirs_exist_ok=True)
    with rooms(tmp_path, rules) as make:
        yield make(start=False)


def again(
    room: Bench, rules: object, spoilt: Path | None = None, spoil: Callable[[Any], None] = lambda content: None
) -> tuple[Store, tuple[str, ...]]:
    """The store made again, after the sidecar of one file was spoilt."""
    if spoilt is not None:
        sidecar = spoilt.with_name(spoilt.name + ".json")
        content = json.loads(sidecar.read_text())
        spoil(content)
        sidecar.write_text(json.dumps(content))
    store = store_in(room.root, "again.sqlite")
    return store, rebuild(store, rules).amiss  # type: ignore[arg-type]


def test_every_row_comes_back(night, rules):
    unfinished = night.root / "archive" / STAGING / "half.fits"
    unfinished.parent.mkdir(exist_ok=True)
    unfinished.write_bytes(b"half a frame")
    store, amiss = again(night, rules)
    with store:
        assert store.frames() == night.store.frames()
        assert store.products() == night.store.products()
        assert sorted(map(repr, store.arrivals())) == sorted(map(repr, night.store.arrivals()))
        assert store.done() == night.store.done()
    assert amiss == ()


def test_it_says_how_many_frames_and_products_came_back(night, rules):
    with store_in(night.root, "again.sqlite") as store:
        found = rebuild(store, rules)
    assert (found.frames, found.products) == (len(night.store.frames()), len(night.store.products()))


def test_rebuilding_writes_nothing_but_the_store(night, rules):
    def files() -> dict[Path, bytes]:
        found = (path for path in night.root.rglob("*") if path.is_file() and "sqlite" not in path.name)
        return {path: path.read_bytes() for path in found}

    before = files()
    again(night, rules)[0].close()
    assert files() == before


def test_a_product_that_is_gone_or_changed_is_left_out_and_said(night, rules):
    gone, changed = (night.store.products(kind)[0].path for kind in ("stack", "master"))
    gone.unlink()
    changed.write_bytes(b"something else")
    store, amiss = again(night, rules)
    with store:
        left = {product.path for product in night.store.products()} - {gone, changed}
        assert {product.path for product in store.products()} == left
    assert sorted(line.split(" ", 1)[1] for line in amiss) == [
        "is gone; it is left out",
        "is not what obsy wrote; it is left out",
    ]


@pytest.mark.parametrize("broken", [None, "", "{", '{"frame": {}}'])
def test_a_frame_whose_sidecar_is_lost_is_judged_again(night, rules, broken):
    frame = next(frame for frame in night.store.frames(kind="light") if frame.accepted)
    sidecar = frame.path.with_name(frame.path.name + ".json")
    sidecar.unlink() if broken is None else sidecar.write_text(broken)
    store, amiss = again(night, rules)
    with store:
        kept = store.frame(frame.sha256)
        assert kept is not None
        assert (kept.accepted, kept.pending, kept.night, kept.train, kept.filter) == (None, True, NIGHT, "main", "L")
    assert amiss == (f"{frame.path.relative_to(night.root)} has no sidecar that can be read: it is judged again",)


def test_an_archived_file_that_is_cut_short_is_said_and_left_out(night, rules):
    frame = min(night.store.frames(), key=lambda frame: frame.path)
    frame.path.write_bytes(frame.path.read_bytes()[:2000])
    store, amiss = again(night, rules)
    with store:
        assert {each.sha256 for each in store.frames()} == {each.sha256 for each in night.store.frames()} - {
            frame.sha256
        }
    assert any("is no frame any more" in line for line in amiss)


def test_a_frame_that_only_a_journal_knows_is_named(night, rules):
    facts = {"kind": "light", "filter": "L", "exposure_s": 180.0, "plan": "m31", "goal": "L-180s", "began": START}
    with Journal(night.root / "journal" / f"{NIGHT}.jsonl", NIGHT.isoformat()) as journal:
        for name in ("Light_030.fits", "lost.fits"):
            journal.write(START, FrameTaken(frame=name, **facts))
    store, amiss = again(night, rules)
    store.close()
    assert amiss == (f"the journal of {NIGHT} knows lost.fits, and no file here is it",)


def test_a_sidecar_says_what_the_header_does_not(night):
    frame = next(frame for frame in night.store.frames(kind="light") if frame.accepted)
    said = json.loads(frame.path.with_name(frame.path.name + ".json").read_text())
    assert {"source", "plan", "goal", "commit", "accepted", "measures", "missing"} <= set(said["frame"])
    assert not {"sha256", "path", "exposure_s", "gain"} & set(said["frame"])
    assert {arrival["path"] for arrival in said["arrivals"]} == {"incoming/Light_030.fits", "incoming/copy.fits"}


@pytest.mark.parametrize(
    "said",
    [
        {"state": 7},
        {"state": "arrived"},
        {"night": "someday"},
        {"source": None},
        {"measures": ["fwhm"]},
        {"accepted": {}},
        {"missing": 5},
    ],
)
def test_a_sidecar_with_what_cannot_be_is_named_and_its_frame_judged_again(night, rules, said):
    frame = next(frame for frame in night.store.frames(kind="light") if frame.accepted)
    store, amiss = again(night, rules, frame.path, lambda content: content["frame"].update(said))
    with store:
        assert store.frame(frame.sha256).accepted is None
    assert amiss == (f"{frame.path.relative_to(night.root)} has no sidecar that can be read: it is judged again",)


def test_a_sidecar_tells_no_frame_which_file_it_is_and_what_is_not_known_in_it_is_passed_over(night, rules):
    frame = next(frame for frame in night.store.frames(kind="light") if frame.accepted)

    def spoil(content):
        content["frame"] |= {"path": "/etc/passwd", "sha256": "f" * 64, "rows": 1, "mood": "good"}
        for part in (content, *content["arrivals"], *content["products"]):
            part["mood"] = "good"

    store, amiss = again(night, rules, frame.path, spoil)
    with store:
        assert store.frame(frame.sha256) == frame
    assert amiss == ()


def test_what_the_store_cannot_hold_is_named_and_the_rest_comes_back(night, rules):
    frame = next(frame for frame in night.store.frames(kind="light") if frame.accepted)
    stack = night.store.products("stack")[0]

    def spoil(content):
        content["arrivals"][0]["seen"]["inode"] = 10**30
        content["products"][0]["path"] = "archive"
        content["products"][1]["path"] = "/nowhere/else.fits"

    stack.path.with_name(stack.path.name + ".json").write_text("[" * 100_000)
    store, amiss = again(night, rules, frame.path, spoil)
    with store:
        assert store.frame(frame.sha256) == frame
    assert len(amiss) == 4
    assert f"{stack.path.relative_to(night.root)} has a sidecar that cannot be read" in amiss


def test_a_store_that_cannot_be_written_is_not_taken_for_frames_that_cannot_be_kept(night, rules):
    broken = "CREATE TRIGGER broken BEFORE INSERT ON obsy_arrival BEGIN INSERT INTO nowhere VALUES (1); END"
    with store_in(night.root, "again.sqlite") as store:
        with closing(sqlite3.connect(night.root / "again.sqlite")) as other:
            other.execute(broken)
        with pytest.raises(DiskError):
            rebuild(store, rules)


def test_a_line_of_a_journal_that_cannot_be_read_is_named(night, rules):
    journal = night.root / "journal" / f"{NIGHT}.jsonl"
    journal.parent.mkdir()
    journal.write_bytes(b'\n{"event": "frame-taken"}\n\xff garbage\n')
    (journal.parent / "0-folder.jsonl").mkdir()
    store, amiss = again(night, rules)
    store.close()
    assert amiss[0].startswith("the journal of 0-folder cannot be read: ")
    assert amiss[1] == f"line 3 of the journal of {NIGHT} cannot be read"


def test_what_an_interrupted_rebuilding_or_the_old_store_left_beside_the_new_one_is_gone(
    played: Path, tmp_path: Path, rules: ProcessingRules, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(played, tmp_path, dirs_exist_ok=True)
    room, flushed = DataRoot(tmp_path), list[Path]()
    monkeypatch.setattr("obsy.engine.processing.rebuild.flush_folder", flushed.append)
    with Store(room.store) as store:
        frames = store.frames()

    def rebuilt() -> Path | None:
        for left in ("rebuilt.sqlite", "rebuilt.sqlite-wal", "store.sqlite-wal", "store.sqlite-shm"):
            (room.folder / left).write_bytes(b"left by a power cut")
        found, aside = rebuild_store(room, rules)
        assert (found.frames, flushed.pop()) == (len(frames), room.folder)
        kept = {each.name for each in room.folder.glob("*.sqlite*") if not each.name.startswith("damaged")}
        assert kept == {"store.sqlite"}
        with Store(room.store) as store:
            assert store.frames() == frames
        return aside

    room.store.write_bytes(b"no store")
    aside = rebuilt()
    assert aside is not None
    assert aside.read_bytes() == b"no store"
    room.store.unlink()
    assert rebuilt() is None


def test_a_frame_that_would_be_refused_today_keeps_its_verdict_and_that_is_said(night, rules):
    old = next(frame for frame in night.store.frames(kind="light") if frame.accepted)
    content = old.path.read_bytes().replace(b"DATE-OBS=", b"DATE-WHO=")
    sha256 = hashlib.sha256(content).hexdigest()
    path = old.path.with_name(old.path.name.replace(old.sha256[:12], sha256[:12]))
    path.write_bytes(content)
    old.path.unlink()
    old.path.with_name(old.path.name + ".json").rename(path.with_name(path.name + ".json"))
    store, amiss = again(night, rules)
    with store:
        kept = store.frame(sha256)
        assert kept is not None
        assert (kept.accepted, kept.taken_at, kept.measures) == (True, old.taken_at, old.measures)
    place = path.relative_to(night.root)
    assert f"{place} stays the frame that it was; today it would be refused: " in "\n".join(amiss)
