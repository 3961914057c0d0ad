"""Finished files are told of, once; what is still being written is left alone."""

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import Future
from pathlib import Path
from types import SimpleNamespace

import pytest
from watchdog.events import FileClosedEvent

from obsy.engine.frames import watch as module
from obsy.engine.frames.watch import Watch, is_being_written
from tests.support.waiting import PATIENCE_S

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has leases")


class Heard:
    """What a watch told, and how much of it was there at that moment."""

    def __init__(self) -> None:
        self.files: list[tuple[str, int]] = []
        self._told = threading.Condition()

    def __call__(self, path: Path) -> None:
        with self._told:
            self.files.append((path.name, path.stat().st_size))
            self._told.notify_all()

    def wait(self, count: int) -> list[tuple[str, int]]:
        with self._told:
            assert self._told.wait_for(lambda: len(self.files) >= count, PATIENCE_S), f"only {self.files} were told of"
            return list(self.files)


@pytest.fixture
def heard():
    return Heard()


@pytest.fixture
def watch(tmp_path, heard):
    watch = Watch(tmp_path / "incoming", heard, patience_s=0.6, scan_s=0.1)
    watch.start()
    yield watch
    watch.stop()


def slowly(path: Path, content: bytes, pause_s: float = 0.12) -> None:
    with path.open("wb") as stream:
        for place in range(0, len(content), 3000):
            stream.write(content[place : place + 3000])
            stream.flush()
            time.sleep(pause_s)


@pytest.mark.usefixtures("watch")
def test_a_file_written_in_pieces_is_told_of_once_and_whole(tmp_path, heard, fits_bytes):
    content = fits_bytes()
    slowly(tmp_path / "incoming" / "slow.fits", content)
    assert heard.wait(1) == [("slow.fits", len(content))]
    time.sleep(0.4)
    assert len(heard.files) == 1


def test_a_file_moved_in_from_outside_is_told_of_at_once(tmp_path, heard, fits_bytes):
    slow_scan = Watch(tmp_path / "incoming", heard, scan_s=60.0)
    slow_scan.start()
    time.sleep(0.2)  # its first scan is over
    (tmp_path / "x.fits").write_bytes(fits_bytes())
    os.replace(tmp_path / "x.fits", tmp_path / "incoming" / "x.fits")
    assert [name for name, _ in heard.wait(1)] == ["x.fits"]
    slow_scan.stop()


@pytest.mark.usefixtures("watch")
def test_a_file_renamed_when_it_is_finished_is_told_of_by_its_last_name(tmp_path, heard, fits_bytes):
    slowly(tmp_path / "incoming" / "x.part", fits_bytes(), 0.02)
    os.replace(tmp_path / "incoming" / "x.part", tmp_path / "incoming" / "x.fits")
    assert [name for name, _ in heard.wait(1)] == ["x.fits"]


def test_what_is_there_already_is_told_of(make, tmp_path, heard):
    make("early.fits")
    watch = Watch(tmp_path / "incoming", heard, scan_s=0.1)
    watch.start()
    assert [name for name, _ in heard.wait(1)] == ["early.fits"]
    watch.stop()


@pytest.mark.usefixtures("watch")
def test_files_in_folders_within_are_told_of(tmp_path, heard, fits_bytes):
    deep = tmp_path / "incoming" / "m31" / "Light" / "L"
    deep.mkdir(parents=True)
    (deep / "a.fits").write_bytes(fits_bytes())
    assert [name for name, _ in heard.wait(1)] == ["a.fits"]


