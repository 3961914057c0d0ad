"""`obsy board` prints a firmware, or says what keeps it from that."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from obsy.cli.board import board
from obsy.engine.runtime.guard.board import firmware
from obsy.errors import UnfitFiles, UserError


@pytest.fixture
def here(root: Path, tmp_path: Path) -> Path:
    """The example, with an output by MQTT."""
    for room in ("site", "library"):
        shutil.copytree(root / room, tmp_path / room)
    (tmp_path / "plans").mkdir()
    (tmp_path / "site" / "house.yaml").write_text("kind: output\nname: house\nwrite: {mqtt: broker.local}\n")
    return tmp_path


def said(here: Path) -> Result:
    return CliRunner().invoke(board, ["roll-off", str(here / "plans"), "--site", "nerpio"], catch_exceptions=False)


def test_the_firmware_is_printed_for_the_observatory_that_a_folder_lies_in(here: Path) -> None:
    result = said(here)
    assert (result.exit_code, result.output) == (0, firmware(here, "nerpio", "roll-off"))
    (here / "site" / "house.yaml").unlink()
    with pytest.raises(UserError, match="would hear nothing"):
        said(here)


def test_no_firmware_is_made_of_files_that_are_unfit(here: Path) -> None:
    (here / "site" / "more.yaml").write_text("kind: enclosure\nname: second\n")
    with pytest.raises(UnfitFiles, match="missing-key"):
        said(here)
