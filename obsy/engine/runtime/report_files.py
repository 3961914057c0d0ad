"""The files of a result: each is written whole, and what of an earlier result it does not bear is renamed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from obsy.engine.disk import write_whole
from obsy.errors import UserError


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """What was written, and what of an earlier time was renamed."""

    written: tuple[Path, ...]
    withdrawn: tuple[Path, ...]
    """By their new names: nobody is to send what a later result does not bear."""


def write_reports(folder: Path, texts: Mapping[Path, str], stale: Iterable[Path]) -> ReportFiles:
    """Rename the stale ones that stand in a folder, then write each text, whole or not at all.

    Raises UserError if the disk refuses.
    """
    try:
        withdrawn = tuple(_renamed(path) for path in stale if path.exists())
        for path, text in texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, text.encode())
    except OSError as fault:
        raise UserError(f"'{folder}' cannot be written into: {fault.strerror or fault}") from None
    return ReportFiles(tuple(texts), withdrawn)


def _renamed(path: Path) -> Path:
    return path.replace(path.with_name(f"{path.stem}-withdrawn{path.suffix}"))
