"""`packs.lock`: which files each pack had when it was brought, and their hashes."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path

from obsy.engine.declare.folders import LOCK, PACKS, called, files
from obsy.errors import UserError


@dataclass(frozen=True, slots=True)
class Locked:
    """What a pack was when it was brought."""

    source: str
    version: str
    commit: str | None
    """Of its repository; None if it is none."""
    files: Mapping[str, str] = field(default_factory=dict)
    """The SHA-256 of each file, by its path in the pack."""


def locked(root: Path) -> dict[str, Locked]:
    """Return what `packs.lock` says of each pack; nothing if there is none. Raise UserError if it is damaged."""
    try:
        said = json.loads((root / LOCK).read_text(encoding="utf-8"))
        found = {name: Locked(**each) for name, each in said.items()}
    except OSError:
        return {}
    except (ValueError, TypeError, AttributeError, RecursionError):
        found = None
    if found is None or not all(map(_is_whole, found.values())):
        cure = "take it from your commits again, or remove it and run 'obsy pack'"
        raise UserError(f"{called(root / LOCK, root)} is not as obsy wrote it: {cure}")
    return found


def _is_whole(said: Locked) -> bool:
    files = [*said.files.items()] if isinstance(said.files, dict) else [None]
    texts = (said.source, said.version, said.commit or "", *(text for each in files for text in each or (None,)))
    return all(isinstance(text, str) for text in texts)


def as_text(packs: Mapping[str, Locked]) -> str:
    """Return the text of the lock file."""
    return json.dumps({name: asdict(packs[name]) for name in sorted(packs)}, indent=2, sort_keys=True) + "\n"


def hashes(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every YAML file below a folder by its path in it."""
    found = files(folder) if folder.is_dir() else []
    return {path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest() for path in found}


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield each file that came ('+'), went ('-') or differs ('~'), by its path."""
    for path in sorted({*before, *after}):
        if path not in before or path not in after:
            yield ("+" if path in after else "-"), path
        elif before[path] != after[path]:
            yield "~", path


def copy_of(root: Path, name: str) -> Path:
    """Return the folder that a pack is copied to."""
    return root / PACKS / name
