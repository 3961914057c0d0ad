"""What making safe needs of one site, read by itself: no plan and no fault elsewhere keeps a roof from being closed."""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from stat import S_IMODE
from typing import Any, TypeVar, cast

from obsy.engine.declare.declared import Declared, Entry, rooted
from obsy.engine.declare.folders import files
from obsy.engine.declare.instrument import chosen, site_of
from obsy.engine.declare.join import enclosures_at, mounts_under, site_named, weather_at
from obsy.engine.declare.overrides import Overrides, concerns, sorted_out
from obsy.engine.declare.read import Reader
from obsy.engine.declare.servers import only_devices, written_devices
from obsy.engine.declare.written import Written
from obsy.engine.disk import write_whole
from obsy.errors import UserError
from obsy.schemas.device import Device
from obsy.schemas.enclosure import Enclosure
from obsy.schemas.kinds import KINDS
from obsy.schemas.model import Document
from obsy.schemas.mount import Mount
from obsy.schemas.policy import Safety
from obsy.schemas.site import Site
from obsy.schemas.weather import Weather

NEEDED = ("site", "enclosure", "mount", "weather")
OVERRIDE = "override"
"""One that is unfit changes nothing; it keeps no roof from being reached."""
TRAIN = "train"
"""Of one in use, however unfit, only its devices are kept: the guard begins their drivers for the night."""
PRIVATE = 0o600
Said = Mapping[str, Any]
"""A document as it was written, before its quantities are numbers."""
Thing = TypeVar("Thing", Enclosure, Mount)


@dataclass(frozen=True, slots=True)
class SafetyEquipment:
    """A site with its roofs, the mounts under them, its weather inputs, and when it is safe."""

    site: Site
    enclosures: tuple[Enclosure, ...]
    mounts: tuple[Mount, ...]
    weather: tuple[Weather, ...]
    safety: Safety
    overrides: Overrides
    """What counts otherwise for a time."""
    documents: tuple[Said, ...]
    """All this as it was written."""

    def mounts_of(self, enclosure: str) -> tuple[Mount, ...]:
        """Return the mounts under an enclosure."""
        return tuple(each for each in self.mounts if each.enclosure == enclosure)

    def inputs_of(self, enclosure: str) -> tuple[Weather, ...]:
        """Return the weather inputs that count for an enclosure."""
        return tuple(each for each in self.weather if each.enclosure in (None, enclosure))

    def overrides_of(self, enclosure: str) -> Overrides:
        """Return what counts otherwise at an enclosure: what it never heard is not ignored there."""
        heard = {None, *(each.name for each in self.inputs_of(enclosure))}
        return replace(self.overrides, honoured=tuple(o for o in self.overrides.honoured if o.ignore in heard))

    @property
    def digest(self) -> str:
        """The same for the same things, described in the same way."""
        things = [(each.kind, each.name) for each in (*self.enclosures, *self.mounts, *self.weather)]
        return _hash(f"{things}{self._text()}")

    def _text(self) -> str:
        return json.dumps(self.documents, ensure_ascii=False, sort_keys=True)

    @property
    def devices(self) -> tuple[Device, ...]:
        """Return the INDI devices here, those of trains too; what is unfit is none."""
        found = [each for said in self.documents for each in written_devices(said)]
        checked = []
        for each in found:
            with suppress(ValueError):
                checked.append(Device.model_validate(each))
        return tuple(dict.fromkeys(checked))

    def save(self, path: Path) -> None:
        """Write it down for a start at which the files are unfit. Raise OSError if the disk refuses.

        Its folder keeps itself out of a repository, and nobody else may read it: it may hold what was `!secret`.
        """
        text = self._text()
        kept = json.dumps({"sha256": _hash(text), "documents": text}).encode()
        if not path.exists() or path.read_bytes() != kept or S_IMODE(path.stat().st_mode) != PRIVATE:
            write_whole(path.parent / ".gitignore", b"*\n")
            write_whole(path, kept, PRIVATE)
        for name in self.site.formerly:
            path.with_name(path.name.replace(f"-{self.site.name}.", f"-{name}.")).unlink(missing_ok=True)

    def with_all_of(self, before: "SafetyEquipment") -> "SafetyEquipment":
        """Return it with what the files named before and name no more: that is looked at, and parked, as ever."""
        roofs, mounts = lost(before, self.enclosures, self.mounts)
        inputs = [each for each in before.weather if each.name not in {known.name for known in self.weather}]
        return replace(
            self,
            documents=before.documents if roofs or mounts else self.documents,  # what is saved goes on naming them
            enclosures=(*self.enclosures, *roofs),
            mounts=(*self.mounts, *mounts),
            weather=(*self.weather, *inputs),
        )


