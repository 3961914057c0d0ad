"""The units read as written; renew them with OBSY_RENEW=1."""

import getpass
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

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
    assert " -P -m obsy guard " in guard, "no file of the folder stands for one of Python's"
    assert "Type=notify" in guard
    assert "WatchdogSec=30" in guard


def test_a_word_is_one_whatever_it_holds() -> None:
    said = unit_files(Path('/srv/50 % "of" $HOME\\'), None, "obsy", "observer")
    assert 'ExecStart=obsy guard "/srv/50 %% \\"of\\" $$HOME\\\\"\n' in said
    assert 'WorkingDirectory=/srv/50 %% "of" $HOME\\\n' in said


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
@pytest.mark.parametrize("name", ["hill", "the 50% hill's"])
def test_systemd_takes_the_units(tmp_path: Path, name: str) -> None:
    (folder := tmp_path / name).mkdir()
    said = unit_files(folder, "nerpio", user=getpass.getuser())
    files = dict(re.findall(r"(?m)^# /etc/systemd/system/(\S+)\n((?:(?!# /etc/).*\n?)*)", said))
    assert list(files) == ["obsy-guard.service", "obsy-night.service", "obsy-night.timer"]
    for unit, text in files.items():
        (tmp_path / unit).write_text(text)
    command = ["systemd-analyze", "verify", *(str(tmp_path / unit) for unit in files)]
    found = subprocess.run(command, check=False, capture_output=True, text=True)
    assert [line for line in found.stderr.splitlines() if "obsy-" in line] == []
