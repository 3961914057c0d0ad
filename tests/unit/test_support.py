"""What every test relies on: loops that end, golden files that CI does not write, and a limit for each test."""

import ast
import asyncio
import gc
import os
import socket
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.conftest import is_left_out, pytest_ignore_collect
from tests.support.cases import mostly_long, some_of_each
from tests.support.ci import is_ci
from tests.support.golden import assert_golden
from tests.support.indi import IndiServer
from tests.support.phd2 import Phd2Peer
from tests.support.waiting import wait_until

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
WAITS = {"waiting.py", "time_limit.py", Path(__file__).name}
"""What others wait by, and this file."""
TESTS = [path for path in sorted((ROOT / "tests").rglob("*.py")) if path.name not in WAITS]


def code(text: str) -> Iterator[ast.AST]:
    """The nodes of a module, and of each text in it that is a program by itself."""
    for node in ast.walk(ast.parse(text)):
        yield node
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "while " in node.value:
            try:
                yield from ast.walk(ast.parse(node.value))
            except SyntaxError:  # a sentence with the word in it
                continue


def polls(text: str) -> list[int]:
    """The lines of loops that sleep until something comes, and have no deadline."""
    if "while " not in text or "sleep(" not in text:  # to read them all takes a second
        return []
    loops = [node for node in code(text) if isinstance(node, ast.While) and "monotonic()" not in ast.unparse(node.test)]
    return [loop.lineno for loop in loops if any(is_sleep(node) for node in ast.walk(loop))]


def is_sleep(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) in {"time.sleep", "sleep"}


def test_no_test_polls_without_a_deadline() -> None:
    assert polls("while not ready():\n    time.sleep(0.1)\n") == [1]
    assert polls("PROGRAM = '''\nwhile True:\n    time.sleep(1)\n'''\n") == [2]
    assert {str(p.relative_to(ROOT)): found for p in TESTS if (found := polls(p.read_text("utf-8")))} == {}


BY_PATH = ("spec_from_file" + "_location", "SourceFile" + "Loader", "sys.path" + ".insert")


def test_what_tests_share_is_imported_and_never_loaded_by_the_path_of_its_file() -> None:
    found = {str(path.relative_to(ROOT)) for path in TESTS if any(way in path.read_text("utf-8") for way in BY_PATH)}
    assert found == set()


def test_what_is_left_out_on_other_pythons_asks_no_room_of_the_product() -> None:
    left_out = [path for path in TESTS if "\npytestmark = pytest.mark.once" in path.read_text("utf-8")]
    assert len(left_out) >= 7
    for path in left_out:
        nodes = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ImportFrom)]
        names = [f"{node.module}.{alias.name}" for node in nodes for alias in node.names]
        assert {name for name in names if name.startswith("obsy.")} <= {"obsy.__version__"}, path


@pytest.mark.parametrize(
    ("text", "left_out"),
    [
        ("import pytest\n\npytestmark = pytest.mark.slow\n", True),
        ("pytestmark = pytest.mark.slow(minutes=0.3)\n", True),
        ("pytestmark = [\n    pytest.mark.once,\n    pytest.mark.real,\n]\n", True),
        ("pytestmark = pytest.mark.once\n", False),
        ('FILE = """\npytestmark = pytest.mark.slow\n"""\n', False),
        ('FILE = """\npytestmark = pytest.mark.slow\n"""\npytestmark = pytest.mark.real\n', True),
        ("@pytest.mark.slow\ndef test_it():\n    pass\n", False),
    ],
)
def test_the_fast_tests_leave_out_a_file_that_has_none_of_them(text: str, left_out: bool, tmp_path: Path) -> None:
    def ignored(name: str, marks: str) -> bool | None:
        (tmp_path / name).write_text(text, "utf-8")
        return pytest_ignore_collect(tmp_path / name, SimpleNamespace(option=SimpleNamespace(markexpr=marks)))  # type: ignore[arg-type]

    assert is_left_out(text) is left_out
    assert ignored("test_it.py", "not slow and not real") is (left_out or None)
    assert ignored("test_it.py", "slow and not real") is None
    assert ignored("it.py", "not slow and not real") is None


