"""`obsy board` prints a firmware, or says what keeps it from that."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from obsy.cli.board import board
from obsy.engine.runtime.guard.board import firmware
from obsy.errors import UserError


def test_the_firmware_is_printed_for_the_observatory_that_a_folder_lies_in(root: Path, tmp_path: Path) -> None:
    shutil.copytree(root / "site", tmp_path / "site")
    (tmp_path / "plans").mkdir()
    asked = ["roll-off", str(tmp_path / "plans"), "--site", "nerpio"]
    with pytest.raises(UserError, match="would hear nothing"):
        CliRunner().invoke(board, asked, catch_exceptions=False)
    (tmp_path / "site" / "house.yaml").write_text("kind: output\nname: house\nwrite: {mqtt: broker.local}\n")
    said = CliRunner().invoke(board, asked, catch_exceptions=False)
    assert (said.exit_code, said.output) == (0, firmware(tmp_path, "nerpio", "roll-off"))
