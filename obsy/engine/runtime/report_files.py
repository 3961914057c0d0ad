"""The files of a result: each is written whole, and what of an earlier result may not be sent now is renamed."""

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
    replaced: tuple[Path, ...] = ()
    """By their new names: of the same night, made otherwise, so that nobody sends both."""
    kept: tuple[Path, ...] = ()
    """What stands and was made otherwise, for which nothing was written."""

    def words(self) -> list[str]:
        """Return a line a file."""
        why = {"Withdrawn, since this result does not bear it": self.withdrawn}
        why |= {"Withdrawn, since another way of making it takes its place": self.replaced}
        return [f"Written: {each}" for each in self.written] + [f"{of}: {each}" for of in why for each in why[of]]


def write_reports(
    folder: Path, texts: Mapping[Path, str], stale: Iterable[Path], replaced: Iterable[Path] = ()
) -> ReportFiles:
    """Rename the stale and the replaced ones that stand in a folder, then write each text, whole or not at all.

    What was renamed of an earlier time goes once a text takes its name. Raises UserError if the disk refuses.
    """
    try:
        withdrawn = tuple(_renamed(path) for path in stale if path.exists())
        others = tuple(_renamed(path) for path in replaced if path.exists())
        for path, text in texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, text.encode())
            _aside(path).unlink(missing_ok=True)
    except OSError as fault:
        raise UserError(f"'{folder}' cannot be written into: {fault.strerror or fault}") from None
    return ReportFiles(tuple(texts), withdrawn, others)


def _renamed(path: Path) -> Path:
    return path.replace(_aside(path))


def _aside(path: Path) -> Path:
    return path.with_name(f"{path.stem}-withdrawn{path.suffix}")
