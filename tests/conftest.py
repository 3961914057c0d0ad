"""What every test stands on: no network, repeatable examples, and real parts that are never missed in silence."""

import os
import shutil
import socket
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

REAL_PARTS = ("kstars", "indiserver", "Xvfb", "dbus-daemon")
INTERNET = (socket.AF_INET, socket.AF_INET6)

# Derandomised, so that a red run can be had again; without a deadline, since two cores are shared.
settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the repository."""
    return Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any connection that would leave this machine fails the test."""
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: Any) -> None:
        if self.family in INTERNET and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise OSError(f"a test asked the network for {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect_here)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test marked `real` is skipped with its reason where its parts are missing; in CI that is a failure."""
    if item.get_closest_marker("real") is None:
        return
    if missing := [program for program in REAL_PARTS if shutil.which(program) is None]:
        reason = f"{', '.join(missing)} not installed; scripts/real-parts.sh installs what is needed"
        if os.environ.get("CI") == "true":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
