"""What making safe needs of one site, read by itself: no plan and no fault elsewhere keeps a roof from being closed."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from obsy.engine.declare.declared import Declared, Entry
from obsy.engine.declare.join import enclosures_at, mounts_under, site_named, weather_at
from obsy.engine.declare.read import Reader, files
from obsy.engine.declare.written import Written
from obsy.engine.disk import write_whole
from obsy.errors import UserError
from obsy.schemas.enclosure import Enclosure
from obsy.schemas.kinds import KINDS
from obsy.schemas.model import Document
from obsy.schemas.mount import Mount
from obsy.schemas.policy import Safety
from obsy.schemas.site import Site
from obsy.schemas.source import Weather

NEEDED = ("site", "enclosure", "mount", "weather")
Said = Mapping[str, Any]
"""A document as it was written, before its quantities are numbers."""


@dataclass(frozen=True, slots=True)
class SafetyEquipment:
    """A site with its roofs, the mounts under them, its weather inputs, and when it is safe."""

    site: Site
    enclosures: tuple[Enclosure, ...]
    mounts: tuple[Mount, ...]
    weather: tuple[Weather, ...]
    safety: Safety
    documents: tuple[Said, ...]
    """All this as it was written."""

    def mounts_of(self, enclosure: str) -> tuple[Mount, ...]:
        """Return the mounts under an enclosure."""
        return tuple(each for each in self.mounts if each.enclosure == enclosure)

    def inputs_of(self, enclosure: str) -> tuple[Weather, ...]:
        """Return the weather inputs that count for an enclosure."""
        return tuple(each for each in self.weather if each.enclosure in (None, enclosure))

    def save(self, path: Path) -> None:
        """Write it down for a start at which the files are unfit. Raise OSError if the disk refuses.

        Its folder keeps itself out of a repository.
        """
        text = json.dumps(self.documents, ensure_ascii=False, sort_keys=True)
        kept = json.dumps({"sha256": _hash(text), "documents": text}).encode()
        if not path.exists() or path.read_bytes() != kept:
            write_whole(path.parent / ".gitignore", b"*\n")
            write_whole(path, kept)


def read_equipment(root: Path, site: str | None = None) -> SafetyEquipment:
    """Return what the files of `root/site` and `root/library` say.

    Raise ValueError if what is needed is missing or unfit, UserError if it is not said which site is meant.
    """
    found = [path for room in ("site", "library") for path in files(root / room)]
    return _equipment(root, [written.value for written in Reader(root).read(found)], site)


def saved_equipment(path: Path, site: str | None = None) -> SafetyEquipment:
    """Return what was saved. Raise ValueError or OSError if it is not whole, or of another site."""
    kept = json.loads(path.read_bytes())
    if not isinstance(kept, dict) or _hash(str(kept.get("documents"))) != kept.get("sha256"):
        raise ValueError(f"{path} is not as it was written")
    return _equipment(path.parent, json.loads(kept["documents"]), site)


def saved_at(root: Path, realm: str, site: str) -> Path:
    """Return where a site's equipment is kept: where it is found also if the site's document cannot be read."""
    return root / ".obsy" / f"equipment-{realm}-{site}.json"


def known_equipment(root: Path, site: str | None, realm: str) -> SafetyEquipment | None:
    """Return what the files say; where they are unfit, what was good last; None if nothing is known.

    realm: real or simulated.
    """
    try:
        return read_equipment(root, site)
    except UserError:
        return None
    except Exception:  # noqa: S110 - whatever is wrong with them is told by whoever needs all of them
        pass
    kept = sorted(
        (root / ".obsy").glob(saved_at(root, realm, "*").name), key=lambda path: path.stat().st_mtime, reverse=True
    )
    for path in kept:
        try:
            return saved_equipment(path, site)
        except (ValueError, OSError, UserError):
            continue
    return None


def _equipment(root: Path, documents: Iterable[Said], name: str | None) -> SafetyEquipment:
    said = tuple(each for each in documents if each.get("kind") in NEEDED or "safety" in each)
    things = [each for each in said if each.get("kind") in NEEDED]
    policies = [Safety.model_validate(each["safety"]) for each in said if each.get("kind") == "policy"]
    nowhere = cast("Any", None)
    found = Declared(root, tuple(Entry(_model(each), Written(nowhere, dict(each))) for each in things), ())
    site = site_named(found, name)
    enclosures = tuple(enclosures_at(found, site))
    if not enclosures or len(policies) != 1:
        raise ValueError("no roof, or not one policy of safety")
    mounts = tuple(mounts_under(found, enclosures))
    return SafetyEquipment(site, enclosures, mounts, weather_at(found, site), policies[0], said)


def _model(said: Said) -> Document:
    return KINDS[str(said["kind"])].model_validate(said)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
