"""One night at a time."""

import errno
import fcntl
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from obsy.engine.safety import lock
from obsy.engine.safety.lock import INGEST, REBUILD, address, claim, held_if_possible, is_held, only_keeper, only_one
from obsy.errors import GuardRunning, NightRunning

HOLD = (
    "import sys, time; from pathlib import Path; from obsy.engine.safety.lock import only_one\n"
    "with only_one(Path(sys.argv[1])):\n    print('held', flush=True); time.sleep(60)"
)


def test_a_second_night_is_refused_and_told_who_runs(tmp_path: Path) -> None:
    with only_one(tmp_path / "lock"):
        asked = [sys.executable, "-c", HOLD, str(tmp_path / "lock")]
        second = subprocess.run(asked, capture_output=True, text=True, timeout=60, check=False)
        assert f"another 'obsy apply' (process {os.getpid()})" in second.stderr


def is_free(path: Path) -> bool:
    """Whether another could take the lock now."""
    with path.open() as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@pytest.mark.parametrize("hold", [only_one, held_if_possible])
def test_the_process_that_holds_it_may_hold_it_again_and_keeps_it_till_its_first_block_ends(
    tmp_path: Path, hold: Callable[[Path], AbstractContextManager[None]]
) -> None:
    path = tmp_path / "in" / "no folder yet" / "lock"
    for _ in range(2):
        with hold(path):
            with hold(path):
                pass
            assert not is_free(path)
            assert path.read_text() == f"{os.getpid()} obsy apply\n"
        assert is_free(path)
        path.write_text("a longer word than the number of any process\n")
    assert path.stat().st_mode & 0o111 == 0, "nobody runs it"


@pytest.mark.parametrize("hold", [only_one, held_if_possible])
def test_whoever_is_refused_holds_nothing(tmp_path: Path, hold: Callable[[Path], AbstractContextManager[None]]) -> None:
    path = tmp_path / "lock"
    with path.open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        files = len(os.listdir("/dev/fd"))
        with pytest.raises(NightRunning, match=r"process unknown"), hold(path):
            pass
        assert len(os.listdir("/dev/fd")) == files


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Path]:
    """A lock that another process holds."""
    path = tmp_path / "lock"
    with path.open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        yield path


@pytest.mark.parametrize(
    ("holder", "asks", "words"),
    [
        ("7", "obsy apply", "another 'obsy apply' (process 7) runs this observatory"),
        ("7 obsy apply", "obsy apply", "end it with 'kill 7', which closes the roof first"),
        ("7 obsy apply", INGEST, "a night runs here ('obsy apply', process 7): give the same command again when it is"),
        ("7 obsy rebuild", "obsy apply", "'obsy rebuild' (process 7) is at work on the frames of this observatory"),
        ("7 obsy ingest", REBUILD, "'obsy ingest' (process 7) is at work on the frames of this observatory; wait"),
        ("\xff obsy ingest", INGEST, "'obsy ingest' (process ÿ) is at work"),
    ],
)
def test_whoever_is_refused_is_told_what_runs(held: Path, holder: str, asks: str, words: str) -> None:
    held.write_text(f"{holder}\nof a longer line of before\n")
    with pytest.raises(NightRunning) as refused, only_one(held, asks):
        pass
    assert words in str(refused.value)
    assert ("kill" in str(refused.value)) is (not words.startswith("a night"))


def test_a_night_waits_for_an_ingest_until_it_lets_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path, looks = tmp_path / "lock", list[float]()
    with path.open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        path.write_text("7 obsy apply\n")  # by who held it before

        def sleep(seconds: float) -> None:
            looks.append(seconds)
            path.write_text("8 obsy ingest\n")
            if len(looks) == 5:
                fcntl.flock(other, fcntl.LOCK_UN)

        monkeypatch.setattr(lock.time, "sleep", sleep)
        with only_one(path):
            assert path.read_text() == f"{os.getpid()} obsy apply\n"
    assert len(looks) == 5
    assert capsys.readouterr().err == "obsy: the night begins as soon as 'obsy ingest' (process 8) lets it\n"