def lost(
    before: SafetyEquipment, enclosures: Collection[Enclosure], mounts: Iterable[Mount]
) -> tuple[list[Enclosure], list[Mount]]:
    """Return the roofs that are not among these, and the mounts that do not stand where they stood.

    A thing is known again by its name or its device.
    """
    stand, roofs, gone = list(mounts), [], []
    for roof in before.enclosures:
        now = _again(roof, enclosures)
        if now is None:
            roofs.append(roof)
        where = roof.name if now is None else now.name
        under = [each for each in stand if each.enclosure == where]
        was = (each for each in before.mounts_of(roof.name) if _again(each, under) is None)
        gone += [each.model_copy(update={"enclosure": where}) for each in was]
    return roofs, gone


def _again(thing: Thing, among: Collection[Thing]) -> Thing | None:
    named = (each for each in among if each.name == thing.name)
    driven = (each for each in among if thing.device is not None and each.device == thing.device)
    return next(named, None) or next(driven, None)


def read_equipment(root: Path, site: str | None = None) -> SafetyEquipment:
    """Return what the files of `root/site` and `root/library` say.

    Raise ValueError if what is needed is missing or unfit, or may stand in a file that cannot be read; UserError if it
    is not said which site is meant.
    """
    reader = Reader(root)
    rooms = [root / room for room in ("site", "library") if (root / room).is_dir()]
    documents = reader.read([path for room in rooms for path in files(room)])
    if reader.complaints or not all(each.kind in KINDS for each in documents):
        raise ValueError("a file that cannot be read, or a document of no kind, may be a mount")
    return _equipment(root, [each.value for each in documents], site)


def saved_equipment(path: Path, site: str | None = None) -> SafetyEquipment:
    """Return what was saved. Raise ValueError or OSError if it is not whole, or of another site."""
    kept = json.loads(path.read_bytes())
    if not isinstance(kept, dict) or _hash(str(kept.get("documents"))) != kept.get("sha256"):
        raise ValueError(f"{path} is not as it was written")
    return _equipment(path.parent.parent, json.loads(kept["documents"]), site)


def saved_at(root: Path, realm: str, site: str) -> Path:
    """Return where a site's equipment is kept: where it is found also if the site's document cannot be read."""
    return root / ".obsy" / f"equipment-{realm}-{site}.json"


def is_saved(root: Path, realm: str, site: str) -> bool:
    """Return whether a site's equipment was saved once; if that cannot be asked, it was: then nothing is given up."""
    try:
        saved_at(root, realm, site).stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:  # a folder that may not be entered, a disk that fails
        return True
    return True


def known_equipment(root: Path, site: str | None, realm: str) -> tuple[SafetyEquipment, ...]:
    """Return what a start looks at: what the files say, with all that they said in the last good night.

    Where the files are unfit, what was good last, alone; and where it is not known which site is meant, that of each.
    realm: real or simulated.
    """
    saved = dict(_saved(root, realm))
    try:
        found = read_equipment(root, site)
    except Exception:  # whatever is wrong with them is told by whoever needs all of them
        return (saved[site],) if site in saved else tuple(saved.values())
    before = next((saved[name] for name in (found.site.name, *found.site.formerly) if name in saved), found)
    return (found.with_all_of(before),)


def equipment_to_keep(root: Path, site: str | None) -> SafetyEquipment:
    """Return what a guard keeps. Raise UserError if that is not known of one site, or the files name no such site."""
    known = known_equipment(root, site, "real")
    if site not in {None, *(each.site.name for each in known)}:
        with suppress(ValueError):  # unfit files name no sites: what was known last is kept
            read_equipment(root, site)
    if not known:
        raise UserError(f"{root} holds no observatory that is or was whole: run 'obsy validate'")
    if len(known) > 1:
        names = ", ".join(each.site.name for each in known)
        raise UserError(f"one site is guarded by one process, and here are {names}: add '--site NAME'")
    return known[0]


