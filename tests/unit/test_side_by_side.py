import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

CONFTEST = """
import pytest
from tests.support import side_by_side


def pytest_addoption(parser):
    side_by_side.add_option(parser)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session):
    return side_by_side.play(session)


@pytest.fixture(scope="module", autouse=True)
def _made(request):
    print(f"made for {request.node.name}")
"""
MEETING = """
import os

with open("collected", "a") as noted:
    print("{name}", file=noted)


def test_meets():
    with open("{meets}", "{mode}") as door:
        assert door


def test_is_the_second():
    assert os.getppid() == int(open("parent").read())
"""
DYING = """
import os


def test_before():
    pass


def test_fails():
    raise ValueError("as it should")


def test_dies():
    os._exit(3)


def test_after():
    pass
"""


ALONE = """
def test_meets():
    for door, mode in {doors}:
        with open(door, mode) as opened:
            assert opened
"""
KEEPING = """
import os
import signal
from pathlib import Path

import pytest
from tests.support.waiting import wait_until


@pytest.fixture(scope="session", autouse=True)
def _of_the_session():
    yield
    Path("session-{name}").touch()


@pytest.fixture(scope="module", autouse=True)
def _of_the_file():
    yield
    {teardown}
    Path("file-{name}").touch()


def parent_is_gone():
    return os.getppid() != int(Path("parent").read_text())


def test_meets():
    open("door", "{mode}").close()
    {ends}


def test_after():
    Path("after-{name}").touch()
"""
ENDINGS = {
    "one failure is enough": ("assert 0", "signal.pause()"),
    "^C": ("os.killpg(0, signal.SIGINT), signal.pause()", "signal.pause()"),
    "its parent is told to end": ("os.kill(os.getppid(), signal.SIGTERM), signal.pause()", "signal.pause()"),
    "its parent is killed": (
        "os.kill(os.getppid(), signal.SIGKILL); assert not wait_until(parent_is_gone), 'x' * 1_000_000",
        "wait_until(parent_is_gone)",
    ),
}
"""What each of two tests does that have met."""
UNTIL_TOLD = """signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    open("inner", "w").close()
    wait_until(signal.sigpending)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])"""
LATER = """

def pytest_sessionfinish():
    open("door", "w").close()
"""
LEAVING = """
import os
import signal


def test_leaves_a_fork_behind():
    if os.fork() == 0:
        signal.alarm(100)
        open("door").close()
        os._exit(0)


def test_ends_well():
    os._exit(0)
"""
SPOILED = """
import pytest


@pytest.fixture(scope="session", autouse=True)
def _spoiled():
    yield
    raise ValueError("as it should")


def test_passes():
    pass
"""


RUN = """
import os, signal, pytest
signal.signal(signal.SIGINT, signal.default_int_handler)  # what is begun in the background is deaf to ^C
open("parent", "w").write(str(os.getpid()))
exit(pytest.main())
"""


def played(folder: Path, processes: int, options: str = "") -> tuple[int, str]:
    """The exit code of the tests in a folder, and what was said of them, once the last process has ended."""
    command = [sys.executable, "-c", RUN]
    quiet = {
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTEST_ADDOPTS": f"-q -rA -p no:cacheprovider --processes {processes} -o faulthandler_timeout=50 {options}",
    }
    here = {"PYTHONPATH": str(Path(__file__).parents[2])}
    ended = subprocess.run(
        command,
        check=False,
        cwd=folder,
        env={**os.environ, **quiet, **here},
        capture_output=True,
        text=True,
        timeout=150,  # a disk that is busy has held it up for a minute
        start_new_session=True,
    )
    return ended.returncode, ended.stdout + ended.stderr


@pytest.fixture
def toys(tmp_path: Path) -> Path:
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "pytest.ini").touch()
    for door in ("door", "inner"):
        os.mkfifo(tmp_path / door)
    return tmp_path


@pytest.fixture
def folder(toys: Path) -> Path:
    for name, mode in (("test_one.py", "w"), ("test_other.py", "r")):
        (toys / name).write_text(MEETING.format(name=name, meets="door", mode=mode))
    return toys


