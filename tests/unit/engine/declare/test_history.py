"""The declared files under git, in a real repository."""

from pathlib import Path

import pytest

from obsy.engine.declare.history import author, commit, files_at
from tests.support.git import Repository


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    repository = Repository(tmp_path / "repository")
    repository.commit("Begin", {"here/plans/m31.yaml": "one\n", "here/data/x.fits": "pixels\n", "other.yaml": "two\n"})
    return repository


@pytest.fixture
def root(repository: Repository) -> Path:
    return repository.folder / "here"


def test_outside_git_there_is_no_commit(tmp_path: Path) -> None:
    assert commit(tmp_path) is None


def test_without_git_there_is_no_commit(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert commit(root) is None


def test_a_repository_without_a_commit_has_none(tmp_path: Path) -> None:
    assert commit(Repository(tmp_path / "empty").folder) is None


def test_files_that_are_as_committed_are_at_their_commit(root: Path, repository: Repository) -> None:
    assert commit(root) == repository.head()


@pytest.mark.parametrize("name", ["plans/m31.yaml", "plans/new.yaml", "site/mount.yml"])
def test_a_changed_or_a_new_file_makes_the_tree_dirty(root: Path, repository: Repository, name: str) -> None:
    (root / name).parent.mkdir(exist_ok=True)
    (root / name).write_text("changed\n")
    assert commit(root) == f"{repository.head()}-dirty"


@pytest.mark.parametrize("name", ["data/x.fits", "data/night.jsonl", "notes.txt", "secrets.yaml", "../other.yaml"])
def test_what_declares_nothing_here_leaves_it_clean(root: Path, repository: Repository, name: str) -> None:
    (root / name).write_text("changed\n")
    assert commit(root) == repository.head()


def test_the_files_of_an_earlier_commit_are_lent_as_they_were(root: Path, repository: Repository) -> None:
    first = repository.head()
    repository.commit("Go on", {"here/plans/m31.yaml": "three\n"})
    with files_at(root, first) as folder:
        assert folder is not None
        assert [path for path in folder.rglob("*") if path.is_file()] == [folder / "plans/m31.yaml"]
        assert (folder / "plans/m31.yaml").read_text() == "one\n"
    assert not folder.exists()


def test_a_commit_that_git_does_not_know_lends_nothing(root: Path) -> None:
    with files_at(root, "0" * 40) as folder:
        assert folder is None


def test_a_lines_author_is_who_wrote_it_and_not_who_came_last(root: Path, repository: Repository) -> None:
    first = repository.head()
    repository.commit("Add a line", {"here/plans/m31.yaml": "one\nmore\n"})
    wrote = author(root, repository.head(), "plans/m31.yaml", 1)
    assert wrote == {"commit": first, "author": "Ada", "date": "2026-11-20", "summary": "Begin"}
    assert author(root, repository.head(), "plans/m31.yaml", 2)["summary"] == "Add a line"
    assert author(root, repository.head(), "plans/none.yaml", 1) == {}
