"""Folders of old files: all that is a frame is in the archive, once and byte for byte, whoever was killed meanwhile."""

import fcntl
import gzip
import hashlib
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from obsy.engine.frames.check import PutAside, check
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.frames.ingest import Arriving, Fetched
from obsy.engine.processing.brought_in import BroughtIn, FileOutcome, gone
from obsy.engine.processing.foresee import foreseen
from obsy.engine.processing.old_files import Manner, bring_in
from obsy.engine.processing.old_folders import found_in
from obsy.engine.processing.rules import ProcessingRules
from obsy.engine.safety.lock import only_one
from obsy.engine.store.store import Store
from obsy.errors import ArchiveError, NightRunning, UserError
from obsy.schemas.policy import Retention

RULES = ProcessingRules(
    site="home",
    night_of=lambda moment: (moment - timedelta(hours=12)).date(),
    train_of=lambda frame: "main" if frame.camera == "cam" else None,
    credit=lambda frame: None,
    trains={},
    retention=Retention(reserve="0 %"),
)
KILLS = 8

DARKROOM = """
import os, signal, sys
from pathlib import Path
from tests.unit.engine.processing.test_old_files import RULES
from obsy.engine.processing.old_files import Manner, bring_in
from obsy.engine.processing.old_folders import found_in
from obsy.engine.store.store import Store

data, source, touched, last = Path(sys.argv[1]), Path(sys.argv[2]), 0, 0

def perhaps_die(event, arguments):
    global touched
    if event in {"open", "os.rename", "os.remove", "os.link", "os.mkdir", "sqlite3.connect"}:
        touched += str(data) in str(arguments[0]) or str(source) in str(arguments[0])
        if touched == last:
            os.kill(os.getpid(), signal.SIGKILL)

for line in sys.stdin:
    last = int(line)
    if (child := os.fork()) == 0:
        sys.addaudithook(perhaps_die)
        with Store(data / "store.sqlite") as store:
            list(bring_in(found_in([source], data)[0], store, RULES, Manner(sys.argv[3])))
        os._exit(0)
    print(os.waitpid(child, 0)[1], flush=True)
"""
"""For each number it is told: a process that brings all in, or kills itself when it has touched so many files."""


def light(number: int, **changes: object) -> bytes:
    cards: dict[str, object] = {"SIMPLE": "T", "BITPIX": 16, "NAXIS": 2, "NAXIS1": 64, "NAXIS2": 48, "EXPTIME": 60.0}
    cards |= {"IMAGETYP": "'Light'", "OBJECT": "'M 31'", "INSTRUME": "'cam'", "FILTER": "'L'"}
    cards |= {"DATE-OBS": f"'2024-11-21T20:{number:02d}:00' / UTC"} | changes
    said = {key: value for key, value in cards.items() if value is not None}
    head = b"".join(f"{key:<8}= {value!s:>20}".ljust(80).encode() for key, value in said.items()) + b"END".ljust(80)
    return head.ljust(2880) + random.Random(number).randbytes(6144) + bytes(2496)


