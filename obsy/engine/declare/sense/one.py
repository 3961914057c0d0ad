"""How many of each kind an observatory has in this version."""

from collections.abc import Iterator

from obsy.diagnostics import Diagnostic, Mark
from obsy.engine.declare.declared import Declared
from obsy.schemas.calibration import Calibration
from obsy.schemas.policy import Policy
from obsy.schemas.train import Train

ONCE = ("site", "enclosure", "mount", "night")
"""Several piers and several sites are a later version's."""
SOME = ("train", "weather", "calibration")
SECTIONS = ("safety", "quality", "retention")


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Complaints about what is missing, and about what is there twice."""
    for kind in (*ONCE, *SOME):
        found = [written for written in declared.written if written.kind == kind]
        if not found:
            folder = str(declared.root / _room(kind))
            words = (f"no {kind} is declared", f"a document with 'kind: {kind}'", f"add one to {folder}")
            yield Diagnostic(Mark(folder), "none-declared", *words)
        for second in found[1:] if kind in ONCE else ():
            words = (f"a second {kind}", f"one {kind} in this version", f"remove it, or the one at {found[0].at()}")
            yield Diagnostic(second.at("kind"), "one-too-many", *words)
    yield from _sections(declared)
    yield from _calibrations(declared)


def _sections(declared: Declared) -> Iterator[Diagnostic]:
    """Every section of the house rules stands in exactly one policy."""
    policies = declared.of(Policy)
    for section in SECTIONS:
        having = [entry for entry in policies if getattr(entry.document, section) is not None]
        if not having and declared.all_well("policy"):
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
    for bare in declared.of(Train) if declared.all_well("calibration") and seen else ():
        if bare.document.name not in seen:
            words = (f"no calibration of '{bare.document.name}'", "one for each train", "add one to library")
            yield bare.complain("none-declared", words, "name")


def _room(kind: str) -> str:
    return "library" if kind in ("night", "calibration") else "site"