@pytest.mark.usefixtures("watch")
def test_a_writer_that_is_killed_leaves_a_file_that_is_told_of_after_patience(tmp_path, heard, fits_bytes):
    (tmp_path / "frame").write_bytes(fits_bytes())
    code = (
        "import sys, time\n"
        "content = open(sys.argv[1], 'rb').read()\n"
        "stream = open(sys.argv[2], 'wb', buffering=0)\n"
        "stream.write(content[:4000])\n"
        "print('begun', flush=True)\n"
        "time.sleep(60)\n"
    )
    place = tmp_path / "incoming" / "cut.fits"
    began = time.monotonic()
    with subprocess.Popen([sys.executable, "-c", code, tmp_path / "frame", place], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        writer.kill()
    assert heard.wait(1) == [("cut.fits", 4000)]
    assert time.monotonic() - began >= 0.6


@pytest.mark.usefixtures("watch")
def test_a_pause_longer_than_the_scan_does_not_betray_a_file(tmp_path, heard, fits_bytes):
    content = fits_bytes()
    with (tmp_path / "incoming" / "slow.fits").open("wb") as stream:
        stream.write(content[:5760])
        stream.flush()
        time.sleep(0.4)
        assert heard.files == []
        stream.write(content[5760:])
    assert heard.wait(1) == [("slow.fits", len(content))]


@pytest.mark.usefixtures("watch")
def test_a_new_file_of_the_same_name_is_told_of_again(make, tmp_path, heard):
    path = make("again.fits")
    heard.wait(1)
    path.unlink()
    make("again.fits", seed=3)
    assert [name for name, _ in heard.wait(2)] == ["again.fits", "again.fits"]


@pytest.mark.usefixtures("watch")
def test_hidden_and_unfinished_names_are_passed_over(make, heard):
    for name in (".hidden.fits", "x.fits.part", "x.fits.tmp", "real.fits"):
        make(name)
    heard.wait(1)
    time.sleep(0.3)
    assert [name for name, _ in heard.files] == ["real.fits"]


def test_after_stop_nothing_is_told(make, tmp_path, heard):
    watch = Watch(tmp_path / "incoming", heard, scan_s=0.05)
    watch.start()
    watch.stop()
    make("late.fits")
    time.sleep(0.2)
    assert heard.files == []


@pytest.mark.usefixtures("watch")
def test_a_file_of_full_length_that_is_still_filled_is_left_alone(tmp_path, heard, fits_bytes):
    content = fits_bytes()
    with (tmp_path / "incoming" / "reserved.fits").open("wb") as stream:
        stream.write(content[:2880])
        stream.truncate(len(content))
        stream.flush()
        time.sleep(0.5)
        assert heard.files == []
        stream.write(content[2880:])
    assert [name for name, _ in heard.wait(1)] == ["reserved.fits"]


@linux
def test_an_open_writer_is_seen(tmp_path):
    with (tmp_path / "x").open("wb"):
        assert is_being_written(tmp_path / "x")


@linux
def test_a_closed_file_has_no_writer(make):
    assert not is_being_written(make())


@linux
def test_a_reader_is_no_writer(make):
    path = make()
    with path.open("rb"):
        assert not is_being_written(path)


def test_a_file_that_came_during_a_look_is_told_of_once(make, tmp_path, fits_bytes):
    told = []

    def found(path):
        told.append(path.name)
        if path.name == "a.fits":  # the look has listed the files, and knows nothing of b
            make("b.fits")
            watch.on_closed(FileClosedEvent(str(tmp_path / "incoming" / "b.fits")))

    make("a.fits")
    watch = Watch(tmp_path / "incoming", found, scan_s=0.0)
    for _ in range(4):
        watch.scan()
    assert told == ["a.fits", "b.fits"]


@pytest.mark.usefixtures("watch")
def test_a_pipe_is_told_of_and_holds_up_no_other_file(tmp_path, heard, fits_bytes):
    os.mkfifo(tmp_path / "pipe")
    os.replace(tmp_path / "pipe", tmp_path / "incoming" / "a.fits")
    (tmp_path / "incoming" / "b.fits").write_bytes(fits_bytes())
    assert [name for name, _ in heard.wait(2)] == ["b.fits", "a.fits"]


def test_a_link_is_followed_beside_the_watch(make, tmp_path, heard, fits_bytes):
    (tmp_path / "far.fits").write_bytes(fits_bytes())
    make("near.fits").with_name("a.fits").symlink_to(tmp_path / "far.fits")
    watch, hangs = Watch(tmp_path / "incoming", heard, scan_s=0.0), threading.Event()
    watch._links.do(hangs.wait)  # as where a link leads to a disk that does not answer
    watch.scan()
    watch.scan()
    assert [name for name, _ in heard.files] == ["near.fits"]
    hangs.set()
    watch._links_seen.result(PATIENCE_S)
    watch.scan()
    watch._links_seen.result(PATIENCE_S)
    assert [name for name, _ in heard.files] == ["near.fits", "a.fits"]


class Turned:
    """A watch that is not begun: it scans when it is told to, by a clock that is turned."""

    def __init__(self, folder, monkeypatch):
        self.now_s = 0.0
        self.heard = []
        monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: self.now_s))
        self.watch = Watch(folder, self.heard.append)

    def scan(self, *at_s):
        """Scan at these times; what was told of at each, by its name."""
        told = []
        for self.now_s in at_s:
            self.watch.scan()
            told.append([path.name for path in self.heard])
            self.heard.clear()
        return told


