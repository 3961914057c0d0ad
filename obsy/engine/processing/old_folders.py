"""Which files of old folders are looked at, and what is passed by."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from os import walk
from os.path import abspath
from pathlib import Path
from typing import NamedTuple

from obsy.engine.frames.name import readable
from obsy.engine.frames.watch import UNFINISHED
from obsy.errors import UserError

ENDINGS = (".fit", ".fits", ".fts", ".fz", ".fit.gz", ".fits.gz", ".fts.gz")
"""What is looked at in a folder; a file that is named itself is looked at however it is called."""


class FoundFiles(NamedTuple):
    """What lies in some folders."""

    files: list[Path]
    others: Counter[str]
    """How many are no FITS files, by their endings."""
    passed: Counter[str]
    """How many were not looked at, by what they are."""
    unread: list[str]
    """The folders that cannot be read, each with the system's words."""


def found_in(paths: Iterable[Path], *own: Path) -> FoundFiles:
    """Return every FITS file that is named or lies below, once, and what else was met; `own` are obsy's folders.

    Raises UserError for a path that is not there, or lies in obsy's own data.
    """
    found, ours = FoundFiles([], Counter(), Counter(), []), {each.resolve(): each for each in own}
    files: dict[Path, None] = {}
    for given in paths:
        path = _named(given, ours.values())
        for each in _below(path, ours, found) if path.is_dir() else [path]:
            if each == path or each.name.lower().endswith(ENDINGS):
                files[each] = None
            else:
                found.others[readable(each.suffix.lower())] += 1
    return found._replace(files=list(files), passed=+found.passed)


def _named(given: Path, own: Iterable[Path]) -> Path:
    path = Path(abspath(given))
    try:
        there = path.resolve(strict=True)
    except FileNotFoundError:
        raise UserError(f"there is no file and no folder '{readable(str(given))}': name one that is there") from None
    except (OSError, RuntimeError) as fault:
        raise UserError(f"'{readable(str(given))}' cannot be looked at ({fault}): mend that, or name another") from None
    for data in own:
        if there.is_relative_to(data.resolve()):
            raise UserError(f"'{given}' lies in obsy's own data ({data}): 'obsy rebuild' reads what is there")
    return path


def _below(folder: Path, own: Collection[Path], found: FoundFiles) -> Iterator[Path]:
    """Yield what lies in a folder and those in it, by name, and count what is passed by."""

    def cannot(fault: OSError) -> None:
        found.unread.append(readable(f"{fault.filename}: {fault.strerror}"))

    for there, below, names in walk(folder, onerror=cannot):
        links = [name for name in below if Path(there, name).is_symlink()]
        ours = [name for name in below if name not in links and Path(there, name).resolve() in own]
        below[:] = sorted(set(below) - {*links, *ours})
        found.passed.update({"link to a folder": len(links), "folder of obsy's own data": len(ours)})
        for name in sorted(names):
            if name[0] == "." or name.endswith(UNFINISHED):
                found.passed["hidden file" if name[0] == "." else "unfinished file"] += 1
            else:
                yield Path(there, name)
