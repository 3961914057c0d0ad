"""What an observatory cannot do without, what it has once, and what must be said where there is a choice."""

from collections.abc import Iterator
from pathlib import Path

from obsy.diagnostics import Diagnostic, Mark
from obsy.engine.declare.declared import Declared, Entry
from obsy.schemas.calibration import Calibration
from obsy.schemas.policy import Policy
from obsy.schemas.site import Site
from obsy.schemas.train import Train

NEEDED = ("site", "enclosure", "mount", "night", "train", "weather", "calibration")
SECTIONS = ("safety", "quality", "retention")
MAY_SAY = ("value", "overheads")
"""A section that need not stand anywhere."""
STANDS = (
    ("enclosure", "site", "stands on"),
    ("enclosure", "night", "runs by"),
    ("mount", "enclosure", "stands in"),
    ("train", "mount", "is carried by"),
    ("weather", "site", "stands on"),
    ("output", "site", "tells of"),
)
"""A kind, the key that names what it belongs to, and how the two belong together."""


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Complaints about what is missing, what is there twice, and what leaves a choice."""
    for kind in NEEDED if declared.whole else ():
        if not any(written.kind == kind for written in declared.written):
            folder = str(declared.root / ("library" if kind in ("night", "calibration") else "site"))
            words = (f"no {kind} is declared", f"a document with 'kind: {kind}'", f"add one to {folder}")
            yield Diagnostic(Mark(folder), "none-declared", *words)
    for kind, key, belongs in STANDS:
        yield from _choices(declared, kind, key, belongs)
    yield from _sections(declared)
    yield from _calibrations(declared)
    yield from _folders(declared)


def _choices(declared: Declared, kind: str, key: str, belongs: str) -> Iterator[Diagnostic]:
    """What it belongs to may be left unsaid only where there is but one."""
    known = list(dict.fromkeys(declared.names(key)))
    for written in (entry.written for entry in declared.entries if len(known) > 1):
        if written.kind == kind and key not in written.value and "enclosure" not in written.value:
            words = (
                f"which {key} '{written.name}' {belongs} is not said",
                f"one of {', '.join(known)}",
                "add " + " or ".join(f"'{key}: {name}'" for name in known),
            )
            yield Diagnostic(written.at("name"), "which-one", *words)


def _sections(declared: Declared) -> Iterator[Diagnostic]:
    """Every section of the house rules stands in exactly one policy; some may be left out."""
    policies = declared.of(Policy)
    for section in (*SECTIONS, *MAY_SAY):
        having = [entry for entry in policies if getattr(entry.document, section) is not None]
        if not having and section in SECTIONS and declared.all_well("policy"):
            words = (
                f"no policy says anything of {section}",
                f"a policy with '{section}:'",
                f"add '{section}:' to a policy",
            )
            yield Diagnostic(Mark(str(declared.root / "site")), "none-declared", *words)
        for second in having[1:]:
            first = having[0].written.at(section)
            words = (f"a second {section}", f"one {section} in all policies", f"remove it, or the one at {first}")
            yield second.complain("one-too-many", words, section)


def _calibrations(declared: Declared) -> Iterator[Diagnostic]:
    """Every train has one calibration."""
    seen: dict[str, Mark] = {}
    for entry in declared.of(Calibration):
        train = entry.document.train
        if train in seen:
            words = (
                f"a second calibration of '{train}'",
                "one for each train",
                f"remove it, or the one at {seen[train]}",
            )
            yield entry.complain("one-too-many", words, "train")
        seen.setdefault(train, entry.written.at("train"))
    names = set(declared.names("train"))
    for bare in declared.of(Train) if declared.all_well("calibration") and seen and seen.keys() <= names else ():
        if bare.document.name not in seen:
            retired = bare.document.retired is not None
            why = ": 'obsy reduce' matches the frames it took with darks and flats by its ages and temperatures"
            each = "one for each train" + ", retired ones too" * retired
            words = (f"no calibration of '{bare.document.name}'", each, "add one to library" + why * retired)
            yield bare.complain("none-declared", words, "name")


def _folders(declared: Declared) -> Iterator[Diagnostic]:
    """Every site keeps its nights in a folder of its own, however it is spelt, and none inside another's."""
    seen: list[tuple[Path, Entry[Site]]] = []
    for entry in declared.of(Site):
        site = entry.document
        folder = (declared.root / site.data).resolve()
        for other, earlier in seen:
            first = earlier.document
            if first.name != site.name and (folder.is_relative_to(other) or other.is_relative_to(folder)):
                where = site.data if folder == other else f"{site.data}' and '{first.data}"
                words = (
                    f"the folder '{where}' for the data of '{first.name}' and of '{site.name}'",
                    "a folder for each site" if folder == other else "a folder for each site, none inside another",
                    _apart(entry, earlier, any(folder.glob("*"))),
                )
                yield entry.complain("folder-twice", words, "data" if "data" in entry.written.value else "name")
                break
        seen.append((folder, entry))


def _apart(entry: Entry[Site], earlier: Entry[Site], begun: bool) -> str:
    """Return the move to a folder of its own; of both sites, where one of them has taken something already."""
    own = f"{'write' if 'data' in entry.written.value else 'add'} 'data: data-{entry.document.name}'"
    other = f"'data: data-{earlier.document.name}' at {earlier.written.at('name')}"
    return f"{own}, or {other}: in the one that has no frames yet" if begun else own
