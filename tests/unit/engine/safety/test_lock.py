"""One night at a time."""

import errno
import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from obsy.engine.safety.lock import address, claim, only_keeper, only_one
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


def test_the_process_that_holds_it_may_hold_it_again_and_keeps_it_till_its_first_block_ends(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with only_one(path):
        with only_one(path):
            pass
        held = os.open(path, os.O_RDWR)
        with pytest.raises(BlockingIOError):
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(held)


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