def test_a_night_does_not_wait_for_ever(held: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = list[float]()
    monkeypatch.setattr(lock.time, "sleep", looks.append)
    held.write_text("8 obsy ingest\n")
    with pytest.raises(NightRunning, match="'obsy ingest' .process 8. is at work"), only_one(held):
        pass
    assert len(looks) == lock.WAITS
    assert lock.WAITS * lock.LOOK_S == pytest.approx(600.0)


def test_what_no_night_holds_is_not_said_to_be_held_by_one(tmp_path: Path) -> None:
    with only_one(tmp_path / "lock", INGEST):
        assert not is_held(tmp_path / "lock")


def test_a_roof_is_closed_without_a_lock_too_where_no_disk_takes_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    with held_if_possible(tmp_path / "file" / "lock"):
        assert "no lock can be taken: " in capsys.readouterr().err


def test_a_lock_is_held_as_long_as_whoever_took_it_last_lives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "lock"
    assert not is_held(path), "nobody took it ever"
    with only_one(path):
        assert is_held(path)
    path.write_text("no process\n")
    assert not is_held(path)
    asked, answers = list[tuple[int, int]](), [PermissionError, ProcessLookupError]

    def kill(process: int, number: int) -> None:
        asked.append((process, number))
        raise answers.pop(0)

    monkeypatch.setattr(os, "kill", kill)
    path.write_text("7\n")
    assert [is_held(path), is_held(path)] == [True, False], "another user's lives, too"
    assert asked == [(7, 0)] * 2


def test_a_killed_night_holds_nothing(tmp_path: Path) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path / "lock")], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    with pytest.raises(NightRunning, match=str(holder.pid)), only_one(tmp_path / "lock"):
        pass
    holder.kill()
    holder.communicate()
    with only_one(tmp_path / "lock"):
        pass


KEEP = (
    "import sys, time; from obsy.engine.safety.lock import only_keeper\n"
    "with only_keeper(sys.argv[1:]):\n    print('held', flush=True); time.sleep(60)"
)


@contextmanager
def held_elsewhere(*things: str, **how: Any) -> Iterator[int]:
    """Yield the process that holds them."""
    command = [sys.executable, "-c", KEEP, *things]
    with subprocess.Popen(command, stdout=subprocess.PIPE, **how) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        yield holder.pid
        holder.kill()


def test_whoever_shares_one_device_with_another_keeps_none_of_its_own(tmp_path: Path) -> None:
    dome, mount, other = (f"{name} of {tmp_path}" for name in ("dome", "mount", "other"))
    with held_elsewhere(dome, mount) as pid:
        with pytest.raises(GuardRunning, match=f"{mount} is kept by another process: process {pid} of user"):
            with only_keeper([mount, other]):
                pass
        with only_keeper([other]):
            pass
    with only_keeper([dome, mount, other]):
        pass


def test_one_process_does_not_keep_a_device_twice(tmp_path: Path) -> None:
    with only_keeper([str(tmp_path)]), pytest.raises(GuardRunning, match=f"process {os.getpid()}"):
        claim(str(tmp_path))


@pytest.mark.skipif(os.getuid() != 0, reason="only root becomes another user")
def test_another_users_device_is_not_free(tmp_path: Path) -> None:
    thing = f"dome of {tmp_path}"
    command = f"import os, obsy.engine.safety.lock; os.setuid(65534)\n{KEEP}"
    with subprocess.Popen([sys.executable, "-c", command, thing], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(GuardRunning, match="of user 65534"), only_keeper([thing]):
            pass
        holder.kill()


def test_nobody_is_told_to_end_a_holder_that_cannot_be_seen_from_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("obsy.engine.safety.lock.peer", lambda line: (0, 1000))
    with closing(claim(str(tmp_path))), pytest.raises(GuardRunning, match="one of user 1000 that cannot be seen") as no:
        claim(str(tmp_path))
    assert "kill" not in str(no.value)
    monkeypatch.setattr("obsy.engine.safety.lock.peer", lambda line: (1, 0))
    with closing(claim(str(tmp_path))), pytest.raises(GuardRunning, match="process 1 of user 0; 'kill 1' ends it"):
        claim(str(tmp_path))


def test_a_holder_of_whom_too_many_have_asked_is_not_waited_for(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as held, socket.socket(socket.AF_UNIX) as first:
        held.bind(address(str(tmp_path)))
        held.listen(0)
        first.connect(address(str(tmp_path)))
        with pytest.raises(GuardRunning, match="is kept by another process: which one is not known"):
            claim(str(tmp_path))


def test_what_cannot_be_asked_is_not_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr("obsy.engine.safety.lock.socket.socket", refuse)
    with pytest.raises(GuardRunning, match="cannot be told .* Too many open files; it is left alone"):
        claim(str(tmp_path))


def test_a_holder_that_answers_nobody_is_named_however_often_it_is_asked(tmp_path: Path) -> None:
    with closing(claim(str(tmp_path))):
        for _ in range(300):
            with pytest.raises(GuardRunning, match=f"process {os.getpid()}"):
                claim(str(tmp_path))
    assert address(str(tmp_path)) != address(str(tmp_path / "other"))
