"""What files are for that EKOS took: known by their folder, also to the process that comes after a crash."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest

from obsy.engine.events.frames import FramesAsked
from obsy.engine.identity import Identity
from obsy.engine.journal import Journal
from obsy.engine.runtime.setup import Tickets

ASKED = Identity(site="hill", train="newton", plan="m31", goal="L-180s", block="20261121T193000Z", commit="a-dirty")


@pytest.fixture
def journals(tmp_path: Path) -> Path:
    for day, folder, asked in ((20, "block-0", Identity(plan="m42")), (21, "block-1", ASKED)):
        with Journal(tmp_path / "journal" / f"2026-11-{day}.jsonl", f"2026-11-{day}") as journal:
            journal.write(datetime(2026, 11, day, 20, tzinfo=UTC), FramesAsked(folder=folder, **asdict(asked)))
    return tmp_path / "journal"


def test_a_file_is_for_what_its_folder_was_asked_for(tmp_path: Path) -> None:
    tickets = Tickets(tmp_path / "incoming", tmp_path / "journal")
    tickets.add("block-1", ASKED)
    assert tickets.asked(tmp_path / "incoming" / "block-1" / "a.fits") == ASKED


@pytest.mark.parametrize(("folder", "plan"), [("block-0", "m42"), ("block-1", "m31"), ("by-hand", None)])
def test_a_later_process_reads_every_nights_tickets(
    tmp_path: Path, journals: Path, folder: str, plan: str | None
) -> None:
    tickets = Tickets(tmp_path / "incoming", journals)
    assert tickets.asked(tmp_path / "incoming" / folder / "a.fits").plan == plan


def test_a_folder_that_is_asked_for_after_a_look_is_known_from_then_on(tmp_path: Path, journals: Path) -> None:
    tickets = Tickets(tmp_path / "incoming", journals)
    path = tmp_path / "incoming" / "block-2" / "a.fits"
    assert tickets.asked(path) == Identity()
    tickets.add("block-2", ASKED)
    assert tickets.asked(path) == ASKED


def test_a_file_in_no_folder_was_not_asked_for(tmp_path: Path) -> None:
    assert Tickets(tmp_path / "journal", tmp_path / "journal").asked(tmp_path / "journal" / "a.fits") == Identity()
