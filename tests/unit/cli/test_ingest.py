"""`obsy ingest`: a folder of old files, and what a person and a machine are told of it."""

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from obsy.cli.ingest import ingest
from obsy.engine.declare.survey import complaints, declare
from obsy.engine.frames.ingest import Fetched
from obsy.engine.processing import intake, old_files
from obsy.engine.starting import train_files
from obsy.errors import ArchiveError, UserError
from tests.unit.engine.processing.test_old_files import light


@pytest.fixture
def old(here: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "old"
    folder.mkdir()
    for number in range(3):
        (folder / f"light {number}.fit").write_bytes(light(number))
    (folder / "again.fits").write_bytes(light(0))
    (folder / "cut.fits").write_bytes(light(5)[:-4000])
    (folder / "local.fits").write_bytes(light(6, **{"DATE-OBS": "'2024-11-22 T01:00:00'"}))
    (folder / "notes.txt").write_text("clear")
    return folder


def told(*arguments: str, code: int = 0) -> str:
    said = CliRunner().invoke(ingest, list(arguments))
    assert said.exit_code == code, said.output
    return said.output


def test_a_dry_run_says_what_would_become_of_each_and_writes_nothing(here: Path, old: Path) -> None:
    lines = told(str(old), "--dry-run").splitlines()
    assert lines[0] == "6 files: 4 to take into the archive, 1 with the content of another file, 1 to put aside"
    assert lines[1].split() == ["2024-11-21", "M", "31", "L", "4", "x", "60", "s", "4", "min", "no", "train"]
    assert lines[-1] == "Nothing was written. The same command without --dry-run does it."
    assert not (here / "data").exists()


def test_a_person_reads_what_was_taken_what_was_not_and_why(here: Path, old: Path) -> None:
    said = told(str(old))
    assert said.startswith("6 files: 4 taken into the archive, 1 with the content of another file, 1 put aside\n")
    assert "put aside, 1 x truncated: it ends before the end that its own header promises" in said
    assert "     1 x no-zone: its DATE-OBS names no zone: taken for UTC" in said
    assert "left alone, as no FITS files: 1 .txt" in said
    assert "no train: none of the declared ones" in said
    assert len(list((here / "data" / "real" / "archive").rglob("*.fits"))) == 4
    assert told(str(old)).startswith("6 files: 5 there already, 1 put aside\n")


def test_a_machine_is_told_of_each_file(here: Path, old: Path) -> None:
    found = json.loads(told(str(old), "--move", "--json"))
    assert found["counts"] == {"taken": 4, "duplicate": 1, "aside": 1}
    by_name = {Path(each["path"]).name: each for each in found["files"]}
    assert by_name["cut.fits"]["code"] == "truncated"
    assert by_name["local.fits"]["repairs"] == ["no-zone"]
    assert Path(by_name["light 0.fit"]["archived"]).read_bytes() == light(0)
    assert [path.name for path in old.iterdir()] == ["notes.txt"]


def test_a_folder_without_frames_says_so(here: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert told(str(tmp_path / "empty")) == "There is no FITS file there.\n"


def test_files_of_one_code_are_told_by_each_of_its_reasons(here: Path, tmp_path: Path) -> None:
    (old := tmp_path / "old").mkdir()
    for number in range(5):
        (old / f"made {number}.fits").write_bytes(light(number, RAWSHA="'0123'"))
    (old / "maxim.fits").write_bytes(light(5, CALSTAT="'BDF'"))
    for number in range(6, 20):
        (old / f"selfie {number}.fits").write_bytes(light(number, IMAGETYP=f"'Selfie {number}'"))
    (old / "link.fits").symlink_to(tmp_path / "unplugged.fits")
    said = told(str(old), code=1)
    words = "the archive takes exposures as the camera gave them\n"
    assert f"put aside, 5 x is-a-product: RAWSHA names what obsy made it of; {words}" in said
    assert f"put aside, 1 x is-a-product: CALSTAT 'BDF' says that it is calibrated; {words}" in said
    assert f"{old}/made 2.fits\n  and 2 more\n" in said
    assert "put aside for other reasons, 4 x unknown-kind\n" in said
    assert f"left alone, 1 x unreadable: it is a link to nothing\n  {old}/link.fits\n" in said
    assert "made 3" not in said


def test_a_dry_run_says_that_files_would_go(here: Path, old: Path) -> None:
    last = told(str(old), "--dry-run", "--move").splitlines()[-1]
    assert last.endswith("without --dry-run does it, and removes each file once its copy is proven.")


def test_a_file_cannot_both_stay_and_go(here: Path, old: Path) -> None:
    for manners in (["--move", "--copy"], ["--link", "--move"]):
        said = CliRunner().invoke(ingest, [str(old), *manners])
        assert said.exit_code == 2
        assert f"{' and '.join(sorted(manners))} say different things: give one of them" in said.output
    assert not (here / "data").exists()


def test_what_cannot_be_read_is_told_and_leaves_the_exit_code_at_1(here: Path, old: Path) -> None:
    (old / "link.fits").symlink_to(old / "gone")
    os.mkfifo(old / "pipe.fits")
    said = told(str(old), code=1)
    assert said.startswith("8 files: 4 taken into the archive, 1 with the content of another file, 1 put aside, 2 left")
    assert "\nleft alone, 1 x unreadable: it is a link to nothing\n" in said
    assert "\nleft alone, 1 x not-a-file: it is no file, but a pipe or a device\n" in said


def test_what_cannot_be_removed_is_counted(here: Path, old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_only(source: Path, _: object) -> bool:
        if source.name == "again.fits":
            raise PermissionError(13, "Permission denied")
        return release(source, _)

    release = old_files.release
    monkeypatch.setattr(old_files, "release", read_only)
    said = told(str(old), "--move", code=1)
    assert "\n1 could not be removed: Permission denied\n" in said
    assert "What is removed had its copy proven first." in said
    assert {path.name for path in old.iterdir()} == {"again.fits", "notes.txt"}


def test_neither_the_archive_nor_a_rehearsal_is_brought_in(here: Path, old: Path) -> None:
    told(str(old))
    (rehearsed := here / "data" / "simulated" / "archive").mkdir(parents=True)
    (rehearsed / "played.fits").write_bytes(light(9))
    assert "1 x folder of obsy's own data" in (said := told(".", "--move"))
    assert said.startswith("6 files: 5 there already, 1 put aside\n")
    assert (rehearsed / "played.fits").exists()
    with pytest.raises(UserError, match="obsy rebuild"):
        CliRunner().invoke(ingest, ["data"], catch_exceptions=False)


def test_what_came_before_the_archive_was_full_is_told_before_the_refusal(
    here: Path, old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(found: Fetched, *more: Any) -> object:
        if found.frame.path.name == "light 2.fit":
            raise ArchiveError("the disk is full; make room")
        return shelve(found, *more)

    shelve = intake.shelve
    monkeypatch.setattr(intake, "shelve", full)
    said = CliRunner().invoke(ingest, [str(old)])
    assert said.exit_code == 3
    taken = "4 files: 2 taken into the archive, 1 with the content of another file, 1 put aside\n"
    assert said.output.startswith(taken)
    assert said.output.endswith("obsy: the disk is full; make room\n")
    monkeypatch.undo()
    monkeypatch.chdir(here)
    assert told(str(old)).startswith("6 files: 2 taken into the archive, 3 there already, 1 put aside\n")


ASI = {"INSTRUME": "'ASI: #2600'", "XPIXSZ": 7.52, "XBINNING": 2, "YBINNING": 2, "FOCALLEN": 530.0, "GAIN": 100}


@pytest.mark.long
def test_a_camera_that_nobody_declared_is_proposed_then_declared_and_has_its_frames(here: Path, tmp_path: Path) -> None:
    (old := tmp_path / "old").mkdir()
    (old / "a.fits").write_bytes(light(1, **ASI))
    (old / "b.fits.gz").write_bytes(gzip.compress(light(2, **ASI)))
    (old / "c.fits").write_bytes(light(3, INSTRUME="'cam'", NAXIS1=32, NAXIS2=96))
    (old / "cut.fits").write_bytes(light(4, **ASI)[:-4000])
    before = sorted(path for path in here.rglob("*.yaml"))
    said = told(str(old), "--declare", "--dry-run")
    assert "site/asi-2600.yaml, the train of 2 frames, would be written\n  # The optical train" in said
    assert '    model: "ASI: #2600"\n    size: 128 x 96 px\n    pixel: 3.76 um\n' in said
    assert "    gain: 100   # 2 frames\n" in said
    assert '\n  retired: "2024-11-22" ' in said
    assert "is of 2024-11-21, so it says 'retired: 2024-11-22', and no night counts on it:\n  remove that line" in said
    assert "read noise, dark current, full well, pedestal, download, timeout and panel\n" in said
    assert "no train for cam, 1 frame: no header has the size of a pixel (XPIXSZ): declare its train by hand\n" in said
    assert before == sorted(path for path in here.rglob("*.yaml"))
    found = json.loads(told(str(old), "--declare", "--json"))
    assert [each["file"] for each in found["declared"]["trains"]] == ["site/asi-2600.yaml"]
    assert complaints(here, here / "plans") == []
    observatory = declare(here, here / "plans")
    assert [each.name for each in observatory.retired] == ["asi-2600"]
    assert "asi-2600" not in [each.name for each in observatory.instruments]
    assert [each["train"] for each in found["files"] if each["outcome"] == "taken"] == ["asi-2600", "asi-2600", None]
    assert "no train to declare" not in told(str(old), "--declare")  # c.fits still has none
    assert len(list((here / "site").glob("asi*"))) == 1


@pytest.mark.long
def test_what_would_not_be_well_is_no_train_and_keeps_no_other_from_being_one(here: Path, tmp_path: Path) -> None:
    (old := tmp_path / "old").mkdir()
    (old / "a.fits").write_bytes(light(1, **ASI))
    (old / "b.fits").write_bytes(light(2, **ASI | {"INSTRUME": "'Metre'", "FOCALLEN": 0.8}))
    words = "no train for Metre, 1 frame: its headers make no train, aperture: '0.16 mm'; expected: a length, at least"
    assert words in told(str(old), "--declare", "--dry-run")
    assert words in told(str(old), "--declare")
    assert [path.name for path in (here / "site").glob("*m*e*tr*")] == []
    assert (here / "site" / "asi-2600.yaml").exists()
    assert complaints(here, here / "plans") == []


def test_a_train_that_cannot_be_written_leaves_nothing_behind(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (old := tmp_path / "old").mkdir()
    (old / "a.fits").write_bytes(light(1, **ASI))

    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(train_files, "write_whole", full)
    with pytest.raises(UserError, match="No space left on device; make room"):
        CliRunner().invoke(ingest, [str(old), "--declare"], catch_exceptions=False)
    assert complaints(here, here / "plans") == []
    monkeypatch.undo()
    monkeypatch.chdir(here)
    assert "site/asi-2600.yaml, the train of 1 frame, is written" in told(str(old), "--declare")
