"""A pack's files, from the folder or the git repository that it names."""

import io
import subprocess
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import NamedTuple

from obsy.engine.declare.folders import ENDINGS, LOCK, SECRETS, called, files
from obsy.engine.declare.packs.lock import Locked, as_text, changes, copy_of, hashes, locked
from obsy.engine.disk import write_whole
from obsy.errors import UserError
from obsy.schemas.pack import Pack

MOST, LARGEST = 1000, 1_000_000
"""Files of a pack, and bytes of one."""


class BroughtPack(NamedTuple):
    """A pack's files as its source has them."""

    pack: Pack
    contents: Mapping[str, bytes]
    locked: Locked
    changes: tuple[tuple[str, str], ...]
    """How they differ from those that are here."""


def bring(pack: Pack, root: Path, *, online: bool) -> BroughtPack:
    """Return what a pack's source has in the declared version, and how that differs from what is here.

    Raise UserError if it cannot be had, or what is here was changed by hand.
    """
    here, known = hashes(copy_of(root, pack.name)), locked(root).get(pack.name)
    with _repository(pack, root, online=online) as place:
        commit = _commit(place, pack.version)
        contents = _archived(place, commit) if commit else _read(place)
    if not contents:
        raise UserError(f"the pack '{pack.name}' has no YAML in {pack.source}: name the folder that holds its plans")
    if len(contents) > MOST or any(len(each) > LARGEST for each in contents.values()):
        raise UserError(f"the pack '{pack.name}' is too large: at most {MOST} files of {LARGEST} bytes are brought")
    found = _hashes(contents)
    was = known.files if known else {}
    if edited := [path for path, digest in here.items() if digest not in (was.get(path), found.get(path))]:
        where = called(copy_of(root, pack.name), root)
        raise UserError(f"{where / edited[0]} was changed here: say it under 'change' in the pack, and remove {where}")
    return BroughtPack(pack, contents, Locked(pack.source, pack.version, commit, found), tuple(changes(here, found)))


def keep(brought: BroughtPack, root: Path) -> None:
    """Write a pack's files and the lock; what the pack has no more is removed."""
    folder = copy_of(root, brought.pack.name)
    for sign, path in brought.changes:
        if sign == "-":
            (folder / path).unlink()
        else:
            write_whole(folder / path, brought.contents[path])
    write_whole(root / LOCK, as_text({**locked(root), brought.pack.name: brought.locked}).encode())


@contextmanager
def _repository(pack: Pack, root: Path, *, online: bool) -> Iterator[Path]:
    """Lend the folder of a source; one at an address is cloned first."""
    if "://" not in pack.source and "@" not in pack.source:
        place = root / Path(pack.source).expanduser()
        if not place.is_dir():
            raise UserError(f"the pack '{pack.name}' has no folder '{place}': correct 'source', seen from {root}")
        yield place
        return
    if not online:
        raise UserError(f"the pack '{pack.name}' is at {pack.source}: ask the network with '--online'")
    with TemporaryDirectory() as folder:
        said = _git(Path(folder), "clone", "--quiet", "--bare", "--", pack.source, folder)
        if said.returncode:
            why = said.stderr.decode(errors="replace").strip().splitlines()
            raise UserError(f"git cannot fetch {pack.source}: {why[-1] if why else 'it does not say why'}")
        yield Path(folder)


def _commit(place: Path, version: str) -> str | None:
    """Return the commit of a version; None if the place is no repository of its own."""
    top = _git(place, "rev-parse", "--absolute-git-dir")
    inside = Path(top.stdout.decode().strip() or ".") if top.returncode == 0 else None
    if inside is None or inside.resolve() not in (place.resolve(), place.resolve() / ".git"):
        return None
    for name in (f"refs/tags/{version}", f"refs/tags/v{version}", version):
        found = _git(place, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        if found.returncode == 0:
            return found.stdout.decode().strip()
    tags = _git(place, "tag", "--sort=-version:refname").stdout.decode().split()
    raise UserError(
        f"{place} has no version {version}: " + (f"there is {', '.join(tags[:5])}" if tags else "it has no tags")
    )


def _archived(place: Path, commit: str) -> dict[str, bytes]:
    packed = _git(place, "archive", "--format=tar", commit).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        said = [(each, tar.extractfile(each)) for each in tar if each.isfile() and _is_wanted(PurePosixPath(each.name))]
        return {each.name: stream.read() for each, stream in said if stream is not None}


def _read(place: Path) -> dict[str, bytes]:
    found = (path for path in files(place) if path.is_file() and not path.is_symlink())
    return {path.relative_to(place).as_posix(): path.read_bytes() for path in found}


def _is_wanted(path: PurePosixPath) -> bool:
    hidden = any(part.startswith(".") for part in path.parts)
    return path.suffix in ENDINGS and path.name != SECRETS and not hidden and ".." not in path.parts


def _hashes(contents: Mapping[str, bytes]) -> dict[str, str]:
    return {path: sha256(content).hexdigest() for path, content in contents.items()}


def _git(place: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["git", "-C", str(place), *words], capture_output=True, check=False)  # noqa: S603, S607
    except OSError:
        return subprocess.CompletedProcess(words, 127, b"", b"git is not installed")
