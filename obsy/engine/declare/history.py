"""The declared files under git: their commit now, what they said at an earlier one, and who wrote a line."""

import io
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from obsy.engine.declare.folders import SECRETS
from obsy.engine.identity import DIRTY

YAML = "*.y*ml"
_SHA = re.compile(r"[0-9a-f]{7,64}")
"""What names a commit; whatever else a journal has in its place may be an option to git."""


class FilesLostError(Exception):
    """The files of a commit cannot be had any more; its words say why."""


def commit(root: Path) -> str | None:
    """Return the commit of the declared files, ending in '-dirty' if a YAML file differs from it; None outside git."""
    sha = _text(root, "rev-parse", "HEAD")
    if not sha:
        return None
    changed = _text(root, "status", "--porcelain", "--untracked-files=all", "--", YAML, f":(exclude)*{SECRETS}")
    return sha + (DIRTY if changed != "" else "")


@contextmanager
def files_at(root: Path, sha: str) -> Iterator[Path]:
    """Lend a folder with the YAML files below `root` as they were at a commit, without what is secret.

    Raise FilesLostError where they are gone.
    """
    if not _SHA.fullmatch(sha) or _git(root, "cat-file", "-e", f"{sha}^{{commit}}") is None:
        raise FilesLostError(f"git does not know its commit {sha[:12]} here")
    packed = _git(root, "archive", "--format=tar", sha, "--", f":(glob)**/{YAML}", f":(exclude,glob)**/{SECRETS}")
    if packed is None:
        raise FilesLostError(f"its commit {sha[:12]} has no YAML files here")
    import tarfile  # noqa: PLC0415  only what looks back unpacks anything

    with TemporaryDirectory() as folder:
        try:
            with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
                tar.extractall(folder, filter="data")
        except (tarfile.TarError, OSError) as trouble:  # a link to somewhere else, where other things stand by now
            raise FilesLostError(f"a file of its commit {sha[:12]} cannot be had: {trouble}") from None
        yield Path(folder)


def author(root: Path, sha: str, file: str, line: int) -> dict[str, str]:
    """Return who wrote a line as it was at a commit: `commit`, `author`, `date` and `summary`; empty if unknown."""
    if not _SHA.fullmatch(sha):
        return {}
    told = _text(root, "blame", "--porcelain", "-L", f"{line},{line}", sha, "--", file)
    wrote = told.partition(" ")[0] if told else ""
    said = _text(root, "show", "--no-patch", "--format=%H%n%an%n%as%n%s", wrote) if wrote else None
    return dict(zip(("commit", "author", "date", "summary"), said.split("\n"), strict=False)) if said else {}


def _text(root: Path, *words: str) -> str | None:
    said = _git(root, *words)
    return None if said is None else said.decode(errors="replace").strip()


def _git(root: Path, *words: str) -> bytes | None:
    """What git prints; None if it fails or is not installed."""
    try:
        told = subprocess.run(["git", "-C", str(root), *words], capture_output=True, check=False)  # noqa: S603, S607
    except OSError:
        return None
    return told.stdout if told.returncode == 0 else None