@pytest.mark.long
def test_files_are_played_side_by_side_each_by_one_process_and_collected_once(folder: Path) -> None:
    code, said = played(folder, processes=2)
    assert (code, said.count("4 passed")) == (0, 1), said
    assert sorted((folder / "collected").read_text().split()) == ["test_one.py", "test_other.py"]
    assert (said.count("made for test_one.py"), said.count("made for test_other.py")) == (1, 1), said


@pytest.mark.long
def test_what_a_process_took_with_it_is_told_and_the_others_go_on(folder: Path) -> None:
    (folder / "test_dying.py").write_text(DYING)
    code, said = played(folder, processes=3)
    assert code == 1 and "5 passed" in said and "3 failed" in said, said
    assert "ValueError: as it should" in said
    assert "nobody said what came of it: a process ended with 3 during test_dying.py::test_dies" in said
    for name in ("fails", "dies", "after"):
        assert f"FAILED test_dying.py::test_{name}" in said


@pytest.mark.long
def test_a_file_is_taken_by_a_process_only_when_it_is_free(toys: Path) -> None:
    meetings = ([("door", "w")], [("door", "r"), ("inner", "w")], [("inner", "r")])
    for name, doors in zip("abc", meetings, strict=True):
        (toys / f"test_{name}.py").write_text(ALONE.format(doors=doors))
    code, said = played(toys, processes=3)
    assert (code, said.count("3 passed")) == (0, 1), said


@pytest.mark.long
@pytest.mark.parametrize("ending", ENDINGS)
def test_however_a_run_ends_what_its_tests_began_is_torn_down(toys: Path, ending: str) -> None:
    for name, mode, ends in zip("ab", "wr", ENDINGS[ending], strict=True):
        (toys / f"test_{name}.py").write_text(KEEPING.format(name=name, mode=mode, ends=ends, teardown="pass"))
    code, said = played(toys, processes=2, options="-x")
    assert code != 0, said
    torn = sorted(each.name for each in toys.iterdir() if each.name.startswith(("session-", "file-", "after-")))
    assert torn == ["file-a", "file-b", "session-a", "session-b"], said


@pytest.mark.long
def test_what_is_being_torn_down_when_the_run_ends_is_torn_down_to_its_end(toys: Path) -> None:
    fails, tears = "open('inner').close(); assert 0", "return"
    for name, mode, ends, teardown in (("a", "w", fails, "pass"), ("b", "r", tears, UNTIL_TOLD)):
        text = KEEPING.format(name=name, mode=mode, ends=ends, teardown=teardown)
        (toys / f"test_{name}.py").write_text(text.partition("def test_after")[0])
    code, said = played(toys, processes=2, options="-x")
    assert (code, said.count("1 failed")) == (1, 1), said
    assert (toys / "file-b").exists() and (toys / "session-b").exists(), said


@pytest.mark.long
def test_a_process_that_ends_well_before_its_time_is_told_whatever_it_leaves_behind(toys: Path) -> None:
    (toys / "conftest.py").write_text(CONFTEST + LATER)
    (toys / "test_leaving.py").write_text(LEAVING)
    code, said = played(toys, processes=1)
    assert code == 1 and "1 passed" in said, said
    assert "nobody said what came of it: a process ended with 0 during test_leaving.py::test_ends_well" in said


@pytest.mark.long
def test_a_session_that_cannot_be_torn_down_is_no_success(toys: Path) -> None:
    (toys / "test_spoiled.py").write_text(SPOILED)
    code, said = played(toys, processes=1)
    assert code == 1 and "ValueError: as it should" in said and "a process ended with 1 during its end" in said, said


@pytest.mark.long
def test_a_debugger_is_refused(toys: Path) -> None:
    (toys / "test_passes.py").write_text("def test_passes(): pass")
    code, said = played(toys, processes=2, options="--pdb")
    assert code == pytest.ExitCode.USAGE_ERROR
    assert "ERROR: a debugger needs the terminal, which --processes shares: leave one of them out" in said
