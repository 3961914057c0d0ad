"""What a file is made of is found out without harm."""

import json
import os
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from obsy.engine.importing.given import GivenFile, text_of
from obsy.errors import UserError


def test_an_export_of_the_target_scheduler_is_read_from_its_zip(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as folder:
        folder.writestr("projects.json", "[1]")
        folder.writestr("exposureTemplates.json", "[2]")
        folder.writestr("readme.txt", "no JSON")
    assert json.loads(text_of(tmp_path / "export.zip")) == {"projects.json": [1], "exposureTemplates.json": [2]}


def test_a_zip_that_would_grow_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("obsy.engine.importing.given.MOST_BYTES", 1000)
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as folder:
        folder.writestr("projects.json", "0" * 100_000)
    with pytest.raises(UserError, match="holds more than"):
        text_of(tmp_path / "bomb.zip")


@pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_zip_that_is_damaged_anywhere_is_read_or_refused(packing: int, tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w", packing) as folder:
        folder.writestr("a.json", str(list(range(300))))
    whole = file.read_bytes()
    for place in range(4, len(whole), 7):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        with suppress(UserError):
            text_of(file)


def test_what_is_no_file_is_not_read_for_ever(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(UserError, match="is no file"):
            text_of(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_programs_on_windows_are_understood(encoding: str, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_bytes("name\nMaría\n".encode(encoding))
    assert text_of(tmp_path / "list.csv") == "name\nMaría\n"


def test_a_bare_ampersand_is_one_and_an_escaped_one_stays(tmp_path: Path) -> None:
    root = GivenFile(tmp_path, "<a><b>L & R&amp;D &copy;</b></a>").xml()
    assert root["b"].text == "L & R&D &copy;"


def test_only_what_lies_beside_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    (tmp_path / "hidden.esq").write_text("secret")
    (tmp_path / "lists" / "lrgb.esq").write_text("there")
    given = GivenFile(tmp_path / "lists" / "night.esl", "")
    assert given.beside("/somewhere/else/lrgb.esq") == "there"
    assert given.beside("C:\\lists\\lrgb.esq") == "there"
    assert given.beside("../hidden.esq") is None and given.beside("..") is None
