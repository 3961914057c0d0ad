"""How many of each kind an observatory has in this version."""

from collections.abc import Iterator

from obsy.diagnostics import Diagnostic, Mark
from obsy.engine.declare.declared import Declared
from obsy.schemas.policy import Policy

ONCE = ("site", "enclosure", "mount", "night")
"""Several piers and several sites are a later version's."""
SOME = ("train", "weather", "calibration")
SECTIONS = ("safety", "quality", "retention")


def check(declared: Declared) -> Iterator[Diagnostic]:
    """Complaints about what is missing, and about what is there twice."""
    for kind in (*ONCE, *SOME):
        found = [written for written in declared.written if written.kind == kind]
        if not found:
            words = (
                f"no {kind} is declared",
                f"a document with 'kind: {kind}'",
                f"add one to {declared.root / _room(kind)}",
            )
            yield Diagnostic(Mark(str(declared.root / _room(kind))), "none-declared", *words)
        for second in found[1:] if kind in ONCE else ():
            words = (f"a second {kind}", f"one {kind} in this version", f"remove it, or the one at {found[0].at()}")
            yield Diagnostic(second.at("kind"), "one-too-many", *words)
    yield from _sections(declared)


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


def _room(kind: str) -> str:
    return "library" if kind in ("night", "calibration") else "site"
