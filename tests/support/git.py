"""A real git repository in a temporary folder, whoever's machine it is on."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

WHO = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Ada"), ("EMAIL", "ada@example.org"), ("DATE", "2026-11-20T12:00:00+00:00"))
}
OURS = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}


class Repository:
    """One repository, with the author Ada."""

    def __init__(self, folder: Path) -> None:
        """Make it, without a commit."""
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._git("init", "--quiet")

    def commit(self, message: str, files: Mapping[str, str] | None = None) -> str:
        """Write files, commit everything, and return the commit."""
        for name, text in (files or {}).items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        self._git("add", "--all")
        self._git("commit", "--quiet", "--message", message)
        return self.head()

    def head(self) -> str:
        """Return the newest commit."""
        return self._git("rev-parse", "HEAD").strip()

    def _git(self, *words: str) -> str:
        bare = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        told = subprocess.run(
            ["git", "-C", str(self.folder), *words], capture_output=True, text=True, check=True, env=bare | WHO | OURS
        )
        return told.stdout
