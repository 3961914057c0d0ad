"""`obsy ingest --move`: whatever was deleted meanwhile, each file's bytes are still somewhere."""

import os
import shutil
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from obsy.engine.processing.brought_in import FileOutcome
from obsy.engine.processing.old_files import Manner
from tests.support.cases import mostly_long
from tests.unit.engine.processing.test_old_files import bring, contents, gzip_of, old_files, source

__all__ = ["source"]
LOSABLE = "archive", "quarantine", "store.sqlite", "sidecars"


def lose(data: Path, what: str) -> None:
    """Delete a part of what an earlier command has written."""
    if what == "sidecars":
        for path in data.rglob("*.json"):
            path.unlink()
    elif (data / what).is_dir():
        shutil.rmtree(data / what)
    else:
        (data / what).unlink()


@pytest.fixture(scope="module", params=list(Manner))
def brought(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Old files that were brought in, and again from a copy: other files of the same bytes. Nobody changes it."""
    top = tmp_path_factory.mktemp("brought", numbered=False)
    first, data = old_files(top / "first"), top / "data"
    shutil.copytree(first, top / "again")
    bring(first, data, request.param)
    shutil.rmtree(first)
    (top / "again").rename(first)
    bring(first, data, Manner.COPY)
    return top.rename(top.with_name("brought-" + request.param.value))


@pytest.fixture
def home(brought: Path) -> Iterator[Path]:
    """A copy of it, where it was itself brought in: the very files that came, by a second name, as what is known."""
    place = brought.with_name("brought")
    shutil.copytree(brought / "first", place / "first", copy_function=os.link)
    shutil.copytree(brought / "data", place / "data")
    were = contents(brought)
    yield place
    shutil.rmtree(place)
    assert contents(brought) == were, "somebody wrote into a file that had come"


@pytest.mark.once
@pytest.mark.parametrize("lost", mostly_long([*product((False, True), repeat=len(LOSABLE))], 5))
def test_whatever_was_lost_since_no_bytes_are_lost_by_moving(home: Path, lost: tuple[bool, ...]) -> None:
    first, data = home / "first", home / "data"
    before = set(contents(first).values())
    for what, is_lost in zip(LOSABLE, lost, strict=True):
        if is_lost:
            lose(data, what)
    found = bring(first, data, Manner.MOVE)
    kept = set(contents(first).values()) | set(contents(data).values())
    assert all(each in kept or gzip_of(each) in kept for each in before)
    assert set(contents(first)) == {"notes.txt", ".hidden.fits", "writing.fits.part"}
    assert len(found) == 13
    assert lost[0] or lost[2] or sum(each.outcome is FileOutcome.KNOWN for each in found) == 7


def test_what_was_put_aside_before_is_put_aside_again_before_it_goes(source: Path, tmp_path: Path) -> None:
    bring(source, data := tmp_path / "data")
    shutil.rmtree(data / "quarantine")
    found = {each.path.name: each for each in bring(source, data, Manner.MOVE)}
    assert (cut := found["cut.fits"]).outcome is FileOutcome.ASIDE
    assert "promises" in (data / f"{cut.place}.reason.txt").read_text()
    assert (data / cut.place).read_bytes()