def is_unfit(root: Path, site: str | None) -> bool:
    """Return whether the files do not say what stands there, so that only what was known last is kept."""
    try:
        read_equipment(root, site)
    except Exception as why:
        return not isinstance(why, UserError)
    return False


def check_nothing_is_lost(root: Path, site: Site, enclosures: Collection[Enclosure], mounts: Iterable[Mount]) -> None:
    """Raise UserError if a roof or a mount of the last good night is in no file: it may still be there, and at work."""
    kept = dict(_saved(root, "real"))
    name = next((name for name in (site.name, *site.formerly) if name in kept), None)
    if name is None:
        return
    roofs, gone = lost(kept[name], enclosures, mounts)
    said = [f"the roof '{each.name}'" for each in roofs]
    said += [f"the mount '{each.name}' under '{each.enclosure}'" for each in gone]
    if said:
        raise UserError(
            f"{' and '.join(said)} stood there in the last night, and no file says so any more: put that back; "
            f"if it is true, remove {saved_at(root, 'real', name)}"
        )


def _saved(root: Path, realm: str) -> Iterator[tuple[str, SafetyEquipment]]:
    """Yield what is kept of each site, by its name."""
    first, paths = saved_at(root, realm, "").stem, list[Path]()
    with suppress(OSError):
        paths = sorted((root / ".obsy").glob(f"{first}*.json"))
    for path in paths:
        name = path.stem.removeprefix(first)
        try:
            yield name, saved_equipment(path, name)
        except (ValueError, LookupError, OSError, UserError):
            continue


def _equipment(root: Path, documents: Iterable[Said], name: str | None) -> SafetyEquipment:
    here = (each for each in documents if each.get("kind") != TRAIN or each.get("retired") is None)
    kept = (only_devices(each) if each.get("kind") == TRAIN else each for each in here)
    said = tuple(each for each in kept if each.get("kind") in (*NEEDED, OVERRIDE, TRAIN) or "safety" in each)
    things = [each for each in said if each.get("kind") in NEEDED]
    policies = [Safety.model_validate(each["safety"]) for each in said if each.get("kind") == "policy"]
    nowhere = cast("Any", None)
    found = Declared(root, tuple(Entry(_model(each, root), Written(nowhere, dict(each))) for each in things), ())
    site = site_named(found, name)
    enclosures = tuple(enclosures_at(found, site))
    if not enclosures or len(policies) != 1 or not _is_whole(found):
        raise ValueError("no roof, not one policy of safety, or something that stands nowhere")
    mounts, weather = tuple(mounts_under(found, enclosures)), weather_at(found, site)
    at_site = {(each.kind, each.name) for each in (site, *enclosures, *mounts, *weather)}
    elsewhere: list[Said] = [
        each.written.value for each in found.entries if (each.document.kind, each.document.name) not in at_site
    ]
    elsewhere += [each for each in said if each.get("kind") == OVERRIDE and not concerns(each, site, found)]
    carriers = {None, *(each.name for each in mounts)}
    elsewhere += [each for each in said if each.get("kind") == TRAIN and each.get("mount") not in carriers]
    documents = tuple(each for each in said if each not in elsewhere)
    overrides = sorted_out((each for each in documents if each.get("kind") == OVERRIDE), policies[0], site, found)
    return SafetyEquipment(site, enclosures, mounts, weather, policies[0], overrides, documents)


def _is_whole(found: Declared) -> bool:
    """Return whether everything stands where it says, and each name is borne once by each kind."""
    roofs = [each.document for each in found.of(Enclosure)]
    mounts, inputs = [each.document for each in found.of(Mount)], [each.document for each in found.of(Weather)]
    names = [(each.document.kind, each.document.name) for each in found.entries]
    return (
        len(set(names)) == len(names)
        and None not in [*(site_of(each, found) for each in roofs), *(site_of(each, found) for each in inputs)]
        and all(chosen(each.enclosure, roofs) is not None for each in mounts)
        and all(each.enclosure is None or chosen(each.enclosure, roofs) is not None for each in inputs)
    )


def _model(said: Said, root: Path) -> Document:
    return rooted(KINDS[str(said["kind"])].model_validate(said), root)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
