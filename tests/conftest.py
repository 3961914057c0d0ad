"""What every test stands on: no network, repeatable examples, and real parts that are never missed in silence."""

import ast
import gc
import os
import re
import shutil
import socket
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

import obsy  # noqa: F401  before the first test asks for numpy: it reads but then how many threads it may have
from tests.support import side_by_side
from tests.support.cases import some_of_each
from tests.support.ci import is_ci
from tests.support.effort import EFFORT, EXPLORED

REAL_PARTS = ("kstars", "indiserver", "Xvfb", "dbus-daemon")
INTERNET = (socket.AF_INET, socket.AF_INET6)

LEFT_OUT = re.compile(r"^pytestmark = (\[[^\]]*|.*)\bmark\.(slow|real)\b", re.MULTILINE)
"""How a file says that no test in it is a fast one."""

SLOW_S = 1200
"""No whole night takes so long, not even in CI; pyproject.toml has the limit of the others."""

# Derandomised, so that a red run can be had again; without a deadline, since two cores are shared.
settings.register_profile("house", deadline=None, derandomize=True, max_examples=EXPLORED // 4)
# `make explore` looks elsewhere each time: at the examples that follow from --hypothesis-seed, which it prints.
settings.register_profile("explore", deadline=None, print_blob=True, max_examples=EXPLORED * EFFORT)
# `make pythons` tries a Python, not the laws, which the fast tests have tried on one: a few examples show what it reads
# otherwise.
settings.register_profile("pythons", deadline=None, derandomize=True, max_examples=EXPLORED // 20)
# `make fast` is played again and again: the same run of CI that plays it explores each law on ten times as many.
settings.register_profile("fast", deadline=None, derandomize=True, max_examples=EXPLORED // 10)
LAWS = os.environ.get("OBSY_LAWS", "house")
settings.load_profile(LAWS)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a lane be played on several processes that share one collection."""
    side_by_side.add_option(parser)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Play the tests side by side, where that was asked."""
    return side_by_side.play(session)


def pytest_configure() -> None:
    """CI compares golden files, and never writes them."""
    if os.environ.get("OBSY_RENEW") and is_ci():
        raise pytest.UsageError("OBSY_RENEW is refused in CI: renew the golden files by hand, and read the diff")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """The fast tests load no file that has none of them."""
    if "not slow and not real" not in config.option.markexpr or not collection_path.name.startswith("test_"):
        return None
    return is_left_out(collection_path.read_text(encoding="utf-8")) or None


def is_left_out(text: str) -> bool:
    """Whether a file of tests marks all of them so; a line of a text in it, such as of a file that it writes, is none.

    Only where the cheap search hits is the file parsed.
    """
    return LEFT_OUT.search(text) is not None and any(
        LEFT_OUT.match(ast.unparse(node)) for node in ast.parse(text).body if isinstance(node, ast.Assign)
    )


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Let no search for garbage look through what is loaded and collected: it stays to the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(20_000)  # a test makes much garbage, and little that only a search would find
        gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What plays whole nights, or real parts, gets a longer limit; the longest begins first, so that no core waits."""
    if LAWS == "pythons":
        some = some_of_each(items)
        config.hook.pytest_deselected(items=[*set(items) - set(some)])
        items[:] = some
    for item in items:
        if item.get_closest_marker("slow") or item.get_closest_marker("real"):
            item.add_marker(pytest.mark.timeout(SLOW_S))
    items.sort(key=minutes, reverse=True)


def minutes(item: pytest.Item) -> float:
    """How long the tests of a file take that says so: one process plays them all."""
    slow = item.get_closest_marker("slow")
    return float(slow.kwargs.get("minutes", 0)) if slow else 0.0


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the repository."""
    return Path(__file__).resolve().parents[1]


@pytest.fixture
def own_garbage() -> None:
    """Let a search for garbage find what the test itself leaves, and not go through all that is older: 0.4 s.

    Asked for by `usefixtures`, it comes before all that the test is handed.
    """
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Any connection that would leave this machine fails the test."""
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: Any) -> None:
        if self.family in INTERNET and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise OSError(f"a test asked the network for {address[0]}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(socket.socket, "connect", connect_here)
        yield


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test marked `real` is skipped with its reason where its parts are missing; in CI that is a failure."""
    if item.get_closest_marker("real") is None:
        return
    if missing := [program for program in REAL_PARTS if shutil.which(program) is None]:
        reason = f"{', '.join(missing)} not installed; scripts/real-parts.sh installs what is needed"
        if is_ci():
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
