"""The units read as written; renew them with OBSY_RENEW=1."""

import os
from pathlib import Path

from obsy.engine.runtime.guard.units import unit_files

GOLDEN = Path(__file__).parents[4] / "golden" / "units" / "expected.txt"


def test_the_units_read_as_written() -> None:
    found = unit_files(Path("/srv/the hill"), "nerpio", "/usr/bin/python3 -m obsy", "observer")
    if os.environ.get("OBSY_RENEW"):
        GOLDEN.write_text(found)
    assert found == GOLDEN.read_text()


def test_nothing_ends_a_guard_before_its_roofs_are_closed() -> None:
    guard = unit_files(Path("/srv/hill"), None).split("# /etc/")[1]
    assert "TimeoutStopSec=infinity" in guard
    assert "SendSIGKILL=no" in guard
    assert "Restart=always" in guard
    assert "--site" not in guard
