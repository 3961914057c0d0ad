"""What the tests with real parts live in: an observatory of INDI's simulators that leaves nothing behind."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.house import House


def test_a_house_ends_what_began_while_it_was_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    house = House(tmp_path / "here")
    children = [subprocess.Popen(["sleep", "600"], env={**os.environ, **house.surroundings}) for _ in range(2)]
    looked: list[int] = []

    def seen_late(self: House) -> Iterator[int]:
        looked.append(1)
        yield from [each.pid for each in children[: len(looked)] if each.poll() is None]

    monkeypatch.setattr(House, "processes", seen_late)
    try:
        house.end()
        assert [each.wait(10) for each in children] == [-9, -9]
    finally:
        for each in children:
            each.kill()
