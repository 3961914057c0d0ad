"""The declared files under git, in a real repository."""

from pathlib import Path

import pytest

from obsy.engine.declare.history import FilesLostError, author, commit, files_at
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
        assert [path for path in folder.rglob("*") if path.is_file()] == [folder / "plans/m31.yaml"]
        assert (folder / "plans/m31.yaml").read_text() == "one\n"
    assert not folder.exists()


@pytest.mark.parametrize("sha", ["0" * 40, "HEAD", "main:plans", "abc"])
def test_a_commit_that_git_does_not_know_lends_nothing(root: Path, sha: str) -> None:
    with pytest.raises(FilesLostError, match=f"git does not know its commit {sha[:12]} here"), files_at(root, sha):
        pass
    assert author(root, sha, "plans/m31.yaml", 1) == {}


def test_no_word_of_a_journal_is_an_option_to_git(root: Path) -> None:
    (root / "precious.txt").write_text("mine\n")
    sha = "--output=precious.txt"
    with pytest.raises(FilesLostError), files_at(root, sha):
        pass
    assert author(root, sha, "plans/m31.yaml", 1) == {}
    assert (root / "precious.txt").read_text() == "mine\n"


def test_secrets_that_were_committed_are_not_lent(root: Path, repository: Repository) -> None:
    sha = repository.commit("By mistake", {"here/secrets.yaml": "old\n", "here/site/secrets.yaml": "old\n"})
    with files_at(root, sha) as folder:
        assert [path.name for path in folder.rglob("*") if path.is_file()] == ["m31.yaml"]


def test_a_commit_before_there_were_files_here_says_so(root: Path, repository: Repository) -> None:
    (root / "plans" / "m31.yaml").unlink()
    sha = repository.commit("Without")
    said = f"its commit {sha[:12]} has no YAML files here"
    with pytest.raises(FilesLostError, match=said), files_at(root, sha):
        pass


@pytest.mark.parametrize("to", ["/etc/hostname", "../../../m32.yaml"])
def test_a_link_out_of_a_commit_is_told_and_not_followed(root: Path, repository: Repository, to: str) -> None:
    (root / "plans" / "link.yaml").symlink_to(to)
    sha = repository.commit("Link")
    with pytest.raises(FilesLostError, match=f"a file of its commit {sha[:12]} cannot be had"), files_at(root, sha):
        pass


def test_a_lines_author_is_who_wrote_it_and_not_who_came_last(root: Path, repository: Repository) -> None:
    first = repository.head()
    repository.commit("Add a line", {"here/plans/m31.yaml": "one\nmore\n"})
    wrote = author(root, repository.head(), "plans/m31.yaml", 1)
    assert wrote == {"commit": first, "author": "Ada", "date": "2026-11-20", "summary": "Begin"}
    assert author(root, repository.head(), "plans/m31.yaml", 2)["summary"] == "Add a line"
    assert author(root, repository.head(), "plans/none.yaml", 1) == {}