@pytest.mark.parametrize(
    ("count", "kept"), [(0, []), (1, [0]), (3, [0, 1, 2]), (4, [0, 2, 3]), (5, [0, 2, 4]), (178, [0, 88, 177])]
)
def test_on_another_python_three_cases_of_each_test_are_tried_from_its_first_to_its_last(
    count: int, kept: list[int]
) -> None:
    items: list[Any] = [SimpleNamespace(nodeid=f"test_it.py::test_many[{case}]") for case in range(count)]
    other: list[Any] = [SimpleNamespace(nodeid="test_it.py::test_one"), SimpleNamespace(nodeid="test_it.py::test_ones")]
    assert some_of_each([*items, *other]) == [*(items[at] for at in kept), *other]


def test_of_many_cases_the_first_and_each_so_many_after_it_are_fast_and_none_is_lost() -> None:
    every = mostly_long([*range(7)], 3)
    assert [case for case in every if isinstance(case, int)] == [0, 3, 6]
    late = [case for case in every if not isinstance(case, int)]
    assert [case.values for case in late] == [(1,), (2,), (4,), (5,)]
    assert {mark.name for case in late for mark in case.marks} == {"long"}


def test_waiting_gives_back_what_came() -> None:
    answers = iter(["", "", "here"])
    assert wait_until(lambda: next(answers), every_s=0.001) == "here"


def test_waiting_ends() -> None:
    with pytest.raises(TimeoutError, match="nothing came within 0.02 s; the last answer was 0"):
        wait_until(lambda: 0, within_s=0.02, every_s=0.001)


def test_a_golden_file_is_compared_and_renewed_only_when_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    golden = tmp_path / "case" / "expected.txt"
    monkeypatch.setenv("OBSY_RENEW", "1")
    assert_golden("said\n", golden)
    monkeypatch.delenv("OBSY_RENEW")
    assert_golden("said\n", golden)
    with pytest.raises(AssertionError):
        assert_golden("said otherwise\n", golden)
    assert golden.read_text() == "said\n"


def pytest_run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """A run of pytest of its own on this file's first test."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        *arguments,
        f"{__file__}::test_waiting_ends",
    ]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "CI", "OBSY"))}
    return subprocess.run(
        command, cwd=ROOT, env=inherited | settings, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.mark.parametrize(("said", "so"), [("true", True), ("1", True), ("", False), ("0", False), ("False", False)])
def test_what_a_service_writes_into_ci_says_that_it_is_one(
    said: str, so: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", said)
    assert is_ci() is so


def test_renewing_is_refused_in_ci() -> None:
    told = pytest_run(CI="true", OBSY_RENEW="1")
    assert told.returncode == pytest.ExitCode.USAGE_ERROR
    assert "OBSY_RENEW is refused in CI" in told.stdout + told.stderr


def test_every_test_has_a_limit_and_a_whole_night_a_longer_one(pytestconfig: pytest.Config) -> None:
    assert float(pytestconfig.getini("timeout")) == 300
    told = pytest_run("--timeout=0.01", "--override-ini=timeout_func_only=true")  # which waits for 0.02 s
    assert told.returncode == pytest.ExitCode.TESTS_FAILED
    assert "Timeout" in told.stdout


@pytest.mark.usefixtures("own_garbage")
def test_whoever_is_let_in_as_a_peer_closes_leaves_no_open_line() -> None:
    async def meet(peer: Any, port: Callable[[], int], turns: int) -> None:
        async with peer:
            line = socket.create_connection(("127.0.0.1", port()))
            for _ in range(turns):
                await asyncio.sleep(0)
        line.close()

    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        for turns in range(5):
            server, guider = IndiServer(), Phd2Peer()
            asyncio.run(meet(server, lambda server=server: server.port, turns))
            asyncio.run(meet(guider.listening(), lambda guider=guider: guider.port, turns))
        gc.collect()
    assert [str(each.message) for each in told] == []
