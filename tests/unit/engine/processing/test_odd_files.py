"""What cannot be read, is no plain file or is a rehearsal's is told and left alone; all else is taken."""

import errno
import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from obsy.engine.frames import ingest as ingesting
from obsy.engine.frames.data_root import DataRoot
from obsy.engine.identity import SIMULATED
from obsy.engine.processing.brought_in import BroughtIn, FileOutcome
from obsy.engine.processing.foresee import foreseen
from obsy.engine.processing.old_files import Manner, bring_in
from obsy.engine.processing.old_folders import found_in
from obsy.engine.store.store import Store
from obsy.errors import ArchiveError, UserError
from tests.unit.engine.processing.test_old_files import RULES, bring, contents, known, light


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A folder with three frames, between which odd things lie."""
    (folder := tmp_path / "odd").mkdir()
    for number, name in enumerate("adz"):
        (folder / f"{name}.fits").write_bytes(light(number))
    return folder


def rehearsal(**cards: object) -> bytes:
    plain = light(20, **cards)
    remarks = b"".join(f"COMMENT {each}".ljust(80).encode() for each in ("Some other program's", SIMULATED))
    end = plain.index(b"END".ljust(80))
    return (plain[:end] + remarks + b"END".ljust(80)).ljust(2880) + plain[2880:]


def loop(path: Path) -> None:
    path.symlink_to(path)


def nowhere(path: Path) -> None:
    path.symlink_to(path.parent / "gone")


def device(path: Path) -> None:
    path.symlink_to("/dev/null")


def plug(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # a socket's path is short
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(path.name)
    os.chdir(here)


def played(path: Path) -> None:
    path.write_bytes(rehearsal())


def asked(path: Path) -> None:
    path.write_bytes(rehearsal(OBSYPLAN="'m31'", OBSYGOAL="'L-60s'"))


ODD: dict[Callable[[Path], None], str] = {
    loop: "unreadable",
    nowhere: "unreadable",
    device: "not-a-file",
    os.mkfifo: "not-a-file",
    plug: "not-a-file",
    played: "rehearsal",
    asked: "rehearsal",
}


@pytest.mark.parametrize("manner", list(Manner))
@pytest.mark.parametrize("make", list(ODD))
def test_an_odd_file_is_left_alone_with_its_reason_and_all_others_are_taken(
    old: Path, tmp_path: Path, make: Callable[[Path], None], manner: Manner
) -> None:
    make(old / "b.fits")
    told = foreseen(found_in([old], tmp_path / "data").files, DataRoot(tmp_path / "data"), RULES)
    found = bring(old, data := tmp_path / "data", manner)
    assert_left(found, ODD[make])
    assert [(each.outcome, each.code) for each in told] == [(each.outcome, each.code) for each in found]
    assert os.path.lexists(old / "b.fits")
    assert not (data / "quarantine").exists() or not contents(data / "quarantine")
    assert len(contents(data / "archive")) == len(known(data)[0]) == 3


def assert_left(found: list[BroughtIn], code: str) -> None:
    outcomes = {each.path.name: (each.outcome, each.code) for each in found}
    assert outcomes == {
        "a.fits": (FileOutcome.TAKEN, ""),
        "b.fits": (FileOutcome.LEFT, code),
        "d.fits": (FileOutcome.TAKEN, ""),
        "z.fits": (FileOutcome.TAKEN, ""),
    }


def failing(path: Path, number: int) -> Callable[..., object]:
    """What opens files as Python does, but fails for one."""

    def opened(this: Path, *arguments: object, **more: object) -> object:
        if this == path:
            raise OSError(number, os.strerror(number))
        return ingesting_opened(this, *arguments, **more)

    ingesting_opened = ingesting.opened
    return opened


def test_a_file_that_cannot_be_read_keeps_no_other_out(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (old / "b.fits").write_bytes(light(9))
    monkeypatch.setattr(ingesting, "opened", failing(old / "b.fits", errno.EIO))
    assert_left(bring(old, tmp_path / "data", Manner.MOVE), "unreadable")
    assert set(contents(old)) == {"b.fits"}
    monkeypatch.undo()
    assert len(bring(old, tmp_path / "data")) == 1
    assert len(known(tmp_path / "data")[1]) == 4


def test_a_file_that_can_have_no_second_name_keeps_no_other_out(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (old / "b.fits").write_bytes(light(9))
    linked = Path.hardlink_to

    def across(self: Path, target: Path) -> None:
        if target.name == "b.fits":
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        linked(self, target)

    monkeypatch.setattr(Path, "hardlink_to", across)
    found = bring(old, tmp_path / "data", Manner.LINK)
    assert_left(found, "no-link")
    assert "--copy" in found[1].reason


def test_what_came_before_the_disk_was_full_is_known_and_told(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (data := tmp_path / "data").mkdir()
    room = ingesting._require_room

    def full(archive: Path, size: int, reserve: float) -> None:
        if len(contents(archive)) == 2:
            raise ArchiveError("make room")
        room(archive, size, reserve)

    monkeypatch.setattr(ingesting, "_require_room", full)
    told: list[BroughtIn] = []
    with Store(data / "store.sqlite") as store, pytest.raises(ArchiveError, match="make room"):
        told.extend(bring_in(found_in([old], data).files, store, RULES, Manner.MOVE))
    assert [each.path.name for each in told] == ["a.fits", "d.fits"]
    assert set(contents(old)) == {"z.fits"}
    assert [len(each) for each in known(data)] == [2, 2]


def test_what_cannot_be_removed_is_told(old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unlinked = Path.unlink

    def read_only(path: Path, *, missing_ok: bool = False) -> None:
        if path.parent == old:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        unlinked(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", read_only)
    found = bring(old, tmp_path / "data", Manner.MOVE)
    assert [(each.outcome, each.kept) for each in found] == [(FileOutcome.TAKEN, "Permission denied")] * 3


@pytest.mark.parametrize("manner", [Manner.COPY, Manner.MOVE])
def test_a_file_that_is_replaced_before_it_is_copied_is_not_filed_as_what_it_was(
    old: Path, tmp_path: Path, manner: Manner, monkeypatch: pytest.MonkeyPatch
) -> None:
    (new := tmp_path / "new").write_bytes(light(30, OBJECT="'M 42'"))
    copied = ingesting.copy

    def late(source: Path, *arguments: object, **more: object) -> object:
        if source.name == "d.fits" and new.exists():
            new.replace(source)
        return copied(source, *arguments, **more)

    monkeypatch.setattr(ingesting, "copy", late)
    found = bring(old, data := tmp_path / "data", manner)
    assert found[1].outcome is FileOutcome.GONE
    again = bring(old, data, manner)
    assert {each.frame.object for each in again if each.path.name == "d.fits" and each.frame} == {"M 42"}
    assert len(contents(data / "archive")) == 3


def test_what_is_passed_by_is_counted(old: Path, tmp_path: Path) -> None:
    for name in ("deep", "data/simulated", "data/real", "other/real"):
        (old / name).mkdir(parents=True)
        (old / name / "b.fits").write_bytes(light(8))
    (old / "link").symlink_to(old / "deep")
    (old / ".hidden.fits").write_bytes(b"")
    found = found_in([old], *DataRoot.own(old, "data"), *DataRoot.own(old, "other"))
    assert [each.relative_to(old).as_posix() for each in found.files] == ["a.fits", "d.fits", "z.fits", "deep/b.fits"]
    assert found.passed == {"hidden file": 1, "link to a folder": 1, "folder of obsy's own data": 2}
    with pytest.raises(UserError, match="obsy rebuild"):
        found_in([old / "data" / "simulated"], *DataRoot.own(old, "data"))


def test_data_beside_the_declared_files_leaves_what_else_lies_there_to_be_taken(old: Path) -> None:
    assert DataRoot.own(old, ".") == (old / "real", old / "simulated")
    assert DataRoot.own(old, "data") == (old / "data",)


def test_a_folder_that_cannot_be_read_is_told(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (old / "shut").mkdir()
    scanned = os.scandir

    def scandir(folder: Path) -> object:
        if Path(folder).name == "shut":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))
        return scanned(folder)

    monkeypatch.setattr(os, "scandir", scandir)
    assert found_in([old]).unread == [f"{old / 'shut'}: Permission denied"]


def test_a_pipe_that_is_named_itself_is_told_of(tmp_path: Path) -> None:
    os.mkfifo(pipe := tmp_path / "p")
    assert found_in([pipe]).files == [pipe]


def test_a_frame_of_ours_is_linked_too(old: Path, tmp_path: Path) -> None:
    shutil.rmtree(old)
    old.mkdir()
    (old / "a.fits").write_bytes(light(1, OBSYPLAN="'m31'", OBSYGOAL="'L-60s'"))
    (only,) = bring(old, tmp_path / "data", Manner.LINK)
    assert only.frame is not None
    assert only.frame.path.samefile(only.path)
