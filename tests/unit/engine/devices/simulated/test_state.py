"""What is written down of the simulated hardware, and what becomes of a file that cannot be read."""

from pathlib import Path

import pytest

from obsy.engine.devices.simulated.state import HardwareRecord, Motion
from obsy.errors import UserError

EARLIER = b'{"roof": {"origin": 0, "goal": 1}, "mount": {"parked": true}, "collisions": []}'


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    truth = HardwareRecord(roofs={"roll-off": Motion(origin=0, goal=1, begin_s=5, end_s=50)}, refusals=("one",))
    truth.write(tmp_path / "world.json")
    assert HardwareRecord.read(tmp_path / "world.json") == truth


def test_on_the_first_day_nothing_is_known(tmp_path: Path) -> None:
    assert HardwareRecord.read(tmp_path / "world.json") == HardwareRecord()


@pytest.mark.parametrize("content", [EARLIER, b"", b"{", b"[1, 2]", b"\xff\x00", b'{"roofs": {"a": {"origin": "x"}}}'])
def test_a_file_that_cannot_be_read_is_kept_aside_and_the_next_start_is_anew(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "world.json"
    for number in (1, 2):
        path.write_bytes(content)
        with pytest.raises(UserError, match=rf"world\.json says how .* now world-{number}\.old: give the"):
            HardwareRecord.read(path)
        assert HardwareRecord.read(path) == HardwareRecord()
        assert (tmp_path / f"world-{number}.old").read_bytes() == content