@pytest.fixture
def turned(tmp_path, monkeypatch):
    (tmp_path / "incoming").mkdir(exist_ok=True)
    return Turned(tmp_path / "incoming", monkeypatch)


def test_a_whole_file_is_told_of_when_it_has_stood_still_between_two_scans_and_only_once(turned, make):
    make()
    assert turned.scan(0.0, 0.249, 0.25, 9.0) == [[], [], ["light.fits"], []]
    assert turned.watch._quiet == {}


def test_one_that_stays_incomplete_is_told_of_after_a_minute(turned, make):
    (path := make()).write_bytes(path.read_bytes()[:3000])
    assert turned.scan(0.0, 59.9, 60.0, 99.0) == [[], [], ["light.fits"], []]


def test_one_that_has_gone_and_comes_back_is_new(turned, make, tmp_path):
    path, elsewhere = make(), tmp_path / "elsewhere.fits"
    assert turned.scan(0.0, 1.0) == [[], ["light.fits"]]
    path.rename(elsewhere)
    turned.scan(2.0)
    elsewhere.rename(path)
    assert turned.scan(3.0) == [[]]
    path.rename(elsewhere)
    turned.scan(4.0)
    elsewhere.rename(path)
    assert turned.scan(5.0, 5.1, 5.3) == [[], [], ["light.fits"]]


def test_what_is_closed_is_told_of_at_once_if_it_is_whole_and_still_there(turned, make):
    turned.watch.on_closed(FileClosedEvent(str(path := make())))
    turned.watch.on_closed(FileClosedEvent(f"{path}.gone.fits"))
    assert turned.heard == [path]


def test_links_are_looked_at_one_after_the_other_and_only_if_there_are_any(turned, make, tmp_path):
    asked = []
    turned.watch._links = SimpleNamespace(do=lambda work: asked.append(work) or Future())
    turned.scan(0.0)
    assert asked == []
    (tmp_path / "incoming" / "link.fits").symlink_to(tmp_path / "hangs.fits")
    turned.scan(1.0, 2.0)
    assert len(asked) == 1


def test_a_watch_makes_its_folder_and_leaves_no_thread_behind(tmp_path):
    watch = Watch(tmp_path / "not" / "yet", lambda _: None)
    watch.start()
    assert watch._scanner.daemon
    watch.stop()
    assert not watch._scanner.is_alive()
    assert not watch._observer.is_alive()
    assert (tmp_path / "not" / "yet").is_dir()


def test_it_rests_between_two_scans(turned, monkeypatch):
    rests, over = [], iter([False, False, True])
    monkeypatch.setattr(turned.watch, "_over", SimpleNamespace(is_set=lambda: next(over), wait=rests.append))
    turned.watch._keep_scanning()
    assert rests == [0.5, 0.5]


@linux
def test_whoever_opens_a_file_while_its_writers_are_asked_for_ends_nobody_and_nothing_stays_open(make, monkeypatch):
    asked = []
    monkeypatch.setattr(module, "fcntl", SimpleNamespace(**vars(fcntl) | {"fcntl": lambda *call: asked.append(call)}))
    assert not is_being_written(make())
    place = asked[0][0]
    assert [call[1:] for call in asked] == [
        (fcntl.F_SETSIG, signal.SIGURG), (fcntl.F_SETLEASE, fcntl.F_RDLCK), (fcntl.F_SETLEASE, fcntl.F_UNLCK)
    ]  # fmt: skip
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(place)


def test_where_the_system_cannot_tell_nobody_is_taken_for_a_writer(make, monkeypatch):
    monkeypatch.setattr(module, "sys", SimpleNamespace(platform="elsewhere"))
    with (path := make()).open("ab"):
        assert not is_being_written(path)
