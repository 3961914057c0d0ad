"""The declared files under git: their commit now, what they said at an earlier one, and who wrote a line."""

import io
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from obsy.engine.declare.folders import SECRETS
from obsy.engine.identity import DIRTY

YAML = "*.y*ml"


def commit(root: Path) -> str | None:
    """Return the commit of the declared files, ending in '-dirty' if a YAML file differs from it; None outside git."""
    sha = _text(root, "rev-parse", "HEAD")
    if not sha:
        return None
    changed = _text(root, "status", "--porcelain", "--untracked-files=all", "--", YAML, f":(exclude)*{SECRETS}")
    return sha + (DIRTY if changed != "" else "")


@contextmanager
def files_at(root: Path, sha: str) -> Iterator[Path | None]:
    """Lend a folder with the YAML files below `root` as they were at a commit; None if git does not know it."""
    packed = _git(root, "archive", "--format=tar", sha, "--", f":(glob)**/{YAML}")
    if packed is None:
        yield None
        return
    with TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
            tar.extractall(folder, filter="data")
        yield Path(folder)


def author(root: Path, sha: str, file: str, line: int) -> dict[str, str]:
    """Return who wrote a line as it was at a commit: `commit`, `author`, `date` and `summary`; empty if unknown."""
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