def old_files(folder: Path) -> Path:
    """A folder as people have them."""
    files = {
        "a b/first ü.fit": light(1),
        "a b/again.FITS": light(1),
        "deep/er/new\nline.fts": light(2),
        "first ü.fit": light(3),
        "packed.fits.gz": gzip.compress(light(4), mtime=0),
        "unpadded.fits": light(5)[:-2496],
        "bias.fits": light(6, IMAGETYP="'Bias'", OBJECT=None, EXPTIME=0.0),
        "bad/empty.fits": b"",
        "bad/cut.fits": light(7)[:-4000],
        "bad/cut.fits.gz": gzip.compress(light(8), mtime=0)[:-100],
        "bad/mislabelled.fits": b"GIF89a" * 1000,
        "bad/bitpix.fits": light(9, BITPIX=17),
        "bad/nothing.fits": light(10, IMAGETYP=None),
        "notes.txt": b"clear",
        ".hidden.fits": light(11),
        "writing.fits.part": light(12),
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return old_files(tmp_path / "old")


def bring(source: Path, data: Path, manner: Manner = Manner.COPY) -> list[BroughtIn]:
    data.mkdir(exist_ok=True)
    with Store(data / "store.sqlite") as store:
        return list(bring_in(found_in([source], data)[0], store, RULES, manner))


def contents(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found if path.suffix != ".json"}


def known(data: Path) -> tuple[list[object], list[object]]:
    """What the store holds, but for where the folder lies."""
    with Store(data / "store.sqlite") as store:
        frames = [replace(each, path=each.path.relative_to(data), source=each.source[-9:]) for each in store.frames()]
        arrivals = [(each.path.name, each.seen.size, each.state, each.sha256) for each in store.arrivals()]
    return list(frames), sorted(arrivals, key=str)


def test_a_folder_is_brought_in_and_every_file_is_accounted_for(source: Path, tmp_path: Path) -> None:
    before = contents(source)
    found = bring(source, tmp_path / "data")
    assert Counter(each.outcome for each in found) == {
        FileOutcome.TAKEN: 6,
        FileOutcome.DUPLICATE: 1,
        FileOutcome.ASIDE: 6,
    }
    codes = {each.path.name: each.code for each in found if each.outcome is FileOutcome.ASIDE}
    assert codes == {
        "empty.fits": "truncated",
        "cut.fits": "truncated",
        "cut.fits.gz": "bad-gzip",
        "mislabelled.fits": "not-fits",
        "bitpix.fits": "bad-pixels",
        "nothing.fits": "no-kind",
    }
    assert contents(source) == before
    archived = {hashlib.sha256(each).hexdigest() for each in contents(tmp_path / "data" / "archive").values()}
    wanted = [light(1), light(2), light(3), light(4), light(5)[:-2496]]
    wanted.append(light(6, IMAGETYP="'Bias'", OBJECT=None, EXPTIME=0.0))
    assert archived == {hashlib.sha256(each).hexdigest() for each in wanted}
    aside = contents(tmp_path / "data" / "quarantine")
    assert {before["bad/cut.fits"], before["bad/cut.fits.gz"], b""} <= set(aside.values())
    assert sum(name.endswith(".reason.txt") for name in aside) == 6


def test_a_second_time_nothing_changes(source: Path, tmp_path: Path) -> None:
    bring(source, data := tmp_path / "data")
    before = contents(data / "archive"), contents(data / "quarantine"), known(data)
    found = bring(source, data)
    assert Counter(each.outcome for each in found) == {FileOutcome.KNOWN: 7, FileOutcome.ASIDE: 6}
    assert (contents(data / "archive"), contents(data / "quarantine"), known(data)) == before


def test_a_file_that_was_only_touched_is_not_said_to_be_taken_again(tmp_path: Path) -> None:
    (file := tmp_path / "old" / "a.fits").parent.mkdir()
    file.write_bytes(light(1))
    data = tmp_path / "data"
    assert [each.outcome for each in bring(file, data)] == [FileOutcome.TAKEN]
    os.utime(file, (1.7e9, 1.7e9))
    assert [each.outcome for each in bring(file, data)] == [FileOutcome.KNOWN]
    file.write_bytes(light(2))
    assert [each.outcome for each in bring(file, data)] == [FileOutcome.TAKEN]
    file.write_bytes(light(1))
    assert [each.outcome for each in bring(file, data)] == [FileOutcome.KNOWN]


def test_a_link_to_nothing_is_told_of_as_that(tmp_path: Path) -> None:
    (link := tmp_path / "old" / "a.fits").parent.mkdir()
    link.symlink_to(tmp_path / "unplugged" / "a.fits")
    (told,) = foreseen([link], DataRoot(tmp_path / "data"), RULES)
    (found,) = bring(link.parent, tmp_path / "data")
    assert (found.outcome, found.reason) == (told.outcome, told.reason) == (FileOutcome.LEFT, "it is a link to nothing")


def test_what_is_moved_is_gone_once_its_copy_is_proven(source: Path, tmp_path: Path) -> None:
    bring(source, data := tmp_path / "data", Manner.MOVE)
    assert set(contents(source)) == {"notes.txt", ".hidden.fits", "writing.fits.part"}
    assert len(contents(data / "archive")) == 6


@pytest.mark.parametrize("manner", list(Manner))
def test_a_file_that_is_replaced_between_look_and_copy_is_left_for_another_time(
    tmp_path: Path, manner: Manner, monkeypatch: pytest.MonkeyPatch
) -> None:
    (file := tmp_path / "old" / "a.fits").parent.mkdir()
    file.write_bytes(light(1))

    def late(order: Arriving) -> Fetched | PutAside:
        file.with_name("b").write_bytes(light(2))
        file.with_name("b").replace(file)
        return check(order)

    monkeypatch.setattr("obsy.engine.processing.old_files.check", late)
    (found,) = bring(file, tmp_path / "data", manner)
    assert found == gone(file)
    assert file.read_bytes() == light(2)
    assert not [each for each in contents(tmp_path / "data" / "archive").values() if each != light(2)]


def test_a_copy_that_has_been_spoilt_since_is_put_right_before_its_source_goes(source: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    frame = next(each.frame for each in bring(source, data) if each.path.name == "unpadded.fits")
    assert frame is not None
    frame.path.write_bytes(b"spoilt")
    bring(source, data, Manner.MOVE)
    assert frame.path.read_bytes() == light(5)[:-2496]
    assert "unpadded.fits" not in contents(source)


@pytest.mark.parametrize("manner", [Manner.COPY, Manner.MOVE])
def test_what_was_put_aside_before_is_put_aside_anew_only_where_it_is_to_go(tmp_path: Path, manner: Manner) -> None:
    (file := tmp_path / "old" / "cut.fits").parent.mkdir()
    file.write_bytes(light(1)[:-4000])
    (first,) = bring(file, data := tmp_path / "data")
    shutil.rmtree(data / "quarantine")
    (again,) = bring(file, data, manner)
    assert (first.outcome, first.code) == (again.outcome, again.code) == (FileOutcome.ASIDE, "truncated")
    aside = [each for each in contents(data / "quarantine").values() if each == light(1)[:-4000]]
    assert (len(aside), file.exists()) == ((1, False) if manner is Manner.MOVE else (0, True))


def test_a_link_takes_no_room(source: Path, tmp_path: Path) -> None:
    found = bring(source, tmp_path / "data", Manner.LINK)
    linked = {each.path.name for each in found if each.frame and each.path.samefile(each.frame.path)}
    assert {"unpadded.fits", "bias.fits"} <= linked
    assert "packed.fits.gz" not in linked


def test_what_would_become_of_each_is_what_becomes_of_it(source: Path, tmp_path: Path) -> None:
    files, others, passed, unread = found_in([source], tmp_path / "data")
    told = foreseen(files, DataRoot(tmp_path / "data"), RULES)
    assert not (tmp_path / "data").exists()
    assert others == {".txt": 1}
    assert (passed, unread) == ({"hidden file": 1, "unfinished file": 1}, [])
    done = bring(source, tmp_path / "data")
    assert [(each.path, each.outcome, each.code) for each in told] == [
        (each.path, each.outcome, each.code) for each in done
    ]
    taken = [each.frame for each in told if each.outcome is FileOutcome.TAKEN]
    assert taken == [each.frame for each in done if each.outcome is FileOutcome.TAKEN]
    again = foreseen(files, DataRoot(tmp_path / "data"), RULES)
    assert {each.outcome for each in again if each.frame} == {FileOutcome.KNOWN, FileOutcome.DUPLICATE}


def test_obsys_own_data_is_not_brought_in_again(source: Path, tmp_path: Path) -> None:
    bring(source, data := source / "data")
    assert not any(path.is_relative_to(data) for path in found_in([source], data)[0])
    with pytest.raises(UserError, match="obsy rebuild"):
        found_in([data / "archive"], data)
    with pytest.raises(UserError, match="no file and no folder"):
        found_in([source / "gone"], data)


def test_an_archive_that_takes_no_more_says_so_and_loses_nothing(source: Path, tmp_path: Path) -> None:
    full = replace(RULES, retention=Retention(reserve="100 %"))
    (data := tmp_path / "data").mkdir()
    before = contents(source)
    with Store(data / "store.sqlite") as store, pytest.raises(ArchiveError, match="make room"):
        list(bring_in(found_in([source], data)[0], store, full, Manner.MOVE))
    assert contents(source) == before
    assert known(data) == ([], [])
    assert len(bring(source, data)) == 13


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.parametrize("manner", [Manner.COPY, Manner.MOVE])
def test_killed_at_any_touch_of_a_file_and_given_again_it_is_as_if_nothing_had_happened(
    source: Path, tmp_path: Path, manner: Manner
) -> None:
    bring(source, whole := tmp_path / "whole")
    before, chance = set(contents(source).values()), random.Random(20241121)
    (data := tmp_path / "data").mkdir()
    command = [sys.executable, "-c", DARKROOM, str(data), str(source), manner]
    killed = 0
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as forks:
        assert forks.stdin is not None
        assert forks.stdout is not None
        for last in [*(chance.randrange(4, 140) for _ in range(KILLS)), 0]:
            print(last, file=forks.stdin, flush=True)
            status = int(forks.stdout.readline())
            killed += status == 9
            kept = set(contents(source).values()) | set(contents(data).values())
            assert all(each in kept or gzip_of(each) in kept for each in before)
        assert status == 0
    assert killed >= KILLS / 2
    assert contents(data / "archive") == contents(whole / "archive")
    assert contents(data / "quarantine") == contents(whole / "quarantine")
    assert known(data) == known(whole)


def gzip_of(content: bytes) -> bytes:
    """What is in a packed file; of any other, itself."""
    try:
        return gzip.decompress(content)
    except (gzip.BadGzipFile, EOFError):
        return content


def test_no_old_file_is_brought_in_while_a_night_runs(source: Path, tmp_path: Path) -> None:
    (data := tmp_path / "data").mkdir()
    holder = "import sys, time; from pathlib import Path; from obsy.engine.safety.lock import only_one\n"
    holder += "with only_one(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", holder, str(DataRoot(data).lock)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as night:
        assert night.stdout is not None
        assert night.stdin is not None
        assert night.stdout.readline() == "held\n"
        with pytest.raises(UserError, match="a night runs here"):
            bring(source, data)
        night.stdin.close()
    with only_one(DataRoot(data).lock):
        assert len(bring(source, data)) == 13


def test_a_night_that_begins_meanwhile_goes_first_and_no_other_verb_comes_between(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("obsy.engine.processing.old_files.TOGETHER", 4)
    place = DataRoot(tmp_path / "data")
    place.folder.mkdir()
    files = found_in([source], place.folder)[0]
    with place.lock.open("w") as night, place.lock_by_hand.open("w") as other:

        def track(paths: Sequence[Path]) -> Iterator[Path]:
            yield from paths[:4]
            fcntl.flock(night, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with pytest.raises(BlockingIOError):
                fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield from paths[4:]

        with Store(place.store) as store:
            found = bring_in(files, store, RULES, Manner.COPY, track)
            assert [next(found).path for _ in range(4)] == files[:4]
            with pytest.raises(NightRunning):
                next(found)
    assert len(bring(source, place.folder)) == 13
