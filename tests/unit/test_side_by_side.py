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


def played(folder: Path, processes: int) -> tuple[int, str]:
    """The exit code of the tests in a folder, and what was said of them."""
    command = [
        sys.executable,
        "-c",
        "import os, pytest; open('parent', 'w').write(str(os.getpid())); exit(pytest.main())",
    ]
    quiet = {
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTEST_ADDOPTS": f"-q -rA -p no:cacheprovider --processes {processes}",
    }
    here = {"PYTHONPATH": str(Path(__file__).parents[2])}
    ended = subprocess.run(
        command,
        check=False,
        cwd=folder,
        env={**os.environ, **quiet, **here},
        capture_output=True,
        text=True,
        timeout=60,
    )
    return ended.returncode, ended.stdout + ended.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "pytest.ini").touch()
    os.mkfifo(tmp_path / "door")
    for name, mode in (("test_one.py", "w"), ("test_other.py", "r")):
        (tmp_path / name).write_text(MEETING.format(name=name, meets="door", mode=mode))
    return tmp_path


def test_files_are_played_side_by_side_each_by_one_process_and_collected_once(folder: Path) -> None:
    code, said = played(folder, processes=2)
    assert (code, said.count("4 passed")) == (0, 1), said
    assert sorted((folder / "collected").read_text().split()) == ["test_one.py", "test_other.py"]
    assert (said.count("made for test_one.py"), said.count("made for test_other.py")) == (1, 1), said


def test_what_a_process_took_with_it_is_told_and_the_others_go_on(folder: Path) -> None:
    (folder / "test_dying.py").write_text(DYING)
    code, said = played(folder, processes=3)
    assert code == 1 and "5 passed" in said and "3 failed" in said, said
    assert "ValueError: as it should" in said
    assert "nobody said what came of it: a process ended with 3 during test_dying.py::test_dies" in said
    for name in ("fails", "dies", "after"):
        assert f"FAILED test_dying.py::test_{name}" in said
