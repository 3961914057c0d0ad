"""Where an observatory lies, and which files declare it: nothing is read, and nothing else loaded."""

import os
from pathlib import Path

from obsy.errors import UserError

ROOMS = ("site", "library")
PACKS, LOCK, SECRETS = "packs", "packs.lock", "secrets.yaml"
SCHEMA = "obsy.schema.json"
"""Where editors find the language, if `obsy schema --write` or `obsy init` has put it there."""
ENDINGS = (".yaml", ".yml")


def files(folder: Path) -> list[Path]:
    """Every YAML file under a folder in order of its path, hidden ones and secrets left out; a file is itself."""
    if not folder.is_dir():
        return [] if folder.name.startswith(".") or folder.name == SECRETS else [folder]
    return [Path(name) for name in names(folder)]


def names(folder: Path) -> list[str]:
    """The same files of a folder, by name alone; none if it is not there."""
    found = []
    for where, folders, inside in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yaml = (name for name in inside if name.endswith(ENDINGS) and name[0] != "." and name != SECRETS)
        found += [os.path.join(where, name) for name in yaml]
    return sorted(found, key=lambda name: name.split(os.sep))


def declaring(root: Path, *plans: Path) -> list[str]:
    """Every file that declares something of an observatory, each once."""
    places = [place for place in (*(root / room for room in ROOMS), *plans) if place.exists()]
    return list(dict.fromkeys(os.path.normpath(path) for place in places for path in (names(place) or files(place))))


def rooms(*given: Path) -> tuple[Path, tuple[Path, ...]]:
    """Return the root of one observatory and the paths of its plans; see `observatories`.

    Raise UserError if the paths lie in several observatories.
    """
    found = observatories(*given)
    if len(found) > 1:
        roots = " and ".join(str(root) for root in found)
        raise UserError(f"these paths lie in several observatories, {roots}: name paths of one of them")
    return next(iter(found.items()))


def observatories(*given: Path) -> dict[Path, tuple[Path, ...]]:
    """Return the root of every observatory that the paths lie in, and the plans that are meant of each.

    given: folders and files, or roots. Without one, the observatory is the one that the working folder lies in; without
    a path to plans, its plans are all those in `plans/`. A path that is not there is also sought in the observatory
    above, and plans that lie in none are meant for the one of the working folder.
    """
    here = _above(Path.cwd())
    found: dict[Path, list[Path]] = {}
    for path in given or (Path("plans"),):
        there = here / path if here is not None and not path.exists() and (here / path).exists() else path
        folder = Path(os.path.abspath(there.parent if there.is_file() else there))
        elsewhere = here if here is not None and not here.is_relative_to(folder) else folder.parent
        root = folder if (folder / ROOMS[0]).is_dir() else _above(folder) or elsewhere
        plans = found.setdefault(root, [])
        if (there.is_file() or folder != root) and not any(folder.is_relative_to(root / room) for room in ROOMS):
            plans.append(there)
    return {root: tuple(plans) or (root / "plans",) for root, plans in found.items()}


def called(path: Path, root: Path) -> Path:
    """Return the path as one would type it: seen from the working folder, if that lies in the observatory too."""
    here, there, top = Path.cwd(), path.absolute(), root.absolute()
    near = there.is_relative_to(here) or (here.is_relative_to(top) and there.is_relative_to(top))
    return Path(os.path.relpath(path)) if near else path


def _above(folder: Path) -> Path | None:
    """Return the nearest folder, this one or one above it, whose `site/` declares something; None if there is none."""
    sites = ((each, each / ROOMS[0]) for each in (folder, *folder.parents))
    return next((each for each, site in sites if site.is_dir() and files(site)), None)
