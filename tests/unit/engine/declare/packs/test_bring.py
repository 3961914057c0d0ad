"""A pack is brought from a folder or a repository, and what is here is never overwritten unseen."""

from pathlib import Path

import pytest

from obsy.engine.declare.packs.bring import bring, keep
from obsy.engine.declare.packs.lock import hashes, locked
from obsy.errors import UserError
from obsy.schemas.pack import Pack
from tests.support.git import Repository

FILES = {"plans/m31.yaml": "kind: plan\n", "README.md": "about\n", "secrets.yaml": "a: b\n", ".ci/x.yaml": "x: 1\n"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "here").mkdir()
    return tmp_path / "here"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    repository = Repository(tmp_path / "source")
    repository.commit("First", FILES)
    repository._git("tag", "v1.0.0")
    repository.commit("Second", {"plans/m31.yaml": "kind: plan\nname: m31\n", "plans/m42.yaml": "kind: plan\n"})
    repository._git("tag", "2.0.0")
    return repository


def pack(version: str, source: str = "../source") -> Pack:
    return Pack.model_validate({"kind": "pack", "name": "messier", "source": source, "version": version})


def test_a_version_of_a_repository_is_brought_and_locked(root: Path, repository: Repository) -> None:
    first = bring(pack("1.0.0"), root, online=False)
    assert first.changes == (("+", "plans/m31.yaml"),)
    keep(first, root)
    assert (root / "packs/messier/plans/m31.yaml").read_text() == "kind: plan\n"
    second = bring(pack("2.0.0"), root, online=False)
    assert second.changes == (("~", "plans/m31.yaml"), ("+", "plans/m42.yaml"))
    keep(second, root)
    lock = locked(root)["messier"]
    assert (lock.version, lock.commit) == ("2.0.0", repository.head())
    assert lock.files == hashes(root / "packs/messier")
    keep(bring(pack("1.0.0"), root, online=False), root)
    assert list(hashes(root / "packs/messier")) == ["plans/m31.yaml"]


def test_a_plain_folder_is_brought_as_it_is(root: Path, tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    (tmp_path / "source/a.yaml").write_text("kind: plan\n")
    (tmp_path / "source/b.yaml").symlink_to("/etc/hostname")
    keep(bring(pack("1"), root, online=False), root)
    assert (list(hashes(root / "packs/messier")), locked(root)["messier"].commit) == (["a.yaml"], None)


def test_what_was_changed_here_is_left_alone(root: Path, repository: Repository) -> None:
    keep(bring(pack("1.0.0"), root, online=False), root)
    (root / "packs/messier/plans/m31.yaml").write_text("kind: plan # mine\n")
    with pytest.raises(UserError, match="say it under 'change'"):
        bring(pack("2.0.0"), root, online=False)


def test_a_lock_that_was_lost_is_made_again(root: Path, repository: Repository) -> None:
    keep(bring(pack("1.0.0"), root, online=False), root)
    lock = (root / "packs.lock").read_text()
    (root / "packs.lock").unlink()
    again = bring(pack("1.0.0"), root, online=False)
    keep(again, root)
    assert (again.changes, (root / "packs.lock").read_text()) == ((), lock)


@pytest.mark.parametrize(
    ("version", "source", "words"),
    [
        ("3.0.0", "../source", "has no version 3.0.0: there is"),
        ("1.0.0", "../elsewhere", "correct 'source'"),
        ("1.0.0", "https://example.org/messier", "with '--online'"),
    ],
)
def test_what_cannot_be_brought_is_told(
    root: Path, repository: Repository, version: str, source: str, words: str
) -> None:
    with pytest.raises(UserError, match=words):
        bring(pack(version, source), root, online=False)


def test_an_address_is_cloned_when_the_network_may_be_asked(root: Path, repository: Repository) -> None:
    keep(bring(pack("2.0.0", repository.folder.as_uri()), root, online=True), root)
    assert locked(root)["messier"].commit == repository.head()
